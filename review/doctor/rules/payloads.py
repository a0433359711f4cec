"""What is given to `interrupt()`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from review.doctor.asks import ASK, asks_directly, shown
from review.doctor.effects import effect_of
from review.doctor.findings import Finding, Rule
from review.doctor.source import Source
from review.doctor.syntax import FUNCTIONS, argument
from review.versions import DEADLINE_KEYS

# What LangGraph's serialiser refuses: tried with the installed one.
REFUSED = {
    *("open", "object", "map", "filter", "zip", "range", "iter", "enumerate", "reversed", "complex"),
    *("threading.Lock", "threading.RLock", "threading.Event", "threading.Condition", "threading.Semaphore"),
    *("threading.Thread", "asyncio.Lock", "asyncio.Event", "asyncio.Queue", "queue.Queue", "socket.socket"),
    *("sqlite3.connect", "requests.Session", "httpx.Client", "httpx.AsyncClient", "logging.getLogger"),
}
VIEWS = {"keys", "values", "items"}

UNSERIALISABLE = Rule(
    "payload cannot be saved",
    "The payload is written to the checkpoint, and shown to a person who may answer days later in another process: "
    "this value cannot be written, so the run fails where it should pause.",
    "Put plain data there: text, numbers, lists and dicts of them.",
)
DEADLINE = Rule(
    "deadline in the payload",
    "The node runs again from its start on every resume, and so does this: the deadline moves. Countersign keeps the "
    "first one it saw; other clients do not.",
    "Set the deadline in a node before this one and keep it in the state, if it must hold everywhere.",
    note=True,
)


def unserialisable(source: Source) -> Iterator[Finding]:
    for call in source.calls:
        payload = payload_of(source, call)
        if payload is None:
            continue
        for part in _parts(source, payload):
            if told := _refused(source, part):
                yield UNSERIALISABLE.at(source, part, f"The payload has `{shown(part)}` in it: {told}.")


def moving_deadline(source: Source) -> Iterator[Finding]:
    for call in source.calls:
        for key, value in _deadlines(source, call):
            clocks = [node for node in _walk(source, value) if isinstance(node, ast.Call)]
            if any((effect := effect_of(source, node)) and effect.kind == "clock" for node in clocks):
                yield DEADLINE.at(source, value, f"`{key}` is computed anew in every run of the node.")


def payload_of(source: Source, call: ast.Call) -> ast.expr | None:
    """What `interrupt` is given."""
    if not asks_directly(source, call) or source.dotted(call.func) == ASK:
        return None
    return argument(call, 0, "value")


def payload_dict(source: Source, call: ast.Call) -> ast.Dict | None:
    """The payload where it is a dict that is written out."""
    payload = payload_of(source, call)
    value = source.value(payload) if payload is not None else None
    return value if isinstance(value, ast.Dict) else None


def is_deadline(source: Source, clock: ast.Call, ask: ast.Call) -> bool:
    """Whether `clock` does nothing but set a deadline in what `ask` is given."""
    values = [value for _, value in _deadlines(source, ask)]
    if any(clock in ast.walk(value) for value in values):
        return True
    for up in source.ancestors(clock):
        if isinstance(up, ast.Assign) and len(up.targets) == 1 and isinstance(up.targets[0], ast.Name):
            name, home = up.targets[0].id, source.function(clock)
            reads = [
                node
                for node in ast.walk(home or source.tree)
                if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
            ]
            return bool(reads) and all(any(read in ast.walk(value) for value in values) for read in reads)
    return False


def _deadlines(source: Source, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """The deadline keys of what the call gives to a person, in a dict or as an argument of `Request`."""
    given = payload_dict(source, call)
    if given:
        for key, value in zip(given.keys, given.values, strict=True):
            if isinstance(key, ast.Constant) and key.value in DEADLINE_KEYS:
                yield str(key.value), value
    elif source.dotted(call.func) == ASK and call.args:
        request = source.value(call.args[0])
        for word in request.keywords if isinstance(request, ast.Call) else ():
            if word.arg in DEADLINE_KEYS:
                yield str(word.arg), word.value


def _walk(source: Source, expr: ast.expr) -> Iterator[ast.AST]:
    """The expression's nodes, and those of what its names are set to."""
    for node in ast.walk(expr):
        yield node
        value = source.value(node) if isinstance(node, ast.Name) else None
        if value is not None:
            yield from ast.walk(value)


def _parts(source: Source, expr: ast.expr, depth: int = 8) -> Iterator[ast.expr]:
    """The values within dicts, lists and tuples that are written out."""
    match expr:
        case ast.Dict(values=several) | ast.List(elts=several) | ast.Tuple(elts=several) | ast.Set(elts=several):
            for each in several:
                yield from _parts(source, each, depth - 1)
        case ast.Name() | ast.Attribute() if depth and (value := source.value(expr)) is not None:
            if isinstance(value, ast.Dict | ast.List | ast.Tuple | ast.Set):
                yield from _parts(source, value, depth - 1)
            else:
                yield expr
        case _:
            yield expr


def _refused(source: Source, part: ast.expr) -> str | None:
    value = source.value(part)
    if isinstance(part, ast.Name) and (found := source.definition(part)) and not source.parameter(part.id, part):
        return "a function" if isinstance(found[1], FUNCTIONS) else "a class"
    match value:
        case ast.Lambda():
            return "a function"
        case ast.GeneratorExp():
            return "a generator"
        case ast.Call(func=ast.Attribute(attr=attr), args=[], keywords=[]) if attr in VIEWS and value is part:
            return "a view of a dict"
        case ast.Call(func=func) if source.dotted(func) in REFUSED and not _opened_by_with(source, part):
            return f"what `{shown(func)}` gives cannot be serialised"
    return None


def _opened_by_with(source: Source, part: ast.expr) -> bool:
    """A name that `with` sets need not be what it opened: only an open file is."""
    value = source.value(part)
    if value is None or not isinstance(source.parents.get(value), ast.withitem):
        return False
    return not (isinstance(value, ast.Call) and source.dotted(value.func) == "open")


RULES = (unserialisable, moving_deadline)
