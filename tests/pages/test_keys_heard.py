"""Which keys a review hears: those of what it offers, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from review.model import Review
from tests.pages.conftest import PageDesk
from tests.pages.screens import asking, choose, keys, opened
from tests.support import FRAGILE, begin, pending

DECIDE = {"approve", "edit", "reject", "respond", "ignore"}
STOPS = """
def write(state): return {"log": ["write"]}
def publish(state): return {"log": ["publish"]}
graph = wire(write, publish, interrupt_before=["publish"])
"""
ALL = ("approve", "edit", "respond", "reject")


def asks(*kinds: str) -> str:
    """A graph whose review offers these decisions."""
    return f"""
from review.contract import Request, ask
def put(state):
    return {{"answer": ask(Request(title="A draft", subject="It rises.", allowed_decisions={kinds!r})).decision}}
graph = wire(put)
"""


def heard(review: Review) -> set[str]:
    return keys(opened(review)) & DECIDE


@pytest.mark.parametrize(
    ("kinds", "letters"),
    [
        (ALL, {"approve", "edit", "respond", "reject"}),
        (("approve", "edit", "respond"), {"approve", "edit", "respond"}),
        (("approve", "reject"), {"approve", "reject"}),
        (("respond", "approve"), {"approve", "respond"}),
        (("reject", "respond"), {"reject", "respond"}),
        (("approve",), {"approve"}),
    ],
)
def test_only_what_is_offered_has_a_key(page_desk: PageDesk, kinds: tuple[str, ...], letters: set[str]) -> None:
    desk = page_desk(asks=asks(*kinds))
    assert heard(pending(desk, begin(desk, "asks").id)) == letters


def test_the_key_of_what_lets_through_stays_whatever_is_chosen(page_desk: PageDesk) -> None:
    desk = page_desk(asks=asks(*ALL))
    review = pending(desk, begin(desk, "asks").id)
    assert keys(choose(opened(review), review, "reject")) & DECIDE == {"approve", "edit", "respond", "reject"}


def test_a_breakpoint_is_let_through_by_a_key_and_has_nothing_to_reject(page_desk: PageDesk) -> None:
    desk = page_desk(stops=STOPS)
    assert heard(pending(desk, begin(desk, "stops").id)) == {"approve"}


def test_a_failed_node_is_retried_by_the_same_key(page_desk: PageDesk, tmp_path: Path) -> None:
    desk = page_desk(fragile=FRAGILE)
    (tmp_path / "graphs" / "broken").touch()
    assert heard(pending(desk, begin(desk, "fragile").id)) == {"approve"}


def test_of_several_actions_the_keys_are_those_of_the_first_open_one(page_desk: PageDesk) -> None:
    calls = [{"name": "pay", "args": {"amount": 40}}, {"name": "mail", "args": {"to": "ada"}}]
    configs = [
        {"action_name": "pay", "allowed_decisions": ["approve", "reject"]},
        {"action_name": "mail", "allowed_decisions": ["approve", "respond"]},
    ]
    desk = page_desk(pays=asking(repr({"action_requests": calls, "review_configs": configs})))
    assert heard(pending(desk, begin(desk, "pays").id)) == {"approve", "reject"}
