"""A decision that is sent again is one decision: a double click, a retry behind a failure, a commit that nobody saw."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection

from review.desk import Desk
from review.errors import AlreadyDecided, StorageFailed
from review.ledger.database import Database, storage_failed
from review.model import ReviewStatus, ThreadStatus
from tests.support import ADA, BEN, actions, begin, pending, values


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


class Mishap:
    """A disk that reports an error behind a commit that it has made; with `deaf`, it cannot be read after that."""

    def __init__(self, desk: Desk, monkeypatch: pytest.MonkeyPatch, *, deaf: bool = False) -> None:
        self.deaf = deaf
        self.happened = False
        database = desk.ledger.decisions._database
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
        monkeypatch.setattr(desk.ledger.decisions, "_database", faulty)


class _Faulty:
    def __init__(self, database: Database, write: object, read: object) -> None:
        self.name, self.write, self.read = database.name, write, read


def test_a_commit_that_raised_is_found_and_told_as_what_it_is(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    review = pending(desk, begin(desk).id)
    with monkeypatch.context() as faulty:
        mishap = Mishap(desk, faulty)
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
        Mishap(desk, faulty, deaf=True)
        with pytest.raises(StorageFailed, match="the disk reports an error"):
            desk.decide(review.id, "edit", ADA, value="Mine", version=review.version, key="key-1")
    again = desk.decide(review.id, "edit", ADA, value="Mine", version=review.version, key="key-1")
    assert again.decision is not None
    assert again.decision.id == "key-1"
    with pytest.raises(AlreadyDecided, match="ada decided"):
        desk.decide(review.id, "approve", BEN, version=review.version)
    assert actions(desk, review.thread_id).count("review.edited") == 1
