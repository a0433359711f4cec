"""A commit that was kept and raised all the same, or was not kept: told as what it is, and nothing is done twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from review.desk import Desk
from review.errors import ReviewError, StorageFailed
from review.ledger.audit import Note
from review.ledger.database import storage_failed
from review.model import Review, ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk
from tests.review.once_through import ONCE, once_through
from tests.support import ADA, actions, begin, pending


class CommitsAndRaises:
    """A ledger whose `number`th write transaction of one kind is kept, and reported as an error of the disk."""

    def __init__(self, part: Any, monkeypatch: pytest.MonkeyPatch, number: int = 1) -> None:
        self.left = number
        self._database = part._database
        self.name, self.read = self._database.name, self._database.read
        monkeypatch.setattr(part, "_database", self)

    @contextmanager
    def write(self, **options: bool) -> Iterator[Connection]:
        with self._database.write(**options) as connection:
            yield connection
        self.left -= 1
        if self.left == 0:
            raise storage_failed(self.name, sqlite3.OperationalError("disk I/O error"))


def approved(make_desk: MakeDesk) -> tuple[Desk, Review]:
    """A review that is approved, and whose action has not begun."""
    desk = make_desk({"once": ONCE}, backoff_seconds=0)
    review = pending(desk, begin(desk, "once").id)
    desk.decide(review.id, "approve", ADA)
    return desk, review


@pytest.mark.parametrize(
    ("part", "verb"), [("leases", "take"), ("settling", "settle")], ids=["taking the thread", "settling the run"]
)
def test_a_relays_commit_that_raised_loses_and_doubles_nothing(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, part: str, verb: str
) -> None:
    desk = make_desk({"once": ONCE})
    review = pending(desk, begin(desk, "once").id)
    desk.decide(review.id, "approve", ADA)
    with monkeypatch.context() as faulty:
        mishap = CommitsAndRaises(getattr(desk.ledger, part), faulty)
        with pytest.raises(StorageFailed, match="the disk reports an error"):
            desk.relay.advance(review.thread_id)
        assert mishap.left == 0, verb
    desk.finish(review.thread_id, review.id)
    once_through(desk, review.thread_id, tmp_path / "graphs")


def test_a_start_whose_commit_raised_is_found_and_told_as_what_it_is(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk({"once": ONCE})
    with monkeypatch.context() as faulty:
        mishap = CommitsAndRaises(desk.ledger.threads, faulty)
        thread = desk.start("once", {"topic": "bread"}, ADA)
        assert mishap.left == 0
    assert thread.status == ThreadStatus.QUEUED
    assert [each.id for each in desk.ledger.threads.page()] == [thread.id]
    desk.finish(thread.id)
    assert actions(desk, thread.id) == ["thread.started", "review.opened"]


def test_a_start_that_was_not_kept_is_not_told_as_recorded(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk({"once": ONCE})
    begin(desk, "once", thread_id="once-1")
    desk.decide(pending(desk, "once-1").id, "approve", ADA)
    desk.finish("once-1")
    with monkeypatch.context() as faulty, pytest.raises(StorageFailed):
        faulty.setattr(Note, "of_thread", _fails)  # within the transaction
        desk.start("once", {"topic": "rye"}, ADA, thread_id="once-1")
    assert desk.thread("once-1").status == ThreadStatus.DONE
    assert desk.start("once", {"topic": "rye"}, ADA, thread_id="once-1").status == ThreadStatus.QUEUED


def _fails(*_arguments: object, **_more: object) -> None:
    raise StorageFailed("The disk reports an error.")


@pytest.mark.parametrize("verb", ["apply now", "retry"])
def test_a_verb_whose_commit_raised_is_done_once_however_often_it_is_said_again(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, verb: str
) -> None:
    desk = make_desk({"once": ONCE})
    review = pending(desk, begin(desk, "once").id)
    if verb == "retry":
        desk.decide(review.id, "approve", ADA)
        make_desk({"once": None}, other=1).finish(review.thread_id, review.id)
        make_desk({"once": ONCE}, other=1)
        assert desk.review(review.id).status == ReviewStatus.RESUME_FAILED
    else:
        desk.decide(review.id, "approve", ADA, undo_seconds=600)
    part, entry = {"retry": ("decisions", "review.retried"), "apply now": ("undo", "decision.hastened")}[verb]

    def say() -> Any:
        return desk.decide(review.id, "retry", ADA) if verb == "retry" else desk.apply_now(review.id, ADA)

    with monkeypatch.context() as faulty:
        mishap = CommitsAndRaises(getattr(desk.ledger, part), faulty)
        with pytest.raises(StorageFailed, match="the disk reports an error"):
            say()
        assert mishap.left == 0
    with suppress(ReviewError):  # it is on its way, which may be told as a refusal
        say()
    desk.finish(review.thread_id, review.id)
    with pytest.raises(ReviewError):
        say()
    assert actions(desk, review.thread_id).count(entry) == 1
    once_through(desk, review.thread_id, tmp_path / "graphs")


def test_an_actions_end_that_was_kept_and_raised_is_not_done_again(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk, review = approved(make_desk)
    with monkeypatch.context() as faulty:
        mishap = CommitsAndRaises(desk.ledger.actions, faulty, number=2)  # behind its start
        assert desk.finish(review.thread_id, review.id).status == ThreadStatus.FAILED  # its node raised
        assert mishap.left <= 0
    desk.decide(pending(desk, review.thread_id).id, "retry", ADA)
    desk.finish(review.thread_id)
    once_through(desk, review.thread_id, tmp_path / "graphs", applied=2)


def test_an_actions_start_that_was_kept_and_raised_is_for_a_person_to_tell(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk, review = approved(make_desk)
    with monkeypatch.context() as faulty:
        CommitsAndRaises(desk.ledger.actions, faulty)
        assert desk.finish(review.thread_id, review.id).status == ThreadStatus.FAILED
    assert not (tmp_path / "graphs" / "effects").exists()
    asked = pending(desk, review.thread_id)
    assert asked.title.startswith("Did act take effect? · ")
    desk.decide(asked.id, "retry", ADA, value={"act": {"took_effect": False}})
    assert desk.finish(review.thread_id).status == ThreadStatus.DONE
    assert (tmp_path / "graphs" / "effects").read_text() == "done\n"
