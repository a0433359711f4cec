"""Deadlines: fixed when a review appears, met once each, by whichever process is there, at whatever time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.dialects.sqlite import dialect

from review.answers import draft_of
from review.deadlines import Deadlines, at_the_end
from review.desk import Desk
from review.errors import AlreadyDecided
from review.ledger.tables import timers
from review.ledger.timers import TimerKind, due_timers
from review.model import DecisionType, Review, Reviewer, ReviewStatus, ThreadStatus, now
from tests.conftest import MakeDesk
from tests.support import ADA, FRAGILE, begin, pending, reviews, values

CARLA = Reviewer("carla")

# The input's `answer` is the payload, so that each test says what is asked.
ASKS = """
def ask(state): return {"answer": interrupt({"draft": "Bread"} | state["answer"]), "log": ["ask"]}
graph = wire(ask)
"""
# Its deadline is computed anew whenever the node is run.
TWO = """
def left(state): return {"log": [interrupt({"draft": f"left {time.time()}", "timeout_seconds": 3600})]}
def right(state): return {"log": [interrupt({"draft": "right"})]}
builder = StateGraph(State)
builder.add_node("left", left); builder.add_node("right", right)
builder.add_edge(START, "left"); builder.add_edge(START, "right")
graph = builder.compile()
"""
# An answer needs a field that only a person can give.
NEEDY = """
SCHEMA = {"type": "object", "required": ["approved", "cost_centre"],
          "properties": {"approved": {"type": "boolean"}, "cost_centre": {"type": "string"}}}
def ask(state):
    interrupt({"content": "Bread", "timeout_seconds": 3600, "on_timeout": "reject"}, response_schema=SCHEMA)
graph = wire(ask)
"""
STRICT = """
from pydantic import BaseModel, field_validator
class Said(BaseModel):
    approved: bool
    @field_validator("approved")
    @classmethod
    def never_no(cls, said):
        if not said: raise ValueError("no is no answer")
        return said
def ask(state):
    interrupt({"content": "Bread", "timeout_seconds": 3600, "on_timeout": "reject"}, response_schema=Said)
    return {"log": ["taken"]}
graph = wire(ask)
"""
BREAKS = """
def act(state): return {"log": ["act"]}
graph = wire(act, interrupt_before=["act"])
"""


def asked(desk: Desk, **payload: Any) -> Review:
    return pending(desk, begin(desk, "asks", {"answer": payload}).id)


def deadlines(desk: Desk) -> Deadlines:
    return Deadlines(desk.ledger, desk.settings)


def later(desk: Desk, **span: float) -> int:
    """Fire what is due in so long."""
    return deadlines(desk).fire(now() + timedelta(**span))


def told(desk: Desk, review: Review) -> list[tuple[str, dict[str, Any]]]:
    """What the audit tells of the review since it was opened, oldest first."""
    entries = desk.ledger.audit.entries(review_id=review.id)[::-1]
    return [(e.action, {k: v for k, v in e.detail.items() if k not in ("title", "node")}) for e in entries[1:]]


def told_actions(desk: Desk, review: Review) -> list[str]:
    return [action for action, _ in told(desk, review)]


def put_into_the_past(desk: Desk, review: Review) -> None:
    """As if no process had been there since before the timers' times."""
    with desk.ledger.timers._database.write() as connection:
        change = update(timers).where(timers.c.review_id == review.id)
        connection.execute(change.values(fire_at=now() - timedelta(days=1)))


def of_policy(**deadline: Any) -> dict[str, Any]:
    return {"policy": {"asks": {"deadline": deadline}}}


# When a review is due.


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


def timers_of(desk: Desk, review: Review) -> list[Any]:
    return desk.ledger.timers.of_review(review.id)


def test_a_due_time_at_the_edge_of_the_calendar_does_no_harm(make_desk: MakeDesk) -> None:
    desk = make_desk({"asks": ASKS}, **of_policy(remind=["1d"], escalate=[{"before": "1d"}]))
    review = asked(desk, due_at="0001-01-01T00:00:00")
    assert deadlines(desk).fire() == 2
    assert told_actions(desk, review) == ["review.escalated", "review.escalated"]


# What happens at the end.


@pytest.mark.parametrize(("by_payload", "policy"), [("reject", {}), (None, of_policy(on_timeout="reject"))])
def test_the_desk_rejects_as_a_person_would(
    make_desk: MakeDesk, by_payload: str | None, policy: dict[str, Any]
) -> None:
    desk = make_desk({"asks": ASKS}, **policy)
    review = asked(desk, timeout_seconds=3600, **({"on_timeout": by_payload} if by_payload else {}))
    desk.claim(review.id, ADA)
    assert later(desk, minutes=59) == 0
    assert later(desk, minutes=61) == 1
    decided = desk.review(review.id)
    assert decided.decision is not None
    made = decided.decision
    assert (made.type, made.reviewer, made.signed_in) == (DecisionType.REJECT, "system", True)
    assert (made.message, made.version) == ("Nobody decided before the deadline.", review.version)
    desk.relay.run_due()
    answer = {"approved": False, "reason": made.message, "reviewer": "system"}
    assert values(desk, review.thread_id)["answer"] == answer
    assert told_actions(desk, review) == ["review.claimed", "review.rejected", "decision.applied"]
    assert told(desk, review)[1][1] == {"message": made.message, "due_at": iso(review)}


@pytest.mark.parametrize("policy", [{}, of_policy(on_timeout="reject")])
def test_a_payload_cannot_make_silence_consent(make_desk: MakeDesk, policy: dict[str, Any]) -> None:
    desk = make_desk({"asks": ASKS}, **policy)
    review = asked(desk, timeout_seconds=3600, on_timeout="approve")
    assert "only the graph's policy in review.toml" in review.request.problems[0]
    later(desk, hours=2)
    after = desk.review(review.id)
    assert (after.status, after.priority, after.decision) == (ReviewStatus.PENDING, 1, None)


def test_the_policy_of_the_graph_can(make_desk: MakeDesk) -> None:
    desk = make_desk({"asks": ASKS}, **of_policy(on_timeout="approve"))
    review = asked(desk, timeout_seconds=3600, on_timeout="approve")
    assert review.request.problems == ()
    later(desk, hours=2)
    made = desk.review(review.id).decision
    assert made and made.type == DecisionType.APPROVE


def test_an_unknown_end_is_named_and_escalates(make_desk: MakeDesk) -> None:
    review = asked(make_desk({"asks": ASKS}), timeout_seconds=3600, on_timeout="explode")
    assert "explode is none of reject, escalate, ignore" in review.request.problems[0]
    assert review.request.on_timeout == "escalate"


@pytest.mark.parametrize(("graph", "source"), [("breaks", BREAKS), ("fragile", FRAGILE), ("needy", NEEDY)])
def test_what_cannot_be_rejected_is_escalated_and_the_entry_says_why(
    make_desk: MakeDesk, tmp_path: Any, graph: str, source: str
) -> None:
    desk = make_desk({graph: source}, policy={graph: {"deadline": {"after": 3600, "on_timeout": "reject"}}})
    (tmp_path / "graphs" / "broken").touch()
    review = pending(desk, begin(desk, graph).id)
    assert at_the_end(review)[0] is None
    later(desk, hours=2)
    after = desk.review(review.id)
    assert (after.status, after.priority) == (ReviewStatus.PENDING, 1)
    ((action, detail),) = told(desk, review)
    assert action == "review.escalated"
    assert detail["why"].startswith("The deadline's reject cannot be recorded: Review ")
    assert later(desk, hours=3) == 0


def test_where_the_graph_refuses_the_desks_answer_the_review_is_escalated(make_desk: MakeDesk) -> None:
    desk = make_desk({"strict": STRICT})
    review = pending(desk, begin(desk, "strict").id)
    later(desk, hours=2)
    desk.relay.run_due()
    desk.relay.run_due()
    after = desk.review(review.id)
    assert (after.status, after.priority) == (ReviewStatus.PENDING, 1)
    assert told_actions(desk, review) == ["review.rejected", "decision.invalid", "review.escalated"]
    assert "no is no answer" in told(desk, review)[-1][1]["why"]


# Until then.


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
                "why": f"The deadline's ignore cannot be recorded: Review {review.id} does not offer 'ignore'. "
                "It offers: approve, edit, reject.",
            },
        ),
    ]
    after = desk.review(review.id)
    assert (after.priority, after.escalated_to, after.due_at) == (6, "leads", review.due_at)


def iso(review: Review) -> str:
    assert review.due_at is not None
    return review.due_at.isoformat()


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


# Clocks and costs.


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
    draft = draft_of(review, "reject", None, "Late", "system", 0)
    assert [book.remind(late), book.escalate(end, ()), book.decide(end, review.version, draft)] == [False] * 3
    assert told_actions(desk, review) == ["review.reminded", "review.escalated", "review.approved"]


def test_a_review_that_changed_meanwhile_is_decided_at_the_next_look(make_desk: MakeDesk) -> None:
    desk = make_desk({"asks": ASKS})
    review = asked(desk, timeout_seconds=3600, on_timeout="reject")
    (end,) = timers_of(desk, review)
    draft = draft_of(review, "reject", None, "Late", "system", 0)
    assert not desk.ledger.timers.decide(end, "another version", draft)
    assert timers_of(desk, review) == [end]
    assert later(desk, hours=2) == 1
