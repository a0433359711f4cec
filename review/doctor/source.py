"""One Python file: its syntax tree, and what its names stand for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from review.doctor.syntax import FUNCTIONS, Definition, Function, arguments, is_self, targets

if TYPE_CHECKING:
    from review.doctor.project import Project


class Source:
    """`name` is the path as findings show it, `module` the dotted name that its absolute path gives."""

    def __init__(self, path: Path, name: str, tree: ast.Module, project: Project) -> None:
        self.path, self.name, self.tree, self.project = path, name, tree, project
        parts = path.with_suffix("").parts[1:]
        self.package = ".".join(parts[:-1])
        self.module = self.package if parts[-1] == "__init__" else ".".join(parts)
        self.asking: dict[ast.Call, bool] = {}  # what `asks` has found out so far

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}

    @cached_property
    def functions(self) -> list[Function]:
        return [node for node in self.nodes if isinstance(node, FUNCTIONS)]

    @cached_property
    def calls(self) -> list[ast.Call]:
        """Every call, in the order of the file."""
        found = [node for node in self.nodes if isinstance(node, ast.Call)]
        return sorted(found, key=lambda call: (call.lineno, call.col_offset))

    @cached_property
    def _calls_of(self) -> dict[ast.AST | None, list[ast.Call]]:
        found: dict[ast.AST | None, list[ast.Call]] = {}
        for call in self.calls:
            found.setdefault(self.function(call), []).append(call)
        return found

    def calls_of(self, function: Function) -> list[ast.Call]:
        """The calls in the function's own body."""
        return self._calls_of.get(function, [])

    # Where a node stands.

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        while node in self.parents:
            node = self.parents[node]
            yield node

    def function(self, node: ast.AST) -> Function | None:
        """The function whose body runs `node`; None at the level of a module or a class, and in a lambda."""
        child = node
        for up in self.ancestors(node):
            if isinstance(up, ast.Lambda | ast.ClassDef):
                return None
            # A default or a decorator is evaluated outside the function that it belongs to.
            if isinstance(up, FUNCTIONS) and child in up.body:
                return up
            child = up
        return None

    def statement(self, node: ast.AST) -> ast.AST:
        """The statement that `node` is part of."""
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        return next((up for up in self.ancestors(node) if isinstance(up, ast.ClassDef)), None)

    def scopes(self, node: ast.AST) -> Iterator[ast.AST]:
        """The scopes in which a name at `node` is looked up, the innermost first."""
        child = node
        for up in self.ancestors(node):
            if isinstance(up, ast.Module) or (isinstance(up, FUNCTIONS) and child in up.body):
                yield up
            child = up

    # What a name stands for.

    def bindings(self, name: str, at: ast.AST) -> list[ast.expr | None]:
        """What `name` is set to in the nearest scope that sets it; None where that cannot be told."""
        return next((self._bound[up][name] for up in self.scopes(at) if name in self._bound.get(up, ())), [])

    def parameter(self, name: str, at: ast.AST) -> ast.arg | None:
        """The parameter that `name` is, where no nearer scope sets it."""
        for up in self.scopes(at):
            if isinstance(up, FUNCTIONS):
                for arg in arguments(up):
                    if arg.arg == name:
                        return arg
            if name in self._bound.get(up, ()) or name in self._defined.get(up, ()):
                return None
        return None

    def attributes(self, node: ast.Attribute) -> list[ast.expr | None]:
        """What `self.x` is set to in its class."""
        owner = self.class_of(node) if is_self(node.value) else None
        return self._bound.get(owner, {}).get(node.attr, []) if owner else []

    def values(self, expr: ast.expr) -> list[ast.expr | None]:
        """What a name or `self.x` is set to; the expression itself where it is neither."""
        if isinstance(expr, ast.Name):
            return [] if self.parameter(expr.id, expr) else self.bindings(expr.id, expr)
        return self.attributes(expr) if isinstance(expr, ast.Attribute) else [expr]

    def value(self, expr: ast.expr) -> ast.expr | None:
        """The value that `expr` has, followed through names; None where it may be one of several, or nobody knows."""
        for _ in range(5):
            if not isinstance(expr, ast.Name | ast.Attribute):
                return expr
            found = self._last(self.values(expr), expr)
            if found is None:
                return None
            expr = found
        return None

    def _last(self, values: list[ast.expr | None], use: ast.expr) -> ast.expr | None:
        """The only one; of several that one block sets one after another, the one that was set last before `use`."""
        if len(values) < 2:
            return values[0] if values else None
        home = self.function(use) or self.tree
        before: list[ast.expr] = []
        for value in values:
            if value is None or self.parents.get(self.statement(value)) is not home:
                return None
            if value.lineno < use.lineno:
                before.append(value)
        return before[-1] if before else None

    def dotted(self, expr: ast.AST) -> str:
        """`a.b.c` with imports resolved; a call adds `()`."""
        match expr:
            case ast.Name():
                return self.imports.get(expr.id, expr.id)
            case ast.Attribute():
                return f"{self.dotted(expr.value)}.{expr.attr}"
            case ast.Call():
                return f"{self.dotted(expr.func)}()"
            case ast.Await():
                return self.dotted(expr.value)
        return "?"

    def origin(self, expr: ast.AST, depth: int = 5) -> str:
        """`dotted`, with names followed to what they are set to: `httpx.Client().post` for `client.post`."""
        match expr:
            case ast.Name(id=name) if depth and name not in self.imports:
                if parameter := self.parameter(name, expr):
                    return f"{self.dotted(parameter.annotation)}()" if parameter.annotation else name
                value = self.value(expr)
                return self.origin(value, depth - 1) if value is not None else name
            case ast.Attribute(attr=attr):
                value = self.value(expr) if depth and is_self(expr.value) else None
                return self.origin(value, depth - 1) if value else f"{self.origin(expr.value, depth)}.{attr}"
            case ast.Call(func=func):
                return f"{self.origin(func, depth)}()"
            case ast.Await(value=value):
                return self.origin(value, depth)
        return self.dotted(expr)

    def definition(self, expr: ast.AST) -> tuple[Source, Definition] | None:
        """The function or class of this project that `expr` names."""
        if isinstance(expr, ast.Name):
            for scope in self.scopes(expr):
                if found := self._defined.get(scope, {}).get(expr.id):
                    return self, found
                if expr.id in self._bound.get(scope, ()):
                    return None
        elif isinstance(expr, ast.Attribute) and is_self(expr.value):
            owner = self.class_of(expr)
            return self.method(owner, expr.attr) if owner else None
        name = self.dotted(expr)
        return self.project.definition(name) if "." in name and "(" not in name else None

    def method(self, owner: ast.ClassDef, name: str, depth: int = 4) -> tuple[Source, Function] | None:
        """The method of that name, of the class or of a base class in this project."""
        own = self._defined.get(owner, {}).get(name)
        if isinstance(own, FUNCTIONS):
            return self, own
        for base in owner.bases if depth else ():
            found = self.definition(base)
            if found and isinstance(found[1], ast.ClassDef) and (got := found[0].method(found[1], name, depth - 1)):
                return got
        return None

    def defined(self, name: str) -> Definition | None:
        return self._defined.get(self.tree, {}).get(name)

    @cached_property
    def imports(self) -> dict[str, str]:
        """Local name -> dotted origin."""
        found: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                names = (
                    (each.asname, each.name) if each.asname else (each.name.split(".")[0],) * 2 for each in node.names
                )
                found.update((local or "", origin) for local, origin in names)
            elif isinstance(node, ast.ImportFrom):
                start = self._imported_from(node)
                found.update((each.asname or each.name, f"{start}.{each.name}") for each in node.names)
        return found

    @cached_property
    def _defined(self) -> dict[ast.AST, dict[str, Definition]]:
        found: dict[ast.AST, dict[str, Definition]] = {}
        for node in self.nodes:
            if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
                found.setdefault(self._home(node), {})[node.name] = node
        return found

    @cached_property
    def _bound(self) -> dict[ast.AST, dict[str, list[ast.expr | None]]]:
        found: dict[ast.AST, dict[str, list[ast.expr | None]]] = {}
        for node in self.nodes:
            for target, value in targets(node):
                for home, name, what in self._binds(target, value):
                    found.setdefault(home, {}).setdefault(name, []).append(what)
        return found

    def _home(self, node: ast.AST) -> ast.AST:
        """Where a name that `node` sets lives."""
        return next(up for up in self.ancestors(node) if isinstance(up, (*FUNCTIONS, ast.ClassDef, ast.Module)))

    def _binds(self, target: ast.expr, value: ast.expr | None) -> Iterator[tuple[ast.AST, str, ast.expr | None]]:
        match target:
            case ast.Name(id=name):
                yield self._home(target), name, value
            case ast.Attribute(attr=name) if is_self(target.value) and (owner := self.class_of(target)):
                yield owner, name, value
            case ast.Tuple(elts=several) | ast.List(elts=several):
                for each in several:
                    yield from self._binds(each, None)
            case ast.Starred(value=inner):
                yield from self._binds(inner, None)

    def _imported_from(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        above = self.package.split(".")[: len(self.package.split(".")) - node.level + 1]
        return ".".join([*above, *([node.module] if node.module else [])])
