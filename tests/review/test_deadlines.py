"""Deadlines: fixed when a review appears, met once each, by whichever process is there, at whatever time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from review.ledger.timers import TimerKind
from tests.conftest import MakeDesk
from tests.review.deadline_reviews import ASKS, asked, deadlines, of_policy, timers_of, told_actions
from tests.support import ADA, begin, pending, reviews

# Its deadline is computed anew whenever the node is run.
TWO = """
def left(state): return {"log": [interrupt({"draft": f"left {time.time()}", "timeout_seconds": 3600})]}
def right(state): return {"log": [interrupt({"draft": "right"})]}
builder = StateGraph(State)
builder.add_node("left", left); builder.add_node("right", right)
builder.add_edge(START, "left"); builder.add_edge(START, "right")
graph = builder.compile()
"""


def test_the_payload_goes_before_the_policy(make_desk: MakeDesk) -> None:
    desk = make_desk({"asks": ASKS}, **of_policy(after=7200))
    own = asked(desk, timeout_seconds=3600)
    theirs = asked(desk)
    stated = asked(desk, timeout_at="2030-01-02T03:04:05")
    assert own.due_at and abs(own.due_at - own.created_at - timedelta(hours=1)) < timedelta(minutes=1)
    assert theirs.due_at and abs(theirs.due_at - theirs.created_at - timedelta(hours=2)) < timedelta(minutes=1)
    assert stated.due_at == datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize("wrong", [{"due_at": "tomorrow"}, {"timeout_seconds": "soon"}, {"timeout_seconds": [1]}])
def test_a_deadline_that_cannot_be_read_is_named_and_the_policy_holds(
    make_desk: MakeDesk, wrong: dict[str, Any]
) -> None:
    review = asked(make_desk({"asks": ASKS}, **of_policy(after=7200)), **wrong)
    assert review.due_at is not None
    assert "does not count" in review.request.problems[0]


def test_without_any_there_are_no_timers(make_desk: MakeDesk) -> None:
    desk = make_desk({"asks": ASKS}, policy={"asks": {"deadline": {"remind": [60]}}})
    review = asked(desk)
    assert (review.due_at, review.request.on_timeout, desk.ledger.timers.of_review(review.id)) == (None, None, [])


def test_a_node_that_is_run_again_does_not_move_its_deadline(make_desk: MakeDesk) -> None:
    desk = make_desk({"two": TWO})
    thread = begin(desk, "two")
    left, right = sorted(reviews(desk, thread.id), key=lambda review: review.node)
    planned = desk.ledger.timers.of_review(left.id)
    desk.decide(right.id, "approve", ADA)
    desk.finish(thread.id, right.id)
    again = pending(desk, thread.id)
    assert again.id == left.id and again.version != left.version
    assert again.due_at == left.due_at and again.request.due_at == left.request.due_at
    assert (again.request.on_timeout, desk.ledger.timers.of_review(left.id)) == ("escalate", planned)


def test_steps_that_would_come_before_the_review_is_there(make_desk: MakeDesk) -> None:
    desk = make_desk(
        {"asks": ASKS},
        **of_policy(remind=["2h", "10m"], escalate=[{"before": "3h", "to": "carla"}, {"after": "20m", "to": "ben"}]),
    )
    review = asked(desk, timeout_seconds=3600)
    plan = [(t.kind, round((t.fire_at - review.created_at) / timedelta(minutes=1))) for t in timers_of(desk, review)]
    assert plan == [
        (TimerKind.ESCALATE, 0),
        (TimerKind.ESCALATE, 20),
        (TimerKind.REMIND, 50),
        (TimerKind.TIMEOUT, 60),
    ]


def test_a_due_time_at_the_edge_of_the_calendar_does_no_harm(make_desk: MakeDesk) -> None:
    desk = make_desk({"asks": ASKS}, **of_policy(remind=["1d"], escalate=[{"before": "1d"}]))
    review = asked(desk, due_at="0001-01-01T00:00:00")
    assert deadlines(desk).fire() == 2
    assert told_actions(desk, review) == ["review.escalated", "review.escalated"]
