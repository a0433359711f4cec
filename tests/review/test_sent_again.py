"""A decision that is sent again is one decision: a double click, a retry behind a failure, a commit that nobody saw."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection

from review.desk import Desk
from review.errors import AlreadyDecided, Changed, HeldByOther, Refused, StorageFailed
from review.ledger.database import Database, storage_failed
from review.model import ReviewStatus, ThreadStatus
from review.reviewers import Reviewer
from tests.conftest import MakeDesk
from tests.support import ADA, BEN, SIBLINGS, actions, begin, pending, reviews, values

# It refuses whatever is answered.
PICKY = """
from pydantic import BaseModel, field_validator
class Said(BaseModel):
    approved: bool
    @field_validator("approved")
    @classmethod
    def never(cls, value): raise ValueError("never")
def ask(state): return {"answer": interrupt({"content": "Bread"}, response_schema=Said).approved}
graph = wire(ask)
"""
ALIKE = SIBLINGS.replace('"left?"', '"Well?"').replace('"right?"', '"Well?"')


def test_a_decision_sent_twice_under_one_key_is_one_decision(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    first = desk.decide(review.id, "edit", ADA, value="Mine", version=review.version, key="key-1")
    again = desk.decide(review.id, "edit", ADA, value="Mine", version=review.version, key="key-1")
    assert again.decision == first.decision
    assert actions(desk, review.thread_id).count("review.edited") == 1
    with pytest.raises(AlreadyDecided, match="ada decided"):
        desk.decide(review.id, "edit", ADA, value="Mine", version=review.version, key="key-2")
    desk.finish(review.thread_id, review.id)
    later = desk.decide(review.id, "edit", ADA, value="Mine", version=review.version, key="key-1")
    assert (later.status, later.decision) == (ReviewStatus.RESUMED, first.decision)


def test_one_key_on_two_reviews_is_two_decisions(desk: Desk) -> None:
    first, second = (pending(desk, begin(desk).id) for _ in range(2))
    made = desk.decide(first.id, "edit", ADA, value="Mine", version=first.version, key="order-7")
    other = desk.decide(second.id, "reject", ADA, message="No.", version=second.version, key="order-7")
    assert made.decision is not None
    assert other.decision is not None
    assert (other.decision.review_id, other.decision.type) == (second.id, "reject")
    assert made.decision.id != other.decision.id
    again = desk.decide(second.id, "reject", ADA, message="No.", version=second.version, key="order-7")
    assert again.decision == other.decision
    for review in (first, second):
        assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE


def test_one_key_on_siblings_of_the_same_version_is_a_decision_on_each(make_desk: MakeDesk) -> None:
    desk = make_desk({"alike": ALIKE})
    first, second = reviews(desk, begin(desk, "alike").id)
    assert first.version == second.version
    made = [desk.decide(review.id, "approve", ADA, version=review.version, key="k") for review in (first, second)]
    assert [review.decision.review_id for review in made if review.decision] == [first.id, second.id]


def test_after_undo_the_same_key_decides_anew_and_not_on_the_version_that_is_gone(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    first = desk.decide(review.id, "edit", ADA, value="Mine", version=review.version, key="key-1", undo_seconds=600)
    undone = desk.undo(review.id, ADA)
    with pytest.raises(Changed):
        desk.decide(review.id, "edit", ADA, value="Mine", version=review.version, key="key-1")
    assert desk.review(review.id).status == ReviewStatus.PENDING
    second = desk.decide(review.id, "edit", ADA, value="Mine, again", version=undone.version, key="key-1")
    assert first.decision is not None
    assert second.decision is not None
    assert second.decision.id != first.decision.id
    assert second.decision.value == "Mine, again"
    assert actions(desk, review.thread_id).count("review.edited") == 2
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE


def test_a_batch_that_was_undone_can_be_sent_again(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    desk.decide_many([(review.id, None)], "approve", ADA, batch="batch-1", undo_seconds=600)
    desk.undo_batch("batch-1", ADA)
    assert desk.decide_many([(review.id, None)], "approve", ADA, batch="batch-1").done == 1
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE


def test_a_key_of_half_a_character_is_a_key(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    made = desk.decide(review.id, "approve", ADA, key="\udc80")
    assert desk.decide(review.id, "approve", ADA, key="\udc80").decision == made.decision


def test_a_mistyped_term_of_a_decision_is_an_error_and_decides_nothing(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    with pytest.raises(TypeError, match="A decision has no verison"):
        desk.decide(review.id, "approve", ADA, verison="v1")  # type: ignore[call-arg]
    assert desk.review(review.id).status == ReviewStatus.PENDING


class Mishap:
    """A disk that reports an error behind a commit that it has made; with `deaf`, it cannot be read after that."""

    def __init__(self, part: Any, monkeypatch: pytest.MonkeyPatch, *, deaf: bool = False) -> None:
        self.deaf = deaf
        self.happened = False
        database = part._database
        write, read = database.write, database.read

        @contextmanager
        def commits_and_raises(**options: bool) -> Iterator[Connection]:
            with write(**options) as connection:
                yield connection
            self.happened = True
            raise storage_failed(database.name, sqlite3.OperationalError("disk I/O error"))

        @contextmanager
        def reads() -> Iterator[Connection]:
            if self.deaf and self.happened:
                raise storage_failed(database.name, sqlite3.OperationalError("disk I/O error"))
            with read() as connection:
                yield connection

        faulty = _Faulty(database, commits_and_raises, reads)
        monkeypatch.setattr(part, "_database", faulty)


class _Faulty:
    def __init__(self, database: Database, write: object, read: object) -> None:
        self.name, self.write, self.read = database.name, write, read


def test_a_commit_that_raised_is_found_and_told_as_what_it_is(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    review = pending(desk, begin(desk).id)
    with monkeypatch.context() as faulty:
        mishap = Mishap(desk.ledger.decisions, faulty)
        made = desk.decide(review.id, "edit", ADA, value="Mine", key="key-1")
        assert mishap.happened
    assert made.status == ReviewStatus.DECIDED
    assert made.decision is not None
    assert made.decision.value == "Mine"
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE
    assert values(desk, review.thread_id)["answer"]["content"] == "Mine"


def test_a_retry_behind_a_commit_that_raised_returns_the_original(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    review = pending(desk, begin(desk).id)
    with monkeypatch.context() as faulty:
        Mishap(desk.ledger.decisions, faulty, deaf=True)
        with pytest.raises(StorageFailed, match="the disk reports an error"):
            desk.decide(review.id, "edit", ADA, value="Mine", version=review.version, key="key-1")
    committed = desk.review(review.id).decision
    assert committed is not None
    again = desk.decide(review.id, "edit", ADA, value="Mine", version=review.version, key="key-1")
    assert again.decision == committed
    with pytest.raises(AlreadyDecided, match="ada decided"):
        desk.decide(review.id, "approve", BEN, version=review.version)
    assert actions(desk, review.thread_id).count("review.edited") == 1


def test_an_undo_that_is_sent_again_is_one_undo(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "edit", ADA, value="Mine", undo_seconds=600)
    undone = desk.undo(review.id, ADA)
    assert desk.undo(review.id, Reviewer(" Ada ")) == undone
    assert actions(desk, review.thread_id).count("decision.withdrawn") == 1
    with pytest.raises(Refused, match="there is no decision on it to undo"):
        desk.undo(review.id, BEN)
    desk.decide(review.id, "edit", BEN, value="Other", undo_seconds=600)
    with pytest.raises(HeldByOther, match="only they can undo it"):
        desk.undo(review.id, ADA)
    desk.undo(review.id, BEN)
    with pytest.raises(Refused, match="there is no decision on it to undo"):
        desk.undo(review.id, ADA)


def test_what_the_graph_refused_was_not_undone(make_desk: MakeDesk) -> None:
    desk = make_desk({"picky": PICKY})
    review = pending(desk, begin(desk, "picky").id)
    desk.decide(review.id, "approve", ADA)
    desk.finish(review.thread_id, review.id)
    assert "never" in str(desk.review(review.id).error)
    with pytest.raises(Refused, match="there is no decision on it to undo"):
        desk.undo(review.id, ADA)


@pytest.mark.parametrize("deaf", [False, True], ids=["found at once", "found when it is sent again"])
def test_an_undo_whose_commit_raised_is_told_as_what_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, deaf: bool
) -> None:
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "edit", ADA, value="Mine", undo_seconds=600)
    with monkeypatch.context() as faulty:
        mishap = Mishap(desk.ledger.undo, faulty, deaf=deaf)
        if deaf:
            with pytest.raises(StorageFailed, match="the disk reports an error"):
                desk.undo(review.id, ADA)
        else:
            assert desk.undo(review.id, ADA).status == ReviewStatus.PENDING
        assert mishap.happened
    undone = desk.undo(review.id, ADA)
    assert (undone.status, undone.decision) == (ReviewStatus.PENDING, None)
    assert actions(desk, review.thread_id).count("decision.withdrawn") == 1
