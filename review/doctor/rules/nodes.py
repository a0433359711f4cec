"""What stands around `interrupt()` in its node, which runs again from its start when the answer comes."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from review.doctor.asks import ONCE, askers, is_kept, name_of, shown
from review.doctor.effects import effect_of
from review.doctor.findings import Finding, Rule
from review.doctor.flow import Flow
from review.doctor.rules.payloads import is_deadline
from review.doctor.source import Source
from review.doctor.syntax import FUNCTIONS
from review.doctor.volatile import Volatile

BROAD = {"Exception", "BaseException", "GraphInterrupt", "GraphBubbleUp"}
OWN = ("GraphInterrupt", "GraphBubbleUp")
WORKS = {"invoke", "ainvoke", "run", "arun", "execute", "process", "generate", "agenerate"}

SWALLOWED = Rule(
    "interrupt swallowed",
    "`interrupt()` pauses the graph by raising `GraphInterrupt`, an `Exception`: the handler catches it, so the graph "
    "runs on without having asked anybody.",
    "Move `interrupt()` out of the `try`, catch only what you expect, or put `except GraphInterrupt: raise` first.",
)
REPEATED = Rule(
    "effect before interrupt",
    "When the answer comes, LangGraph runs the node again from its start: what stands before `interrupt()` happens "
    "once more, or gives another value than the one that the reviewer saw.",
    "Move it into a node (or a `@task`) of its own before this one, or behind the answer; an action can be wrapped in "
    "`review.contract.once(...)`.",
)
CHANGING = Rule(
    "interrupt depends on changing data",
    "LangGraph matches answers to `interrupt()` calls by their order in the node. If the second run takes another way, "
    "the answer goes to another question, or to none.",
    "Decide in a node before this one and keep the result in the state; then loop or branch on the state, or on the "
    "answers alone.",
)
BETWEEN = Rule(
    "work between interrupts",
    "The second question runs the node again from its start, so that the work between the two is done once more.",
    "If it costs time or money, ask the second question in a node of its own.",
    note=True,
)


def swallowed(source: Source) -> Iterator[Finding]:
    for _, calls in askers(source):
        for call in calls:
            if told := _catcher(source, call):
                yield SWALLOWED.at(source, call, f"{name_of(call)} stands in {told}.")


def repeated(source: Source) -> Iterator[Finding]:
    """Effects before a call that asks, and work between two of them."""
    for function, calls in askers(source):
        flow = Flow(function, lambda call: True)
        effects = {call: effect for call in flow.before if call not in calls and (effect := effect_of(source, call))}
        for call, effect in effects.items():
            after = [ask for ask in calls if call in flow.before.get(ask, ())]
            if after and not all(is_deadline(source, call, ask) for ask in after):
                what = f"{effect.told} ({effect.kind}) runs before {name_of(after[0])} in line {after[0].lineno}."
                yield REPEATED.at(source, call, what)
        yield from _between(source, calls, flow, effects)


def changing(source: Source) -> Iterator[Finding]:
    for function, calls in askers(source):
        volatile = Volatile(source, function)
        for call in calls:
            if told := volatile.control(call):
                yield CHANGING.at(source, call, f"Whether, or how often, {name_of(call)} is reached depends on {told}.")


def _between(source: Source, calls: list[ast.Call], flow: Flow, effects: object) -> Iterator[Finding]:
    for ask in calls:
        for earlier in (each for each in calls if each is not ask and each in flow.before.get(ask, ())):
            for call in sorted(flow.before[ask], key=lambda each: (each.lineno, each.col_offset)):
                if call in calls or earlier not in flow.before.get(call, ()) or call in effects:  # type: ignore[operator]
                    continue
                if _is_work(source, call):
                    what = (
                        f"`{shown(call)}` runs between {name_of(earlier)} in line {earlier.lineno} and {name_of(ask)}."
                    )
                    yield BETWEEN.at(source, ask, what)
                    break


def _is_work(source: Source, call: ast.Call) -> bool:
    """Calls into this project or another library; not the methods of plain values, nor making an object."""
    if is_kept(source, call):
        return False
    if isinstance(call.func, ast.Attribute) and call.func.attr in WORKS:
        return True
    found = source.definition(call.func)
    if found:
        return isinstance(found[1], FUNCTIONS)
    name = source.dotted(call.func)
    root = call.func
    while isinstance(root, ast.Attribute):
        root = root.value
    imported = isinstance(root, ast.Name) and root.id in source.imports
    library = name.split(".")[0] not in sys.stdlib_module_names
    return imported and library and name.rpartition(".")[2][:1].islower() and name not in ONCE


def _catcher(source: Source, ask: ast.Call) -> str | None:
    """What around the call would catch `GraphInterrupt`, as a sentence names it."""
    child: ast.AST = ask
    for up in source.ancestors(ask):
        if isinstance(up, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            return None
        if isinstance(up, ast.Try | ast.TryStar) and child in up.body:
            caught = next((each for each in up.handlers if _caught(each)), None)
            if caught and not _raises_again(caught):
                name = f"except {ast.unparse(caught.type)}" if caught.type else "except"
                return f"a `try` whose `{name}` (line {caught.lineno}) catches what it raises"
            if caught:
                return None
        if isinstance(up, ast.With | ast.AsyncWith) and child in up.body:
            for item in up.items:
                call = item.context_expr
                if not isinstance(call, ast.Call) or not source.dotted(call.func).endswith("suppress"):
                    continue
                if any(_names(arg) & BROAD for arg in call.args):
                    return f"`with {shown(call)}`"
        child = up
    return None


def _caught(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or bool(_names(handler.type) & BROAD)


def _names(node: ast.AST) -> set[str]:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return {ast.unparse(part).rpartition(".")[2] for part in parts}


def _raises_again(handler: ast.ExceptHandler) -> bool:
    """The handler ends by raising what it caught, or does so for LangGraph's own."""
    for node in ast.walk(handler):
        if isinstance(node, ast.If) and any(name in ast.unparse(node.test) for name in OWN):
            return True
    return any(_is_same(last, handler) for last in handler.body[-1:])


def _is_same(node: ast.stmt, handler: ast.ExceptHandler) -> bool:
    if not isinstance(node, ast.Raise):
        return False
    return node.exc is None or (isinstance(node.exc, ast.Name) and node.exc.id == handler.name)


RULES = (swallowed, repeated, changing)
