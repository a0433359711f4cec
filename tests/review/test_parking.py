"""What is tried so often and then parked for a person to retry, what is not, and how a retry ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from review.desk import Desk
from review.engine.base import Snapshot, ThreadRef
from review.errors import StorageFailed
from review.ledger.database import storage_failed
from review.ledger.settle import Settlement, Settling
from review.model import ReviewKind, ReviewStatus, ThreadStatus
from review.ops.verify import Verifier
from tests.conftest import MakeDesk
from tests.review.once_through import ONCE, once_through
from tests.support import ADA, ASK, SIBLINGS, actions, begin, pending, reviews, take_and_die, wait_for


def test_a_run_that_goes_on_ending_with_its_process_is_parked(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK}, max_tries=2, backoff_seconds=0)
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA)
    for _ in range(3):
        take_and_die_over(desk, review.thread_id)
    thread = desk.finish(review.thread_id)
    assert thread.status == ThreadStatus.FAILED
    assert "ended without a word 3 times in a row" in str(thread.error)
    kept = desk.review(review.id)
    assert kept.status == ReviewStatus.RESUME_FAILED
    assert kept.decision is not None
    desk.decide(review.id, "retry", ADA)
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE
    assert desk.thread(review.thread_id).tries == 0


def test_a_parked_start_is_a_review_that_can_be_retried(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK}, max_tries=1, backoff_seconds=0)
    thread = desk.start("ask", {"topic": "bread"}, ADA)
    for _ in range(2):
        take_and_die_over(desk, thread.id)
    assert desk.finish(thread.id).status == ThreadStatus.FAILED
    review = pending(desk, thread.id)
    assert review.kind == ReviewKind.FAILED
    desk.decide(review.id, "retry", ADA)
    assert desk.finish(thread.id).status == ThreadStatus.INTERRUPTED
    assert pending(desk, thread.id).payload["draft"] == "About bread"


def test_the_second_try_waits(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK}, backoff_seconds=600)
    thread = desk.start("ask", {"topic": "bread"}, ADA)
    take_and_die_over(desk, thread.id)
    assert desk.relay.due() == [thread.id]
    take_and_die_over(desk, thread.id)
    assert desk.relay.due() == []


def take_and_die_over(desk: Desk, thread_id: str) -> None:
    """As one process after the other that takes the thread over and dies."""
    leases = [lease for lease in desk.ledger.leases.held() if lease.thread_id == thread_id]
    take_and_die(desk, thread_id, leases[0] if leases else None)


def fails_with(cause: sqlite3.DatabaseError) -> Callable[[ThreadRef], Snapshot]:
    """What reads the checkpoints, on a database that fails so."""

    def snapshot(_ref: ThreadRef) -> Snapshot:
        raise storage_failed("checkpoints.sqlite", cause)

    return snapshot


@pytest.mark.parametrize("cause", ["database is locked", "database or disk is full", "disk I/O error"])
def test_a_database_that_fails_for_long_leaves_no_work_for_a_person(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cause: str
) -> None:
    desk = make_desk({"once": ONCE}, backoff_seconds=0.001)
    review = pending(desk, begin(desk, "once").id)
    desk.decide(review.id, "approve", ADA)
    told: list[str] = []  # one try or more at a time: the next may be due before this one is told

    def tried_for_long() -> bool:
        if desk.relay.advance(review.thread_id):
            told.append(str(desk.thread(review.thread_id).error))
        return len(told) > desk.settings.max_tries + 1

    with monkeypatch.context() as faulty:
        faulty.setattr(desk.engine, "snapshot", fails_with(sqlite3.OperationalError(cause)))
        wait_for(tried_for_long, "more tries than a run has that ends with its process")
    assert all("times; the next try is in " in each for each in told[1:])
    assert desk.thread(review.thread_id).status != ThreadStatus.FAILED
    assert desk.review(review.id).status == ReviewStatus.DECIDED
    desk.finish(review.thread_id, review.id)
    once_through(desk, review.thread_id, tmp_path / "graphs")


def test_a_damaged_database_is_tried_so_often_and_then_left_to_a_person(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk({"once": ONCE}, backoff_seconds=0.001, max_tries=2)
    review = pending(desk, begin(desk, "once").id)
    desk.decide(review.id, "approve", ADA)
    with monkeypatch.context() as faulty:
        broken = sqlite3.DatabaseError("database disk image is malformed")
        faulty.setattr(desk.engine, "snapshot", fails_with(broken))
        assert desk.finish(review.thread_id, review.id).status == ThreadStatus.FAILED
    kept = desk.review(review.id)
    assert (kept.status, kept.decision is None) == (ReviewStatus.RESUME_FAILED, False)
    assert "is damaged" in str(kept.error)


def test_a_thread_ends_once_also_where_a_second_decision_of_it_is_retried_meanwhile(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk({"siblings": SIBLINGS}, max_tries=1, backoff_seconds=0)
    thread = begin(desk, "siblings")
    left, right = reviews(desk, thread.id)
    for each in (left, right):
        desk.decide(each.id, "reject", ADA, message="No.")
    settle = Settling.settle
    with monkeypatch.context() as dies:  # behind the run's last checkpoint
        dies.setattr(Settling, "settle", lambda *_: (_ for _ in ()).throw(StorageFailed("The disk is gone.")))
        with pytest.raises(StorageFailed):
            desk.relay.advance(thread.id)
    desk.close()
    desk = make_desk(max_tries=1, backoff_seconds=0)
    for _ in range(2):
        take_and_die_over(desk, thread.id)
    assert desk.finish(thread.id).status == ThreadStatus.FAILED

    def settle_late(self: Settling, thread_id: str, owner: str, end: Settlement) -> Any:
        monkeypatch.setattr(Settling, "settle", settle)
        desk.decide(right.id, "retry", ADA)
        return settle(self, thread_id, owner, end)

    desk.decide(left.id, "retry", ADA)
    monkeypatch.setattr(Settling, "settle", settle_late)
    desk.relay.run_due()
    assert {desk.review(each.id).status for each in (left, right)} == {ReviewStatus.RESUMED}
    assert desk.thread(thread.id).status == ThreadStatus.DONE
    assert actions(desk, thread.id).count("thread.finished") == 1
    assert actions(desk, thread.id).count("decision.applied") == 2


def test_the_retry_of_one_sibling_ends_the_other_whose_answer_was_taken_as_well(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The graph had both answers, and every process that should have recorded it died over that."""
    desk = make_desk({"siblings": SIBLINGS}, max_tries=1, backoff_seconds=0)
    thread = begin(desk, "siblings")
    both = [desk.decide(review.id, "approve", ADA).id for review in reviews(desk, thread.id)]

    def dies(*_arguments: object) -> None:
        raise StorageFailed("The disk reports an error.")

    for _ in range(2):
        with monkeypatch.context() as faulty, pytest.raises(StorageFailed):
            faulty.setattr(Settling, "settle", dies)
            desk.relay.advance(thread.id)
    assert desk.finish(thread.id).status == ThreadStatus.FAILED
    assert {desk.review(review_id).status for review_id in both} == {ReviewStatus.RESUME_FAILED}
    desk.decide(both[0], "retry", ADA)
    assert desk.finish(thread.id, both[0]).status == ThreadStatus.DONE
    assert {desk.review(review_id).status for review_id in both} == {ReviewStatus.RESUMED}
    told = actions(desk, thread.id)
    assert (told.count("thread.finished"), told.count("decision.applied")) == (1, 2)
    assert Verifier(desk).run().broken == []
