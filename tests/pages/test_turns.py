"""One part is drawn after the other, what a person asked for before what renews itself, and nobody waits for ever."""

from __future__ import annotations

import threading

import pytest

from components.turns import Turns
from tests.support import wait_for


class Crowd:
    """Threads that ask for a turn one after the other, while the first of them has it."""

    def __init__(self, patience: float = 60) -> None:
        self.turns = Turns(patience)
        self.drawn: list[str] = []
        self._go_on = threading.Event()
        self._threads: list[threading.Thread] = []

    def comes(self, name: str, *, later: bool = False, stays: bool = False) -> None:
        waiting = self.waiting

        def draw() -> None:
            with self.turns.turn(later=later):
                self.drawn.append(name)
                if stays:
                    self._go_on.wait()

        self._threads.append(threading.Thread(target=draw))
        self._threads[-1].start()
        wait_for(lambda: name in self.drawn or self.waiting > waiting, f"{name} to draw, or to wait for it")

    @property
    def waiting(self) -> int:
        return len(self.turns._waiting)

    def go_on(self) -> list[str]:
        self._go_on.set()
        for thread in self._threads:
            thread.join()
        return self.drawn


def test_they_draw_in_the_order_in_which_they_came_and_what_renews_itself_behind_all() -> None:
    crowd = Crowd()
    crowd.comes("first", stays=True)
    crowd.comes("tick", later=True)
    crowd.comes("click")
    crowd.comes("another tick", later=True)
    crowd.comes("another click")
    assert crowd.drawn == ["first"]
    assert crowd.go_on() == ["first", "click", "another click", "tick", "another tick"]


def test_nobody_waits_for_ever_for_who_has_the_turn() -> None:
    crowd = Crowd(patience=0.01)
    crowd.comes("slow", stays=True)
    crowd.comes("other")
    wait_for(lambda: "other" in crowd.drawn, "the other one to draw without the turn")
    crowd.comes("third")
    assert crowd.go_on()[0] == "slow"
    assert sorted(crowd.drawn) == ["other", "slow", "third"]
    crowd.comes("afterwards")  # the turn was given back once, and is there
    assert crowd.go_on()[-1] == "afterwards"
    assert crowd.waiting == 0


def test_what_is_drawn_within_ones_turn_needs_no_other() -> None:
    turns, drawn = Turns(patience=60), []
    with turns.turn(), turns.turn(later=True):
        drawn.append("part of a part")
    with turns.turn():
        drawn.append("next")
    assert drawn == ["part of a part", "next"]


def test_who_fails_passes_the_turn_on() -> None:
    turns = Turns(patience=60)
    with pytest.raises(ValueError, match="not drawn"), turns.turn():
        raise ValueError("not drawn")
    with turns.turn():
        pass


def test_who_waits_for_something_else_lets_the_others_draw_and_goes_on_in_the_next_turn() -> None:
    turns, told, goes_on = Turns(patience=60), list[str](), threading.Event()

    def draw() -> None:
        with turns.turn():
            with turns.aside():
                told.append("waits")
                goes_on.wait()
            told.append("goes on")

    def other() -> None:
        with turns.turn():
            told.append("other")
            goes_on.set()
            wait_for(lambda: turns._waiting, "the first to wait for its turn")
            told.append("still the other's turn")

    first = threading.Thread(target=draw)
    first.start()
    wait_for(lambda: told == ["waits"], "it to wait")
    second = threading.Thread(target=other)
    second.start()
    first.join()
    second.join()
    assert told == ["waits", "other", "still the other's turn", "goes on"]
    with turns.turn(), turns.aside(), turns.turn():
        told.append("and afterwards")
    with turns.turn():
        told.append("the turn is there")
