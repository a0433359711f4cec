"""One Python file: its syntax tree, and what its names stand for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from review.doctor.project import Project

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
OTHER_SCOPES = (*FUNCTIONS, ast.ClassDef, ast.Lambda)


class Source:
    """`imports`: local name -> dotted origin. `module`: the dotted name that its absolute path gives."""

    def __init__(self, path: Path, name: str, tree: ast.Module, project: Project) -> None:
        self.path, self.name, self.tree, self.project = path, name, tree, project
        parts = path.with_suffix("").parts[1:]
        self.package = ".".join(parts[:-1])
        self.module = self.package if parts[-1] == "__init__" else ".".join(parts)
        self.nodes = list(ast.walk(tree))
        self.parents = {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}
        self.functions = [node for node in self.nodes if isinstance(node, FUNCTIONS)]
        self.imports: dict[str, str] = {}
        self._bound: dict[ast.AST, dict[str, list[ast.expr | None]]] = {}
        self._defined: dict[ast.AST, dict[str, Definition]] = {}
        self._read_names()

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes if isinstance(node, ast.Call))

    # Where a node stands.

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        while node in self.parents:
            node = self.parents[node]
            yield node

    def function(self, node: ast.AST) -> Function | None:
        """The function whose body runs `node`; None at the module's level and in a lambda."""
        found = next((up for up in self.ancestors(node) if isinstance(up, (*FUNCTIONS, ast.Lambda))), None)
        return found if isinstance(found, FUNCTIONS) else None

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        return next((up for up in self.ancestors(node) if isinstance(up, ast.ClassDef)), None)

    def scopes(self, node: ast.AST) -> Iterator[ast.AST]:
        """The scopes in which a name at `node` is looked up, the innermost first."""
        child = node
        for up in self.ancestors(node):
            # A default or a decorator is evaluated outside the function that it belongs to.
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
        """The one value that `expr` has, followed through names; None where there are several, or nobody knows."""
        for _ in range(5):
            if not isinstance(expr, ast.Name | ast.Attribute):
                return expr
            found = self.values(expr)
            if len(found) != 1 or found[0] is None:
                return None
            expr = found[0]
        return None

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

    def _read_names(self) -> None:
        for node in self.nodes:
            match node:
                case ast.Import(names=names):
                    for each in names:
                        self.imports[each.asname or each.name.split(".")[0]] = (
                            each.name if each.asname else each.name.split(".")[0]
                        )
                case ast.ImportFrom(names=names):
                    start = self._imported_from(node)
                    self.imports.update({each.asname or each.name: f"{start}.{each.name}" for each in names})
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    home = next(
                        up for up in self.ancestors(node) if isinstance(up, (*FUNCTIONS, ast.ClassDef, ast.Module))
                    )
                    self._defined.setdefault(home, {})[node.name] = node
                case _:
                    for target, value in targets(node):
                        self._bind(target, value)

    def _bind(self, target: ast.expr, value: ast.expr | None) -> None:
        match target:
            case ast.Name(id=name):
                home = next(
                    up for up in self.ancestors(target) if isinstance(up, (*FUNCTIONS, ast.ClassDef, ast.Module))
                )
                self._bound.setdefault(home, {}).setdefault(name, []).append(value)
            case ast.Attribute(attr=name) if is_self(target.value) and (owner := self.class_of(target)):
                self._bound.setdefault(owner, {}).setdefault(name, []).append(value)
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                for each in elts:
                    self._bind(each, None)
            case ast.Starred(value=inner):
                self._bind(inner, None)

    def _imported_from(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        above = self.package.split(".")[: len(self.package.split(".")) - node.level + 1]
        return ".".join([*above, *([node.module] if node.module else [])])


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
