"""What may have happened in a function before each of its calls that ask, in the order in which Python runs it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence

from review.doctor.syntax import OTHER_SCOPES, Function

State = frozenset[ast.Call] | None
"""The calls that may have been made; None where the code is not reached."""

TRIES = (ast.Try, ast.TryStar)


class Flow:
    """`before`: for each call of interest, the calls of interest that one run may make before it."""

    def __init__(self, function: Function, is_of_interest: Callable[[ast.Call], bool]) -> None:
        self.before: dict[ast.Call, frozenset[ast.Call]] = {}
        self._is_of_interest = is_of_interest
        self._made: list[ast.Call] = []
        self._loops: list[tuple[list[State], list[State]]] = []
        self._block(function.body, frozenset())

    def _block(self, body: Iterable[ast.stmt], state: State) -> State:
        for statement in body:
            if state is None:
                return None
            state = self._statement(statement, state)
        return state

    def _statement(self, node: ast.stmt, state: frozenset[ast.Call]) -> State:
        match node:
            case ast.If(test=test, body=body, orelse=orelse):
                state = self._expression(test, state)
                return _either(self._block(body, state), self._block(orelse, state))
            case ast.For() | ast.AsyncFor() | ast.While():
                return self._loop(node, state)
            case ast.Try() | ast.TryStar():
                return self._try(node, state)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                return self._block(body, self._several(items, state))
            case ast.Match(subject=subject, cases=cases):
                state = self._expression(subject, state)
                ends = [self._block(case.body, state) for case in cases]
                return _either(state, *ends)
            case ast.Return() | ast.Raise():
                self._expression(node, state)
                return None
            case ast.Break() | ast.Continue():
                left, again = self._loops[-1]
                (left if isinstance(node, ast.Break) else again).append(state)
                return None
            case ast.Assign(targets=several, value=value):
                return self._several(several, self._expression(value, state))
        return self._expression(node, state)

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, state: frozenset[ast.Call]) -> State:
        """Twice around: what one round does comes before the next one."""
        head = node.test if isinstance(node, ast.While) else node.iter
        state = self._expression(head, state)
        left: list[State] = []
        again: list[State] = []
        self._loops.append((left, again))
        around = state
        for _ in range(2):
            around = _either(around, self._block(node.body, around), *again) or around
        self._loops.pop()
        forever = isinstance(node, ast.While) and isinstance(node.test, ast.Constant) and bool(node.test.value)
        return _either(None if forever else self._block(node.orelse, around), *left)

    def _try(self, node: ast.Try | ast.TryStar, state: frozenset[ast.Call]) -> State:
        start = len(self._made)
        end = self._block(node.body, state)
        caught = state | frozenset(self._made[start:])
        ends = [self._block(handler.body, caught) for handler in node.handlers]
        done = _either(self._block(node.orelse, end), *ends)
        after = self._block(node.finalbody, state | frozenset(self._made[start:]))
        return None if done is None or after is None else done | (after if node.finalbody else done)

    def _several(self, nodes: Sequence[ast.AST], state: frozenset[ast.Call]) -> frozenset[ast.Call]:
        for node in nodes:
            state = self._expression(node, state)
        return state

    def _expression(self, node: ast.AST, state: frozenset[ast.Call]) -> frozenset[ast.Call]:
        if isinstance(node, OTHER_SCOPES):
            return state
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            elements = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            return self._several([*node.generators, *elements, *node.generators, *elements], state)
        if isinstance(node, ast.IfExp):
            state = self._expression(node.test, state)
            return self._expression(node.body, state) | self._expression(node.orelse, state)
        state = self._several(list(ast.iter_child_nodes(node)), state)
        if isinstance(node, ast.Call) and self._is_of_interest(node):
            self.before[node] = self.before.get(node, frozenset()) | state
            self._made.append(node)
            return state | {node}
        return state


def _either(*states: State) -> State:
    reached = [state for state in states if state is not None]
    return frozenset().union(*reached) if reached else None
