"""What a node does with the answer."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from review.doctor.asks import asks_directly
from review.doctor.findings import Finding, Rule
from review.doctor.rules.payloads import payload_dict
from review.doctor.source import Source
from review.doctor.syntax import argument

# Words by which an answer says yes or no. Reading any of them is enough.
VERDICTS = {
    *("approved", "approve", "approval", "accepted", "accept", "rejected", "reject", "decision", "decisions"),
    *("verdict", "action", "type", "status", "ok", "confirmed", "confirm", "publish", "choice", "response"),
}

UNREAD = Rule(
    "draft published whatever the answer",
    "A draft can be rejected: the answer is then `{approved: False, reason}`, without a text. This node goes on with "
    "the draft as if it had been approved.",
    'Read `approved` first: `if not answer.get("approved"): return {"status": "rejected", "reason": '
    'answer.get("reason")}`.',
)


def verdict_unread(source: Source) -> Iterator[Finding]:
    """Asks about a `draft`, takes parts of the answer, and never its verdict."""
    for call in source.calls:
        if not asks_directly(source, call) or argument(call, 1, "response_schema") is not None:
            continue
        payload = payload_dict(source, call)
        if payload is None or not _has_draft(payload):
            continue
        read = _read_keys(source, call)
        if read is not None and not read & VERDICTS:
            taken = ", ".join(f"`{key}`" for key in sorted(read)) or "nothing"
            yield UNREAD.at(source, call, f"The answer about a draft is not asked whether it approves; read: {taken}.")


def _has_draft(payload: ast.Dict) -> bool:
    return any(isinstance(key, ast.Constant) and key.value == "draft" for key in payload.keys)


def _read_keys(source: Source, call: ast.Call) -> set[str] | None:
    """The keys that are read from the answer; None where it is handed on whole, so that nobody can tell."""
    answer: ast.AST = call
    while isinstance(source.parents.get(answer), ast.Await):
        answer = source.parents[answer]
    parent = source.parents.get(answer)
    if isinstance(parent, ast.Expr):
        return set()
    if isinstance(parent, ast.NamedExpr):
        return None
    name = parent.targets[0] if isinstance(parent, ast.Assign) else getattr(parent, "target", None)
    if not isinstance(name, ast.Name):
        key = _key(source, answer)
        return None if key is None else {key}
    home = source.function(call) or source.tree
    uses = [
        node
        for node in ast.walk(home)
        if isinstance(node, ast.Name) and node.id == name.id and isinstance(node.ctx, ast.Load)
    ]
    keys = [_key(source, use) for use in uses if not _is_checked(source, use)]
    return None if None in keys else {key for key in keys if key}


def _is_checked(source: Source, use: ast.AST) -> bool:
    """`isinstance(answer, dict)` reads nothing."""
    parent = source.parents.get(use)
    return isinstance(parent, ast.Call) and source.dotted(parent.func) == "isinstance"


def _key(source: Source, use: ast.AST) -> str | None:
    """`x` in `answer["x"]`, `answer.get("x")`, `"x" in answer` and `answer.x`."""
    parent = source.parents.get(use)
    match parent:
        case ast.Subscript(slice=ast.Constant(value=str() as key)):
            return key
        case ast.Attribute(attr="get" | "pop") if isinstance(call := source.parents.get(parent), ast.Call):
            first = call.args[0] if call.args else None
            return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
        case ast.Attribute(attr=attr):
            return attr
        case ast.Compare(left=ast.Constant(value=str() as key), ops=[ast.In() | ast.NotIn()]):
            return key
    return None


RULES = (verdict_unread,)
