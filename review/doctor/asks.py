"""Which calls pause the graph to ask a person."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from review.doctor.source import Source
from review.doctor.syntax import FUNCTIONS, Function

ASK = "review.contract.ask"
ONCE = ("review.contract.once", "review.contract.aonce")


def asks_directly(source: Source, call: ast.Call) -> bool:
    """`interrupt(...)`, wherever it was imported from, and `review.contract.ask(...)`."""
    name = source.dotted(call.func)
    if name == ASK or (name.startswith("langgraph.") and name.endswith(".interrupt")):
        return True
    if name != "interrupt" or source.parameter(name, call):
        return False
    return source.definition(call.func) is None and not source.values(call.func)


def asks(source: Source, call: ast.Call) -> bool:
    """Also the call of a helper of this project that asks."""
    if call not in source.asking:
        helper = None if (direct := asks_directly(source, call)) else helper_of(source, call)
        source.asking[call] = direct or (helper is not None and asks_itself(*helper))
    return source.asking[call]


def asks_itself(source: Source, function: Function) -> bool:
    return any(asks_directly(source, call) for call in source.calls_of(function))


def asks_of(source: Source, function: Function) -> list[ast.Call]:
    """The calls in the function's own body that ask."""
    return [call for call in source.calls_of(function) if asks(source, call)]


def askers(source: Source) -> Iterator[tuple[Function, list[ast.Call]]]:
    """Every function that asks, with the calls that do."""
    return ((function, found) for function in source.functions if (found := asks_of(source, function)))


def helper_of(source: Source, call: ast.Call) -> tuple[Source, Function] | None:
    """The function of this project that the call runs there and then."""
    found = source.definition(call.func)
    if found and isinstance(found[1], FUNCTIONS) and not decorated(*found, "entrypoint"):
        return found[0], found[1]
    return None


def decorated(source: Source, function: ast.AST, *names: str) -> bool:
    """Whether a decorator of one of these names stands above it, with arguments or without."""
    if not isinstance(function, FUNCTIONS):
        return False
    dotted = [source.dotted(each).removesuffix("()") for each in function.decorator_list]
    return any(name.rpartition(".")[2] in names for name in dotted)


def is_kept(source: Source, call: ast.Call) -> bool:
    """Whether the call's result stays the same on a re-run: an answer, a task's result, an action done once."""
    if source.dotted(call.func) in ONCE or asks(source, call):
        return True
    helper = helper_of(source, call)
    return helper is not None and decorated(*helper, "task")


def shown(node: ast.AST) -> str:
    """The code in one short line."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def name_of(call: ast.Call) -> str:
    """How the call is called in a sentence: `interrupt()`, `self._ask()`."""
    return f"`{shown(call.func)}()`"
