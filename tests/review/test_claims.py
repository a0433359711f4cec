"""Claims and open browsers: who holds a review, for how long, and who loses it."""

from __future__ import annotations

import pytest

from review.desk import Desk
from review.errors import AlreadyDecided, HeldByOther
from review.model import ReviewStatus, now
from review.reviewers import SYSTEM, Reviewer
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, BEN, actions, begin, pending, wait_for


def test_a_claim_can_be_taken_over_which_is_recorded(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    desk.claim(review.id, ADA)
    with pytest.raises(HeldByOther, match="or take it over"):
        desk.claim(review.id, BEN)
    assert desk.claim(review.id, BEN, take_over=True).assignee == "ben"
    with pytest.raises(HeldByOther, match="ben has claimed"):
        desk.decide(review.id, "approve", ADA)
    decided = desk.decide(review.id, "approve", ADA, take_over=True)
    assert decided.decision is not None
    assert decided.decision.reviewer == "ada"
    taken = desk.ledger.audit.entries(actions=("review.taken_over",))
    assert [(entry.actor, entry.detail["was"]) for entry in taken] == [("ada", "ben"), ("ben", "ada")]


def test_a_refused_decision_takes_nothing_over(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    desk.claim(review.id, ADA)
    desk.decide(review.id, "approve", ADA)
    with pytest.raises(AlreadyDecided):
        desk.decide(review.id, "approve", BEN, take_over=True)
    assert desk.review(review.id).assignee == "ada"
    assert "review.taken_over" not in actions(desk, review.thread_id)


def test_taking_over_what_nobody_holds_is_an_ordinary_claim(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    assert desk.claim(review.id, BEN, take_over=True).assignee == "ben"
    assert actions(desk, review.thread_id)[-1] == "review.claimed"


def test_an_open_browser_keeps_its_claim_and_a_silent_one_loses_it(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK}, browser_seconds=0.5)
    review = pending(desk, begin(desk).id)
    first = desk.claim(review.id, ADA, seconds=0.5).claimed_until
    desk.look_at(review.id, "browser-1", ADA)
    kept = desk.review(review.id).claimed_until
    assert first is not None
    assert kept is not None
    assert kept > first
    wait_for(lambda: desk.review(review.id).holder(now()) is None, "the end of the claim")
    desk.look_at(review.id, "browser-1", ADA)  # which comes too late to have it again
    assert desk.review(review.id).holder(now()) is None
    assert desk.decide(review.id, "approve", BEN).status == ReviewStatus.DECIDED


def test_an_open_browser_does_not_shorten_a_longer_claim(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    until = desk.claim(review.id, ADA).claimed_until
    desk.look_at(review.id, "browser-1", ADA)
    assert desk.review(review.id).claimed_until == until


def test_an_open_browser_leaves_the_claim_of_somebody_else(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    until = desk.claim(review.id, ADA, seconds=1).claimed_until
    assert desk.look_at(review.id, "browser-2", BEN) == []
    assert desk.review(review.id).claimed_until == until


def test_who_else_has_a_review_open_is_told(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    review, other = (pending(desk, begin(desk).id) for _ in range(2))
    assert desk.look_at(review.id, "browser-1", ADA) == []
    assert desk.look_at(review.id, "browser-2", BEN) == ["ada"]
    assert desk.look_at(review.id, "browser-3", BEN) == ["ada"]
    assert desk.look_at(review.id, "browser-1", ADA) == ["ben"]
    desk.look_at(other.id, "browser-2", BEN, left=review.id)
    assert desk.look_at(review.id, "browser-1", ADA) == ["ben"]
    desk.look_at(other.id, "browser-3", BEN, left=review.id)
    assert desk.look_at(review.id, "browser-1", ADA) == []


def test_a_browser_that_is_silent_has_closed_the_review(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK}, browser_seconds=0.2)
    review = pending(desk, begin(desk).id)
    desk.look_at(review.id, "browser-1", ADA)
    assert desk.look_at(review.id, "browser-2", BEN) == ["ada"]
    wait_for(lambda: desk.look_at(review.id, "browser-2", BEN) == [], "the first browser to be forgotten")


def test_the_desk_itself_decides_whoever_has_the_claim(desk: Desk) -> None:
    """As a deadline does; there is no name that a claim could be of."""
    review = pending(desk, begin(desk).id)
    desk.claim(review.id, Reviewer("ada"))
    with pytest.raises(HeldByOther):
        desk.decide(review.id, "approve", SYSTEM)
