"""What a project's expressions tell of its graphs: compiled how, with which nodes, run where."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from review.doctor.asks import asks, asks_of, decorated
from review.doctor.builders import added, chooses_the_next, method, options, steps_of, surely_asks
from review.doctor.source import Source
from review.doctor.syntax import FUNCTIONS, Function, argument, arguments, own, spreads

AGENTS = ("create_agent", "create_react_agent", "create_deep_agent")
BREAKPOINTS = ("interrupt_before", "interrupt_after")
RUNS = {
    *("invoke", "ainvoke", "stream", "astream", "batch", "abatch"),
    *("stream_events", "astream_events", "astream_log"),
}


@dataclass(frozen=True)
class Graph:
    """One compiled graph. checkpointer: None where it cannot be told, or comes from the parent graph. surely: it has no
    conditional way, so that each run pauses."""

    source: Source
    place: ast.AST
    checkpointer: bool | None
    breakpoints: bool
    asks: bool
    surely: bool = False

    @property
    def pauses(self) -> bool:
        return self.breakpoints or self.asks


@dataclass(frozen=True)
class Run:
    """A call that runs a graph; `graph` is None where it cannot be told which."""

    source: Source
    call: ast.Call
    receiver: ast.expr
    graph: Graph | None

    @property
    def input(self) -> ast.expr | None:
        return argument(self.call, 0, "input")

    @property
    def config(self) -> ast.expr | None:
        return argument(self.call, 1, "config")


def runs(source: Source) -> Iterator[Run]:
    """The calls that may run a graph, in the order of the file."""
    for call in source.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in RUNS:
            yield Run(source, call, call.func.value, graph_of(source, call.func.value))


def graph_of(source: Source, expr: ast.AST, depth: int = 6) -> Graph | None:
    """The graph that `expr` is."""
    if not depth:
        return None
    match expr:
        case ast.Await(value=value):
            return graph_of(source, value, depth)
        case ast.Call():
            return _called(source, expr, depth)
        case ast.Name() | ast.Attribute():
            return _named(source, expr, depth)
    return None


def is_inside_a_graph(source: Source, call: ast.Call) -> bool:
    """Whether a node, a task or a tool makes the call: LangGraph lends it the run's own config and checkpointer."""
    for up in source.ancestors(call):
        if isinstance(up, ast.Lambda):
            return True
        if isinstance(up, FUNCTIONS):
            names = {arg.arg for arg in arguments(up)}
            if names & {"state", "runtime"} or decorated(source, up, "task", "entrypoint", "tool"):
                return True
            if up.name in added(source) or (up.name == "execute" and source.class_of(up)):
                return True
    return False


def _named(source: Source, expr: ast.Name | ast.Attribute, depth: int) -> Graph | None:
    if isinstance(expr, ast.Name) and source.parameter(expr.id, expr):
        return None
    if source.values(expr):
        value = source.value(expr)
        graph = graph_of(source, value, depth - 1) if value is not None else None
        return replace(graph, checkpointer=None) if graph and _is_given_later(source, expr) else graph
    definition = source.definition(expr)
    if definition:
        home, function = definition
        is_entrypoint = decorated(home, function, "entrypoint")
        return _entrypoint(home, function) if is_entrypoint and isinstance(function, FUNCTIONS) else None
    return _imported(source, source.dotted(expr), depth)


def _imported(source: Source, name: str, depth: int) -> Graph | None:
    module, _, attribute = name.rpartition(".")
    home = source.project.module(module) if module else None
    if home is None or home is source or not home.tree.body:
        return None
    values = home.bindings(attribute, home.tree.body[0])
    if len(values) == 1 and values[0] is not None:
        return graph_of(home, values[0], depth - 1)
    return _imported(home, home.imports[attribute], depth - 1) if attribute in home.imports and depth else None


def _called(source: Source, call: ast.Call, depth: int) -> Graph | None:
    if isinstance(call.func, ast.Attribute):
        if call.func.attr == "compile":
            return _compiled(source, call, depth)
        if call.func.attr in ("with_config", "copy", "bind", "with_retry"):
            graph = graph_of(source, call.func.value, depth - 1)
            return replace(graph, checkpointer=None) if graph else None
    if source.dotted(call.func).rpartition(".")[2] in AGENTS:
        return _agent(source, call)
    definition = source.definition(call.func)
    if definition and isinstance(definition[1], FUNCTIONS):
        home, function = definition
        returned = [node.value for node in own(function) if isinstance(node, ast.Return) and node.value]
        return graph_of(home, returned[0], depth - 1) if len(returned) == 1 else None
    return None


def _compiled(source: Source, call: ast.Call, depth: int) -> Graph | None:
    assert isinstance(call.func, ast.Attribute)
    builder = call.func.value
    origin = source.origin(builder)
    given = {word.arg for word in call.keywords}
    known = "StateGraph()" in origin or "MessageGraph()" in origin
    if not known and not given & {"checkpointer", *BREAKPOINTS} and not steps_of(source, builder):
        return None
    steps = steps_of(source, builder)
    nodes = [arg for step in steps if method(step) == "add_node" for arg in [*step.args, *options(step)]]
    breakpoints = any(_is_set(argument(call, 99, name)) for name in BREAKPOINTS)
    return Graph(
        source,
        call,
        checkpointer=_checkpointer(source, call),
        breakpoints=breakpoints,
        asks=any(_may_ask(source, node, depth) for node in nodes),
        surely=not any(method(step) == "add_conditional_edges" or chooses_the_next(source, step) for step in steps)
        and (breakpoints or any(surely_asks(source, node) for node in nodes)),
    )


def _agent(source: Source, call: ast.Call) -> Graph:
    given = [*call.args, *options(call)]
    approves = any(
        isinstance(node, ast.Call) and source.dotted(node.func).endswith("HumanInTheLoopMiddleware")
        for each in given
        for node in ast.walk(source.value(each) or each)
    )
    return Graph(
        source,
        call,
        checkpointer=_checkpointer(source, call, place=99),
        breakpoints=any(_is_set(argument(call, 99, name)) for name in BREAKPOINTS),
        asks=approves or any(_may_ask(source, each, 2) for each in given),
    )


def _entrypoint(source: Source, function: Function) -> Graph:
    call = next((each for each in function.decorator_list if isinstance(each, ast.Call)), None)
    return Graph(
        source,
        function,
        checkpointer=_checkpointer(source, call, place=99) if call else False,
        breakpoints=False,
        asks=bool(asks_of(source, function)),
    )


def _checkpointer(source: Source, call: ast.Call, place: int = 0) -> bool | None:
    given = argument(call, place, "checkpointer")
    if given is None:
        return None if spreads(call) else False
    if isinstance(given, ast.Name):
        if source.parameter(given.id, given):
            return None
        values = source.values(given)
        given = values[0] if len(values) == 1 and values[0] is not None else given
    if isinstance(given, ast.Constant):
        return False if given.value in (None, False) else None
    return None if isinstance(given, ast.IfExp | ast.BoolOp) else True


def _is_given_later(source: Source, expr: ast.expr) -> bool:
    """`graph.checkpointer = ...`"""
    text = f"{ast.unparse(expr)}.checkpointer"
    stores = (node for node in source.nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store))
    return any(ast.unparse(node) == text for node in stores)


def _may_ask(source: Source, expr: ast.expr, depth: int) -> bool:
    """Whether what is given as a node (or in a list of tools) asks: a function, an object of a class, a graph."""
    for node in ast.walk(expr):
        if isinstance(node, ast.Call) and asks(source, node):
            return True
        if not isinstance(node, ast.Name | ast.Attribute):
            continue
        value = source.value(node)
        found = source.definition(value.func if isinstance(value, ast.Call) else node)
        if found and any(isinstance(each, ast.Call) and asks(found[0], each) for each in _runs_of(found[1])):
            return True
        if depth and (graph := graph_of(source, node, depth - 1)) and graph.pauses:
            return True
        several = value.elts if depth and isinstance(value, ast.List | ast.Tuple) else []
        if any(_may_ask(source, each, depth - 1) for each in several):
            return True
    return False


def _runs_of(definition: ast.AST) -> Iterator[ast.AST]:
    """What runs in a function; in all methods of a class."""
    if isinstance(definition, FUNCTIONS):
        yield from own(definition)
    elif isinstance(definition, ast.ClassDef):
        for method in definition.body:
            if isinstance(method, FUNCTIONS):
                yield from own(method)


def _is_set(value: ast.expr | None) -> bool:
    empty = isinstance(value, ast.List | ast.Tuple) and not value.elts
    return value is not None and not empty and not (isinstance(value, ast.Constant) and value.value is None)
