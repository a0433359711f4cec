"""The timers of a deadline: in their order, once each, and for a review that waits alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.dialects.sqlite import dialect

from review.answers import draft_of
from review.desk import Desk
from review.errors import AlreadyDecided
from review.ledger.tables import timers
from review.ledger.timers import due_timers
from review.model import Review, ThreadStatus, now
from review.reviewers import Reviewer
from tests.conftest import MakeDesk
from tests.review.deadline_reviews import ASKS, asked, iso, later, of_policy, timers_of, told, told_actions
from tests.support import ADA

CARLA = Reviewer("carla")


def put_into_the_past(desk: Desk, review: Review) -> None:
    """As if no process had been there since before the timers' times."""
    with desk.ledger.timers._database.write() as connection:
        change = update(timers).where(timers.c.review_id == review.id)
        connection.execute(change.values(fire_at=now() - timedelta(days=1)))


def test_reminders_and_steps_come_in_their_order_once_each_also_when_nothing_ran(make_desk: MakeDesk) -> None:
    desk = make_desk(
        {"asks": ASKS},
        groups={"leads": ["carla", "dan"]},
        **of_policy(
            after="1h",
            remind=["10m"],
            escalate=[{"after": "20m", "to": "ben"}, {"before": "5m", "to": "leads", "priority": 5}],
            on_timeout="ignore",
        ),
    )
    review = asked(desk)
    put_into_the_past(desk, review)
    desk.relay.run_due()
    desk.relay.run_due()
    assert told(desk, review) == [
        ("review.escalated", {"to": "ben", "priority": 1, "due_at": iso(review)}),
        ("review.reminded", {"due_at": iso(review)}),
        ("review.escalated", {"to": "leads", "priority": 5, "due_at": iso(review)}),
        # The specification's dicts have no word for ignoring.
        (
            "review.escalated",
            {
                "priority": 6,
                "due_at": iso(review),
                "why": f"The deadline's ignore cannot be recorded: Review {review.label} does not offer 'ignore'. "
                "It offers: approve, edit, reject.",
            },
        ),
    ]
    after = desk.review(review.id)
    assert (after.priority, after.escalated_to, after.due_at) == (6, "leads", review.due_at)


@pytest.mark.parametrize(("holder", "kept"), [(ADA, False), (CARLA, True)])
def test_an_escalation_ends_the_claim_of_anybody_else(make_desk: MakeDesk, holder: Reviewer, kept: bool) -> None:
    policy = of_policy(after="1h", escalate=[{"after": "20m", "to": "leads"}])
    desk = make_desk({"asks": ASKS}, groups={"leads": ["carla"]}, **policy)
    review = asked(desk)
    desk.claim(review.id, holder)
    later(desk, minutes=30)
    assert desk.review(review.id).assignee == (holder.name if kept else None)
    released = [("review.released", {"was": holder.name})] * (not kept)
    assert told(desk, review)[2:] == released


def test_a_decided_review_is_left_alone_and_an_undone_one_is_not(make_desk: MakeDesk) -> None:
    desk = make_desk({"asks": ASKS})
    review = asked(desk, timeout_seconds=3600, on_timeout="reject")
    desk.decide(review.id, "approve", ADA, undo_seconds=600)
    assert later(desk, hours=2) == 0
    desk.undo(review.id, ADA)
    assert later(desk, hours=2) == 1
    made = desk.review(review.id).decision
    assert made and (made.type, made.reviewer) == ("reject", "system")


def test_a_review_that_is_over_has_no_timers_left(make_desk: MakeDesk) -> None:
    desk = make_desk({"asks": ASKS})
    decided, closed = (asked(desk, timeout_seconds=3600) for _ in range(2))
    desk.decide(decided.id, "approve", ADA)
    desk.finish(decided.thread_id, decided.id)
    desk.close_thread(closed.thread_id, ADA)
    assert desk.thread(decided.thread_id).status == ThreadStatus.DONE
    assert timers_of(desk, decided) == timers_of(desk, closed) == []


def test_who_comes_too_late_is_told_that_the_desk_decided(make_desk: MakeDesk) -> None:
    desk = make_desk({"asks": ASKS})
    review = asked(desk, timeout_seconds=3600, on_timeout="reject")
    later(desk, hours=2)
    with pytest.raises(AlreadyDecided, match=r"^system decided review .* already: reject, "):
        desk.decide(review.id, "approve", ADA)


def test_a_clock_that_jumps_forth_and_back_fires_nothing_twice_and_loses_nothing(make_desk: MakeDesk) -> None:
    desk = make_desk({"asks": ASKS}, **of_policy(after="1h", remind=["30m"], escalate=[{"after": "50m"}]))
    review = asked(desk)
    jumps: list[Callable[[], int]] = [
        lambda: later(desk, minutes=40),
        lambda: later(desk, days=-400),
        lambda: later(desk, minutes=40),
        lambda: later(desk, days=400),
        lambda: later(desk, minutes=55),
        lambda: later(desk, days=800),
    ]
    assert [jump() for jump in jumps] == [1, 0, 0, 2, 0, 0]
    assert told_actions(desk, review) == ["review.reminded", "review.escalated", "review.escalated"]


def test_nothing_due_costs_a_lookup_in_an_index(make_desk: MakeDesk) -> None:
    desk = make_desk({"asks": ASKS})
    asked(desk, timeout_seconds=3600)
    query = str(due_timers(now(), 200).compile(dialect=dialect(), compile_kwargs={"literal_binds": True}))
    with desk.ledger.timers._database.read() as connection:
        plan = [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))]
    assert plan[0] == "SEARCH timers USING INDEX timers_by_time (fire_at<?)"
    assert not any(line.startswith("SCAN") or "by_status" in line for line in plan)


def test_of_two_processes_that_see_a_timer_due_one_lets_it_take_effect(make_desk: MakeDesk) -> None:
    desk = make_desk({"asks": ASKS}, **of_policy(after="1h", remind=["40m", "30m"], escalate=[{"after": "35m"}]))
    review = asked(desk)
    book, seen = desk.ledger.timers, desk.ledger.timers.due(now() + timedelta(hours=2), 10)
    reminder, escalation, late, end = seen
    assert [book.remind(reminder), book.remind(reminder)] == [True, False]
    assert [book.escalate(escalation, ()), book.escalate(escalation, ())] == [True, False]
    desk.decide(review.id, "approve", ADA, undo_seconds=600)
    draft = draft_of(review, "reject", None, "Late", "system")
    assert [book.remind(late), book.escalate(end, ()), book.decide(end, review.version, draft)] == [False] * 3
    assert told_actions(desk, review) == ["review.reminded", "review.escalated", "review.approved"]


def test_a_review_that_changed_meanwhile_is_decided_at_the_next_look(make_desk: MakeDesk) -> None:
    desk = make_desk({"asks": ASKS})
    review = asked(desk, timeout_seconds=3600, on_timeout="reject")
    (end,) = timers_of(desk, review)
    draft = draft_of(review, "reject", None, "Late", "system")
    assert not desk.ledger.timers.decide(end, "another version", draft)
    assert timers_of(desk, review) == [end]
    assert later(desk, hours=2) == 1
