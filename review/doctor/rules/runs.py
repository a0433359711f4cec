"""How graphs are run and resumed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from review.doctor.asks import shown
from review.doctor.findings import Finding, Rule
from review.doctor.graphs import is_inside_a_graph, runs
from review.doctor.source import Source
from review.doctor.syntax import spreads

APPROVING = {
    *("approval", "approved", "approve", "rejected", "reject", "confirmed", "confirmation"),
    *("human_feedback", "human_input", "human_response", "human_answer"),
}
PERHAPS = {"decision", "verdict", "answer", "resume"}
BESIDE = {"notes", "reason", "content", "edited", "comment", "comments", "feedback", "message", "reviewer", "edits"}
APPROVING_NAME = re.compile(r"(approval|approved|rejection)(_\w+)?")
PERHAPS_NAME = re.compile(r"(decision|verdict|answer|human_\w+)(_\w+)?")
GRAPH_NAME = re.compile(r"(.*\.)?_?(\w+_)?(graph|workflow|agent|app)")

NO_THREAD = Rule(
    "run without thread id",
    "The checkpointer keeps a pause under its thread's id: LangGraph refuses to run without one, and nobody could "
    "resume the run.",
    'Give each run its thread: `config = {"configurable": {"thread_id": "..."}}` and `graph.invoke(input, config)`.',
)
NEW_INPUT = Rule(
    "resume by new input",
    "New input begins a new run: the question that waits is dropped without a word, and `interrupt()` never gets the "
    "answer.",
    "Resume with `graph.invoke(Command(resume=...), config)`; at a breakpoint use "
    "`graph.update_state(config, {...})` and then `graph.invoke(None, config)`.",
)


def no_thread(source: Source) -> Iterator[Finding]:
    """A graph with a checkpointer, run without `thread_id`."""
    for run in runs(source):
        if run.graph is None or not run.graph.checkpointer or spreads(run.call) or is_inside_a_graph(source, run.call):
            continue
        if run.config is None:
            yield NO_THREAD.at(source, run.call, f"`{shown(run.call)}` has no config, so it has no thread id.")
        elif _lacks_thread(source, run.config):
            what = f"The config of `{shown(run.call)}` has no `thread_id` in its `configurable`."
            yield NO_THREAD.at(source, run.call, what)


def new_input(source: Source) -> Iterator[Finding]:
    """An answer given as input; input given again, in the same block, to a thread that surely waits."""
    before: dict[tuple[object, str, str], bool] = {}
    for run in runs(source):
        if run.config is None:
            continue
        kind = _kind(source, run.input)
        block = source.parents[source.statement(run.call)]
        key = (block, ast.unparse(run.receiver), ast.unparse(run.config))
        waits = before.get(key, False) and run.graph is not None and run.graph.surely
        before[key] = kind in ("input", "answer", "perhaps")
        may_pause = run.graph.pauses if run.graph else bool(GRAPH_NAME.fullmatch(ast.unparse(run.receiver)))
        is_answer = kind == "answer" or (kind == "perhaps" and run.graph is not None)
        if not may_pause or not (is_answer or (before[key] and waits)):
            continue
        told = "an answer" if is_answer else "new input, though its thread waits,"
        yield NEW_INPUT.at(source, run.call, f"`{shown(run.call)}` gives {told} as input.")


def _kind(source: Source, given: ast.expr | None) -> str:
    """`answer`, `perhaps` one, `input`; `resume` for what continues the thread; `unknown`."""
    if given is None:
        return "unknown"
    if isinstance(given, ast.Name):
        parameter = source.parameter(given.id, given)
        value = None if parameter else source.value(given)
        if value is None:
            typed = parameter is not None and "Command" in ast.unparse(parameter.annotation or parameter)
            return "unknown" if typed else _kind_by_name(given.id)
        given = value
    if isinstance(given, ast.Constant) and given.value is None:
        return "resume"
    if isinstance(given, ast.Call):
        return "resume" if source.dotted(given.func).endswith("Command") else "unknown"
    if not isinstance(given, ast.Dict):
        return "unknown"
    keys = {key.value for key in given.keys if isinstance(key, ast.Constant)}
    if len(keys) < len(given.keys) or not keys <= APPROVING | PERHAPS | BESIDE:
        return "input"
    return "answer" if keys & APPROVING else "perhaps" if keys & PERHAPS else "input"


def _kind_by_name(name: str) -> str:
    """Of a variable whose value nobody knows."""
    if APPROVING_NAME.fullmatch(name):
        return "answer"
    return "perhaps" if PERHAPS_NAME.fullmatch(name) else "unknown"


def _lacks_thread(source: Source, config: ast.expr) -> bool:
    """Whether the config is written out, and nowhere has a thread id."""
    value = source.value(config)
    if not isinstance(value, ast.Dict) or (value is not config and _is_completed(source, config)):
        return False
    configurable = _entry(value, "configurable")
    if isinstance(configurable, ast.Name):
        configurable = source.value(configurable)
    if configurable is None:
        return all(isinstance(key, ast.Constant) for key in value.keys) and _entry(value, "configurable") is None
    if not isinstance(configurable, ast.Dict):
        return False
    keys = configurable.keys
    return all(isinstance(key, ast.Constant) for key in keys) and _entry(configurable, "thread_id") is None


def _entry(given: ast.Dict, name: str) -> ast.expr | None:
    for key, value in zip(given.keys, given.values, strict=True):
        if isinstance(key, ast.Constant) and key.value == name:
            return value
    return None


def _is_completed(source: Source, config: ast.expr) -> bool:
    """`config["configurable"] = ...` or `config.update(...)` somewhere: what is written out is not all of it."""
    text = ast.unparse(config)
    for node in source.nodes:
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and ast.unparse(node).startswith(text):
            return True
        if isinstance(node, ast.Attribute) and node.attr in ("update", "setdefault") and text in ast.unparse(node):
            return True
    return False


RULES = (no_thread, new_input)
