"""How a graph is put together: the calls on its builder, and the functions that they add."""

from __future__ import annotations

import ast

from review.doctor.asks import asks_of
from review.doctor.source import Source
from review.doctor.syntax import FUNCTIONS


def steps_of(source: Source, builder: ast.expr) -> list[ast.Call]:
    """The calls that build the graph: on the same name in the same scope, and in the chains that they begin."""
    root, steps = _chain(builder)
    if not isinstance(root, ast.Name | ast.Attribute):
        return steps
    name, home = ast.unparse(root), _home(source, root)
    for value in source.values(root):
        steps += _chain(value)[1] if value is not None else []
    for call in source.calls:
        first, chain = _chain(call)
        if method(call).startswith("add_") and ast.unparse(first) == name and _home(source, first) is home:
            steps += chain
    return steps


def chooses_the_next(source: Source, step: ast.Call) -> bool:
    """Whether the step adds a node that chooses the next one itself, or one that cannot be looked into."""
    if method(step) != "add_node" or not step.args or isinstance(step.args[-1], ast.Lambda):
        return False
    found = source.definition(step.args[-1])
    if found is None or not isinstance(found[1], FUNCTIONS):
        return True
    return any(found[0].dotted(call.func).endswith("Command") for call in found[0].calls_of(found[1]))


def surely_asks(source: Source, node: ast.expr) -> bool:
    """A function that asks in its body, behind nothing but plain statements."""
    found = source.definition(node)
    if found is None or not isinstance(found[1], FUNCTIONS):
        return False
    home, function = found[0], found[1]
    first = next((home.statement(call) for call in asks_of(home, function)), None)
    if first not in function.body:
        return False
    plain = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)
    return isinstance(first, (*plain, ast.Return)) and all(
        isinstance(each, plain) for each in function.body[: function.body.index(first)]
    )


def added(source: Source) -> set[str]:
    """Names of the functions that are given to `add_node` somewhere in the file."""
    steps = (call for call in source.calls if method(call) == "add_node")
    given = (node for call in steps for arg in [*call.args, *options(call)] for node in ast.walk(arg))
    return {
        node.id if isinstance(node, ast.Name) else node.attr
        for node in given
        if isinstance(node, ast.Name | ast.Attribute)
    }


def method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def options(call: ast.Call) -> list[ast.expr]:
    return [word.value for word in call.keywords]


def _chain(expr: ast.expr) -> tuple[ast.expr, list[ast.Call]]:
    """`x.a().b()` as x and its calls."""
    steps = []
    while isinstance(expr, ast.Call) and isinstance(expr.func, ast.Attribute):
        steps.append(expr)
        expr = expr.func.value
    return expr, steps


def _home(source: Source, root: ast.expr) -> ast.AST | None:
    """Where a builder of that name is one and the same: a class for `self.builder`, else the function."""
    return source.class_of(root) if isinstance(root, ast.Attribute) else source.function(root)
