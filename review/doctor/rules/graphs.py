"""Graphs that pause and cannot."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from review.doctor.asks import shown
from review.doctor.findings import Finding, Rule
from review.doctor.graphs import BREAKPOINTS, is_inside_a_graph, runs
from review.doctor.source import Source
from review.doctor.syntax import argument

NO_CHECKPOINTER = Rule(
    "no checkpointer",
    "A pause is kept by the checkpointer. Without one `interrupt()` raises, a breakpoint stops for good, and nothing "
    "can be resumed.",
    "Compile it with one: `builder.compile(checkpointer=InMemorySaver())`, or a saver that lasts. (A graph that "
    "langgraph.json serves needs none of its own; this project also runs it itself.)",
)


def no_checkpointer(source: Source) -> Iterator[Finding]:
    """A graph that pauses, compiled without a checkpointer and run by the same project."""
    for run in runs(source):
        graph = run.graph
        if graph is None or graph.checkpointer is not False or is_inside_a_graph(source, run.call):
            continue
        at_the_run = any(argument(run.call, 99, name) is not None for name in BREAKPOINTS)
        if graph.pauses or at_the_run:
            how = "has breakpoints" if graph.breakpoints or at_the_run else "has nodes that ask"
            what = f"The graph {how}, has no checkpointer, and is run by `{shown(run.call.func)}` in {run.source.name}."
            yield NO_CHECKPOINTER.at(graph.source, _line(graph.place), what)


def _line(place: ast.AST) -> ast.AST:
    """Of a chain of calls, the last one."""
    return place.func if isinstance(place, ast.Call) and isinstance(place.func, ast.Attribute) else place


RULES = (no_checkpointer,)
