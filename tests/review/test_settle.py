"""Settling: one transaction ends a run, opens what waits, ends what waits no more, and gives the lease back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from review.contract import Request
from review.errors import LeaseLost
from review.ledger import MEMORY, Draft, Ledger, Opening, Resolution, Settlement, Start
from review.model import DecisionType, Review, ReviewKind, ReviewStatus, ThreadStatus
from review.reviewers import SYSTEM
from review.versions import ASKED_ANEW
from tests.support import ADA, BEN

OWNER = "host/one"


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    """With one queued thread, `thread-1`, that `OWNER` has taken."""
    made = Ledger(MEMORY)
    made.threads.queue_start(Start("thread-1", "ask", {"topic": "bread"}), ADA)
    assert made.leases.take("thread-1", OWNER, 60)
    yield made
    made.close()


def opening_factory(**overrides: Any) -> Opening:
    fields: dict[str, Any] = {
        "pause_key": "1" * 32,
        "kind": ReviewKind.INTERRUPT,
        "dialect": "specification",
        "node": "ask",
        "payload": {"draft": "Bread"},
        "request": Request("Publish?"),
        "interrupt_id": "1" * 32,
        "checkpoint_id": "checkpoint-1",
    }
    return Opening(**fields | overrides)


def waiting(*openings: Opening, **more: Any) -> Settlement:
    return Settlement(ThreadStatus.INTERRUPTED, openings=openings, **more)


def opened(ledger: Ledger, *openings: Opening) -> list[Review]:
    ledger.settling.settle("thread-1", OWNER, waiting(*openings))
    return ledger.reviews.of_thread("thread-1")


def retaken(ledger: Ledger) -> Any:
    taken = ledger.leases.take("thread-1", OWNER, 60, idle=True)
    assert taken is not None
    return taken


def actions(ledger: Ledger) -> list[str]:
    return [entry.action for entry in ledger.audit.entries()][::-1]


def test_a_pause_becomes_a_pending_review_and_the_lease_is_given_back(ledger: Ledger) -> None:
    (review,) = opened(ledger, opening_factory())
    assert (review.status, review.title, review.graph) == (ReviewStatus.PENDING, "Publish?", "ask")
    thread = ledger.threads.get("thread-1")
    assert (thread.status, thread.title, thread.lease_owner) == (ThreadStatus.INTERRUPTED, "Publish?", None)
    assert actions(ledger) == ["thread.started", "review.opened"]


def test_the_same_pause_is_the_same_review(ledger: Ledger) -> None:
    (review,) = opened(ledger, opening_factory())
    retaken(ledger)
    assert opened(ledger, opening_factory()) == [review]
    assert actions(ledger) == ["thread.started", "review.opened"]


def test_a_pause_that_reads_differently_is_a_new_version(ledger: Ledger) -> None:
    (review,) = opened(ledger, opening_factory())
    retaken(ledger)
    (again,) = opened(ledger, opening_factory(payload={"draft": "Cake"}))
    assert again.id == review.id
    assert again.version != review.version
    changed = ledger.audit.entries(limit=1)[0]
    assert (changed.action, changed.detail["was"], changed.detail["version"]) == (
        *("review.changed", review.version, again.version),
    )


def test_a_deadline_alone_is_no_new_version(ledger: Ledger) -> None:
    (review,) = opened(ledger, opening_factory(payload={"draft": "Bread", "due_at": "2026-01-01"}))
    retaken(ledger)
    (again,) = opened(ledger, opening_factory(payload={"draft": "Bread", "due_at": "2026-01-02"}))
    assert again.version == review.version


def test_a_review_without_a_pause_is_superseded(ledger: Ledger) -> None:
    opened(ledger, opening_factory(), opening_factory(pause_key="2" * 32))
    retaken(ledger)
    first, second = opened(ledger, opening_factory())
    assert sorted((first.status, second.status)) == [ReviewStatus.PENDING, ReviewStatus.SUPERSEDED]


def test_a_decision_made_meanwhile_is_kept_and_is_work(ledger: Ledger) -> None:
    (review,) = opened(ledger, opening_factory())
    retaken(ledger)
    ledger.decisions.decide(review.id, review.version, Draft(DecisionType.APPROVE), BEN)
    assert ledger.settling.settle("thread-1", OWNER, waiting()) is not None
    assert ledger.reviews.get(review.id).status == ReviewStatus.DECIDED
    assert ledger.leases.due(OWNER, (), 10) == ["thread-1"]


def test_without_the_lease_nothing_is_recorded(ledger: Ledger) -> None:
    before = ledger.threads.get("thread-1")
    with pytest.raises(LeaseLost, match="was taken over by another process; nothing was recorded here"):
        ledger.settling.settle("thread-1", "host/two", waiting(opening_factory()))
    with pytest.raises(LeaseLost):
        ledger.settling.end("thread-1", "host/two", "thread.closed", ThreadStatus.CLOSED, ADA)
    with pytest.raises(LeaseLost):
        ledger.leases.mark_base("thread-1", "host/two", "checkpoint-1")
    assert ledger.threads.get("thread-1") == before
    assert ledger.reviews.of_thread("thread-1") == []


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (ReviewStatus.RESUMED, "decision.applied"),
        (ReviewStatus.RESUME_FAILED, "resume.failed"),
        (ReviewStatus.SUPERSEDED, "review.superseded"),
        (ReviewStatus.PENDING, "decision.invalid"),
    ],
)
def test_a_decision_ends_as_the_run_says(ledger: Ledger, status: ReviewStatus, action: str) -> None:
    (review,) = opened(ledger, opening_factory())
    ledger.decisions.decide(review.id, review.version, Draft(DecisionType.APPROVE, value="kept"), BEN)
    (fresh,) = retaken(ledger).fresh
    assert fresh.id == review.id
    assert ledger.reviews.get(review.id).status == ReviewStatus.RESUMING
    end = waiting(opening_factory(), resolutions=(Resolution(fresh, status, "Told why."),))
    ledger.settling.settle("thread-1", OWNER, end)
    after = ledger.reviews.get(review.id)
    assert (after.status, after.error) == (status, "Told why.")
    assert action in actions(ledger)
    if status == ReviewStatus.PENDING:
        assert after.version != review.version
        assert after.decision is None
        withdrawn = ledger.reviews.last_withdrawn(review.id)
        assert withdrawn is not None
        assert withdrawn.value == "kept"


def test_a_released_lease_leaves_no_trace(ledger: Ledger) -> None:
    (review,) = opened(ledger, opening_factory())
    ledger.decisions.decide(review.id, review.version, Draft(DecisionType.APPROVE), BEN)
    before, thread = ledger.reviews.get(review.id), ledger.threads.get("thread-1")
    ledger.settling.release(retaken(ledger), OWNER)
    assert ledger.reviews.get(review.id) == before
    after = ledger.threads.get("thread-1")
    assert (after.status, after.lease_owner) == (thread.status, None)
    assert ledger.leases.due(OWNER, (), 10) == ["thread-1"]


def test_a_later_lease_is_not_released_by_an_earlier_holder(ledger: Ledger) -> None:
    (lease,) = ledger.leases.held()
    taken = ledger.leases.take("thread-1", "host/two", 60, lease)
    assert taken is not None
    ledger.settling.release(taken, OWNER)
    assert ledger.threads.get("thread-1").lease_owner == "host/two"


def test_the_end_of_a_thread_ends_every_review(ledger: Ledger) -> None:
    opened(ledger, opening_factory(), opening_factory(pause_key="2" * 32))
    retaken(ledger)
    ledger.settling.end("thread-1", OWNER, "thread.closed", ThreadStatus.CLOSED, BEN)
    assert {review.status for review in ledger.reviews.of_thread("thread-1")} == {ReviewStatus.SUPERSEDED}
    thread = ledger.threads.get("thread-1")
    assert (thread.status, thread.lease_owner) == (ThreadStatus.CLOSED, None)
    entries = ledger.audit.entries(limit=3)
    assert [entry.action for entry in entries] == ["thread.closed", "review.superseded", "review.superseded"]
    assert len({entry.group for entry in entries}) == 1
    assert {entry.actor for entry in entries} == {"ben"}


def test_a_default_decision_on_another_question_is_withdrawn_and_escalated(ledger: Ledger) -> None:
    (review,) = opened(ledger, opening_factory())
    ledger.decisions.decide(review.id, review.version, Draft(DecisionType.REJECT, undo_seconds=60), SYSTEM)
    assert retaken(ledger).fresh == ()
    (again,) = opened(ledger, opening_factory(payload={"draft": "Cake"}))
    assert (again.status, again.payload) == (ReviewStatus.PENDING, {"draft": "Cake"})
    assert actions(ledger)[-2:] == ["decision.withdrawn", "review.changed"]
    (timer,) = ledger.timers.of_review(review.id)
    assert (timer.kind, timer.detail) == ("escalate", {"why": ASKED_ANEW})
