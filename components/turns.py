"""Whose turn it is to draw. Python runs one thread at a time: where many sessions draw at once, each of them is as slow
as all together, and what is on its way to browsers waits with them. One after the other each is done sooner, and what a
person asked for goes before what renews itself."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps

PATIENCE = 0.5  # seconds after which one draws without having the turn: who has it may wait for something himself


class Turns:
    """One at a time, in the order in which they came, those who draw `later` behind all others."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: list[tuple[bool, int, threading.Event]] = []
        self._numbers = itertools.count()
        self._mine = threading.local()

    @contextmanager
    def turn(self, *, later: bool = False) -> Iterator[None]:
        """What is within is drawn in one's turn, also what takes a turn within it."""
        if getattr(self._mine, "drawing", False):
            yield
            return
        self._mine.has = self._take(later)
        self._mine.drawing = True
        try:
            yield
        finally:
            self._mine.drawing = False
            self._give()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """While one waits for what is done elsewhere, the others draw; then one goes on in the next turn."""
        if not getattr(self._mine, "has", False):
            yield
            return
        self._give()
        try:
            yield
        finally:
            self._mine.has = self._take(later=False)

    def _give(self) -> None:
        if self._mine.has:
            self._mine.has = False
            self._pass_on()

    def _take(self, later: bool) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            ticket = later, next(self._numbers), threading.Event()
            heapq.heappush(self._waiting, ticket)
        if ticket[-1].wait(self._patience):
            return True
        with self._guard:
            if ticket not in self._waiting:  # it was passed on in this moment
                return True
            self._waiting.remove(ticket)
            heapq.heapify(self._waiting)
            return False

    def _pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                heapq.heappop(self._waiting)[-1].set()
            else:
                self._taken = False


_turns = Turns()


def aside() -> AbstractContextManager[None]:
    """Around what waits for the graphs' own thread, for the time of that: a part that is drawn in its turn gives it to
    the others."""
    return _turns.aside()


def in_turn(draw: Callable[[], None], *, later: bool = False) -> Callable[[], None]:
    """Draws a part of a page in its turn; `later` is for what renews itself."""

    @wraps(draw)
    def drawn() -> None:
        with _turns.turn(later=later):
            draw()

    return drawn
