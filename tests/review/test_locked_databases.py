"""A database that another program keeps locked: a clear sentence, no false success, and recovery by itself."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from review.errors import StorageFailed
from review.model import ReviewStatus, ThreadStatus
from tests.chaos.locked import locked_for
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, begin, pending, reviews, values, wait_for


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Somebody else's transaction on the database."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@pytest.mark.parametrize("verb", ["decide", "claim", "start"])
def test_a_locked_ledger_is_a_sentence_and_nothing_is_recorded(make_desk: MakeDesk, tmp_path: Path, verb: str) -> None:
    desk = make_desk({"ask": ASK}, lock_seconds=0.1)
    review = pending(desk, begin(desk).id)
    verbs: dict[str, Callable[[], object]] = {
        "decide": lambda: desk.decide(review.id, "approve", ADA),
        "claim": lambda: desk.claim(review.id, ADA),
        "start": lambda: desk.start("ask", {"topic": "cake"}, ADA),
    }
    before = desk.ledger.audit.entries()
    with (
        locked(tmp_path / "data" / "ledger.sqlite"),
        pytest.raises(StorageFailed, match=r"^The database ledger.sqlite is locked by another program. Nothing was"),
    ):
        verbs[verb]()
    assert desk.ledger.audit.entries() == before
    assert desk.review(review.id) == review
    verbs[verb]()


def test_who_waits_too_long_for_another_writer_of_the_same_process_is_told_the_same(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK}, lock_seconds=0.1)
    review = pending(desk, begin(desk).id)
    told: list[object] = []

    def decide() -> None:
        with pytest.raises(StorageFailed, match="is locked") as refused:
            desk.decide(review.id, "approve", ADA)
        told.append(refused.value.passes)

    with desk.ledger._database.write():
        other = threading.Thread(target=decide)
        other.start()
        other.join()
        assert desk.review(review.id) == review  # who reads waits for nobody
    assert told == [True]  # so that whoever runs a thread tries it again
    assert desk.decide(review.id, "approve", ADA).decision is not None


def test_a_ledger_locked_while_a_run_ends_loses_nothing(make_desk: MakeDesk, tmp_path: Path) -> None:
    waits = """
HERE = pathlib.Path(__file__).parent
def ask(state):
    said = interrupt({"draft": "lock me"})
    (HERE / "answered").touch()
    while not (HERE / "go").exists(): time.sleep(0.005)
    return {"answer": said, "log": ["ask"]}
graph = wire(ask)
"""
    desk = make_desk({"waits": waits}, lock_seconds=0.1, lease_seconds=1)
    review = pending(desk, begin(desk, "waits").id)
    desk.decide(review.id, "approve", ADA)
    ledger = sqlite3.connect(tmp_path / "data" / "ledger.sqlite", isolation_level=None, check_same_thread=False)

    def lock_when_answered() -> None:
        wait_for((tmp_path / "graphs" / "answered").exists, "the answer")
        ledger.execute("BEGIN EXCLUSIVE")
        (tmp_path / "graphs" / "go").touch()

    locking = threading.Thread(target=lock_when_answered)
    locking.start()
    with pytest.raises(StorageFailed, match="is locked"):
        desk.relay.advance(review.thread_id)
    locking.join()
    ledger.execute("ROLLBACK")
    ledger.close()
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE
    assert desk.review(review.id).status == ReviewStatus.RESUMED
    assert values(desk, review.thread_id)["log"] == ["ask"]


def test_locked_checkpoints_end_the_wait_and_keep_the_decision(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk({"ask": ASK}, lock_seconds=0.1, backoff_seconds=0)
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA)
    with locked(tmp_path / "data" / "checkpoints.sqlite"):
        with pytest.raises(StorageFailed, match=r"^The database checkpoints\.sqlite is locked by another program\."):
            desk.finish(review.thread_id, review.id)
        assert "checkpoints.sqlite is locked" in str(desk.thread(review.thread_id).error)
        assert desk.review(review.id).decision is not None
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE
    assert values(desk, review.thread_id)["log"] == ["write", "ask", "publish"]


def test_checkpoints_locked_from_the_first_moment(make_desk: MakeDesk, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    sqlite3.connect(tmp_path / "data" / "checkpoints.sqlite").close()
    desk = make_desk({"ask": ASK}, lock_seconds=0.1, backoff_seconds=0)
    with locked(tmp_path / "data" / "checkpoints.sqlite"):
        thread = desk.start("ask", {"topic": "bread"}, ADA)
        with pytest.raises(StorageFailed, match=r"checkpoints\.sqlite is locked"):
            desk.finish(thread.id)
        assert desk.thread(thread.id).input_pending
    assert desk.finish(thread.id).status == ThreadStatus.INTERRUPTED
    assert pending(desk, thread.id).payload["draft"] == "About bread"


def test_a_database_that_is_locked_for_a_while_is_waited_for(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK}, lock_seconds=0.1, lease_seconds=1, backoff_seconds=0.05)
    review = pending(desk, begin(desk).id)
    blocker = sqlite3.connect(desk.settings.data_dir / "checkpoints.sqlite", isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    desk.decide(review.id, "approve", ADA)
    desk.relay.start()
    wait_for(lambda: "Tried 2 times" in str(desk.thread(review.thread_id).error), "two tries")
    assert "is locked by another program" in str(desk.thread(review.thread_id).error)
    assert desk.review(review.id).decision is not None
    blocker.execute("ROLLBACK")
    blocker.close()
    wait_for(lambda: desk.thread(review.thread_id).status == ThreadStatus.DONE, "the end")
    assert values(desk, review.thread_id)["log"] == ["write", "ask", "publish"]
    assert reviews(desk, review.thread_id) == []


@pytest.mark.parametrize("name", ["ledger.sqlite", "checkpoints.sqlite"])
def test_a_database_that_is_locked_for_long_is_told_and_waited_for(tmp_path: Path, name: str) -> None:
    told: list[str] = []
    assert locked_for(tmp_path, name, 1.5, told.append) == []
    assert told
