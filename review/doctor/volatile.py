"""Data that may be another one when a node runs again, and which calls that ask depend on it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from review.doctor.asks import is_kept
from review.doctor.effects import volatile_call
from review.doctor.flow import TRIES
from review.doctor.source import Source
from review.doctor.syntax import FUNCTIONS, OTHER_SCOPES, Function, is_self, own, targets

MUTATORS = {"append", "appendleft", "extend", "insert", "add", "pop", "popleft", "popitem", "remove", "clear"}
LEAVES = (ast.Return, ast.Raise, ast.Break, ast.Continue)
ENDS = (ast.Return, ast.Raise)
LOOPS = (ast.For, ast.AsyncFor, ast.While)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Volatile:
    """Of one function: which of its expressions may change between two runs."""

    def __init__(self, source: Source, function: Function) -> None:
        self._source, self._function = source, function
        self._names: dict[str, str] = {}
        while self._spread():
            pass

    def cause(self, expr: ast.AST) -> str | None:
        """What makes the value of `expr` change, as a sentence names it; None where nothing does."""
        if isinstance(expr, OTHER_SCOPES):
            return None
        if isinstance(expr, ast.Call):
            if is_kept(self._source, expr):
                return None
            if told := volatile_call(self._source, expr):
                return told
        if isinstance(expr, ast.Name) and isinstance(expr.ctx, ast.Load):
            return self._names.get(expr.id) or self._shared(expr)
        if isinstance(expr, ast.Attribute) and is_self(expr.value) and expr.attr in self._changing_attributes:
            return f"`self.{expr.attr}`, which the object keeps changing"
        return next((told for child in ast.iter_child_nodes(expr) if (told := self.cause(child))), None)

    def control(self, ask: ast.Call) -> str | None:
        """What may change whether, or how often, the function comes to `ask`."""
        for expr in self._controls(ask):
            if told := self.cause(expr):
                return told
        return next((told for loop in self._around(ask, LOOPS) if (told := self._unordered(loop))), None)

    def _controls(self, ask: ast.Call) -> Iterator[ast.AST]:
        child: ast.AST = ask
        for up in self._around(ask):
            match up:
                case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) if child is not test:
                    yield test
                case ast.For(iter=iterable) | ast.AsyncFor(iter=iterable) if child is not iterable:
                    yield iterable
                case ast.Match(subject=subject):
                    yield subject
                case ast.BoolOp(values=values) if isinstance(child, ast.expr):
                    yield from values[: values.index(child)]
                case _ if isinstance(up, COMPREHENSIONS) and not isinstance(child, ast.comprehension):
                    yield from (part for each in up.generators for part in (each.iter, *each.ifs))
                case _ if isinstance(up, TRIES) and isinstance(child, ast.ExceptHandler):
                    yield from up.body
            if isinstance(up, LOOPS):
                yield from (node.test for node in own(up) if isinstance(node, ast.If) and _leaves(node))
            yield from _left_before(up, child)
            child = up

    def _around(self, node: ast.AST, kinds: tuple[type[ast.AST], ...] = (ast.AST,)) -> Iterator[ast.AST]:
        """What stands around `node` within the function, the function included."""
        for up in self._source.ancestors(node):
            if isinstance(up, kinds):
                yield up
            if up is self._function:
                return

    def _unordered(self, loop: ast.AST) -> str | None:
        """A set of texts has another order in another process."""
        if not isinstance(loop, ast.For):
            return None
        value = self._source.value(loop.iter)
        is_set = isinstance(value, ast.Set | ast.SetComp) or (
            isinstance(value, ast.Call) and self._source.dotted(value.func) in ("set", "frozenset")
        )
        return f"the order of the set `{ast.unparse(loop.iter)}`, another one in every process" if is_set else None

    def _spread(self) -> bool:
        """Names that are set to something volatile are volatile themselves; whether there are new ones."""
        new: dict[str, str] = {}
        for node in own(self._function):
            for target, value in _set(node):
                if value is not None and (told := self.cause(value)):
                    names = (each.id for each in ast.walk(target) if isinstance(each, ast.Name))
                    new |= {name: told for name in names if name not in self._names}
        self._names |= new
        return bool(new)

    def _shared(self, name: ast.Name) -> str | None:
        """A variable of the module that some function changes: it lives as long as the process, not as the thread."""
        source = self._source
        local = source.bindings(name.id, name) != source.bindings(name.id, source.tree.body[0])
        if source.parameter(name.id, name) or (local and not self._is_global(name.id)):
            return None
        changed = name.id in self._changing_globals
        return f"`{name.id}`, a variable of the module that functions change" if changed else None

    def _is_global(self, name: str) -> bool:
        return any(isinstance(node, ast.Global) and name in node.names for node in own(self._function))

    @cached_property
    def _changing_globals(self) -> set[str]:
        """Variables of the module that this function changes, or that another one adds to or takes from."""
        source = self._source
        changed: set[str] = set()
        for function in source.functions:
            for node in own(function):
                if isinstance(node, ast.Global):
                    changed |= set(node.names)
                name = _mutated(node, any_way=function is self._function)
                if isinstance(name, ast.Name) and not source.parameter(name.id, name):
                    values = source.bindings(name.id, name)
                    if values and values == source.bindings(name.id, source.tree.body[0]):
                        changed.add(name.id)
        return changed

    @cached_property
    def _changing_attributes(self) -> set[str]:
        """Attributes of the object that this method changes, or that another one counts, adds to or takes from."""
        owner = self._source.class_of(self._function)
        changed: set[str] = set()
        for method in owner.body if owner else ():
            if not isinstance(method, FUNCTIONS) or method.name in ("__init__", "__post_init__", "__new__"):
                continue
            here = method is self._function
            for node in own(method):
                touched = [_mutated(node, any_way=here)]
                touched += [target for target, _ in targets(node) if here or isinstance(node, ast.AugAssign)]
                changed |= {each.attr for each in touched if isinstance(each, ast.Attribute) and is_self(each.value)}
        return changed


def _set(node: ast.AST) -> list[tuple[ast.expr, ast.expr | None]]:
    """What the node sets, with what its value comes from."""
    if isinstance(node, ast.For | ast.AsyncFor):
        return [(node.target, node.iter)]
    return [(node.target, node.value)] if isinstance(node, ast.AugAssign) else list(targets(node))


def _mutated(node: ast.AST, *, any_way: bool) -> ast.expr | None:
    """What `x.append(...)` changes; in any way, also `x[...] = ...`, `del x[...]` and `x.update(...)`."""
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in MUTATORS or (any_way and attr == "update"):
            return value
        case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()) if any_way:
            return value
    return None


def _left_before(block: ast.AST, child: ast.AST) -> Iterator[ast.AST]:
    """The conditions under which a statement before `child`, in the same block, leaves it."""
    for field in ("body", "orelse", "finalbody"):
        statements = getattr(block, field, None)
        if isinstance(statements, list) and child in statements:
            before = statements[: statements.index(child)]
            for each in before:
                if isinstance(each, ast.If) and _leaves(each):
                    yield each.test
                yield from (inner.test for inner in own(each) if isinstance(inner, ast.If) and _leaves(inner, ENDS))


def _leaves(node: ast.If, by: tuple[type[ast.stmt], ...] = LEAVES) -> bool:
    return any(isinstance(last, by) for block in (node.body, node.orelse) for last in block[-1:])
