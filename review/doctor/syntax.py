"""Parts of Python's syntax, by themselves: what a statement sets, what a call is given, what runs in a body."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
OTHER_SCOPES = (*FUNCTIONS, ast.ClassDef, ast.Lambda)


def targets(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """What the statement or expression sets, each with its value where that is one expression."""
    match node:
        case ast.Assign(targets=several, value=value):
            yield from ((target, value) for target in several)
        case ast.AnnAssign(target=target, value=value) if value:
            yield target, value
        case ast.NamedExpr(target=target, value=value):
            yield target, value
        case ast.withitem(optional_vars=target, context_expr=value) if target:
            yield target, value
        case ast.AugAssign(target=target) | ast.For(target=target) | ast.AsyncFor(target=target):
            yield target, None


def arguments(function: Function) -> list[ast.arg]:
    """All its parameters, in order."""
    args = function.args
    rest = [arg for arg in (args.vararg, args.kwarg) if arg]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *rest]


def is_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


def own(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when a function's body runs: without the functions and classes that are only defined in it."""
    body = node.body if isinstance(node, FUNCTIONS) else ast.iter_child_nodes(node)
    for child in body:
        if not isinstance(child, OTHER_SCOPES):
            yield child
            yield from own(child)


def argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    """The argument at `place` or of that name; None where it is not given."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[place] if len(call.args) > place else None


def spreads(call: ast.Call) -> bool:
    """Whether `*args` or `**options` hide what is given."""
    return any(word.arg is None for word in call.keywords) or any(isinstance(arg, ast.Starred) for arg in call.args)
