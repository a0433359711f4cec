"""Finished threads of a certain age lose their checkpoints; nothing that waits ever does."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from review.desk import Desk
from review.engine.base import ThreadRef
from review.errors import LeaseLost, Pruned, StorageFailed
from review.leases import steady_clock
from review.ledger.upkeep import PRUNER
from review.model import ReviewStatus, ThreadStatus, now
from review.ops.verify import Verifier
from tests.cli_support import Shell
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, FRAGILE, actions, begin, pending, reviews, values, wait_for

YEAR = 365


def finished(desk: Desk) -> str:
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA)
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE
    return review.thread_id


def aged(desk: Desk, days: float = YEAR) -> None:
    """Everything in the ledger happened so long ago."""
    with closing(sqlite3.connect(desk.settings.data_dir / "ledger.sqlite")) as connection:
        moved = f"strftime('%Y-%m-%d %H:%M:%f', {{0}}, '-{days} days')"
        for column in ("created_at", "updated_at"):
            connection.execute(f"UPDATE threads SET {column} = {moved.format(column)}")
        connection.commit()


def checkpoints(desk: Desk) -> set[str]:
    """The threads that have any."""
    with closing(sqlite3.connect(desk.settings.data_dir / "checkpoints.sqlite")) as connection:
        rows = connection.execute("SELECT thread_id FROM checkpoints UNION SELECT thread_id FROM writes").fetchall()
    return {row[0] for row in rows}


def test_old_finished_threads_lose_their_checkpoints_and_keep_their_decisions(desk: Desk) -> None:
    done, closed = finished(desk), begin(desk).id
    desk.close_thread(closed, ADA)
    aged(desk)
    young = finished(desk)
    assert set(desk.retention.prune(30)) == {done, closed}
    assert checkpoints(desk) == {young}
    thread = desk.thread(done)
    assert thread.pruned_at and thread.lease_owner is None
    (review,) = reviews(desk, done, ReviewStatus.RESUMED)
    assert (review.decision.type, review.decision.reviewer) == ("approve", "ada")
    assert actions(desk, done)[-1] == "thread.pruned"
    assert actions(desk, done).count("thread.pruned") == 1
    assert list(desk.retention.prune(30)) == []
    assert Verifier(desk).run().broken == []


def test_nothing_that_waits_is_ever_pruned(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK, "fragile": FRAGILE})
    (desk.settings.graphs.parent / "broken").touch()
    begin(desk)
    begin(desk, "fragile")
    desk.start("ask", {"topic": "not begun"}, ADA)
    decided = pending(desk, begin(desk).id)
    desk.decide(decided.id, "approve", ADA, undo_seconds=3600)
    went_on = finished(desk)
    desk.start("ask", {"topic": "again"}, ADA, thread_id=went_on)
    aged(desk)
    before = checkpoints(desk)
    assert list(desk.retention.prune(1)) == []
    assert checkpoints(desk) == before


@pytest.mark.parametrize("change", ["status = 'interrupted'", "work_at = updated_at", "found = 1", "lease_owner = 'x'"])
def test_what_changed_since_it_was_found_is_not_pruned(desk: Desk, change: str) -> None:
    """The last word has the transaction that reserves the thread."""
    thread_id = finished(desk)
    aged(desk)
    before = now() - timedelta(days=1)
    with closing(sqlite3.connect(desk.settings.data_dir / "ledger.sqlite")) as connection:
        connection.execute(f"UPDATE threads SET {change}")
        connection.commit()
    assert not desk.ledger.upkeep.reserve(thread_id, f"me{PRUNER}", before, 60)
    assert list(desk.retention.prune(1)) == []


def test_the_state_of_a_pruned_thread_is_a_sentence(desk: Desk) -> None:
    thread_id = finished(desk)
    aged(desk)
    assert list(desk.retention.prune(30)) == [thread_id]
    for read in (desk.state, desk.steps):
        with pytest.raises(Pruned, match="a new start of it begins from nothing"):
            read(thread_id)


def test_a_new_start_on_a_pruned_thread_begins_from_nothing(desk: Desk) -> None:
    thread_id = finished(desk)
    aged(desk)
    assert list(desk.retention.prune(30)) == [thread_id]
    desk.start("ask", {"topic": "anew"}, ADA, thread_id=thread_id)
    assert desk.finish(thread_id).status == ThreadStatus.INTERRUPTED
    assert desk.thread(thread_id).pruned_at is None
    assert values(desk, thread_id) == {"topic": "anew", "log": ["write"]}


def test_a_start_while_it_is_pruned_waits_and_begins_from_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    thread_id = finished(desk)
    aged(desk)
    delete = desk.engine.delete_thread

    def meanwhile(thread_id: str, *guard: Any) -> None:
        desk.start("ask", {"topic": "anew"}, ADA, thread_id=thread_id)
        assert not desk.relay.advance(thread_id)  # it is reserved
        delete(thread_id, *guard)

    monkeypatch.setattr(desk.engine, "delete_thread", meanwhile)
    assert list(desk.retention.prune(30)) == [thread_id]
    assert desk.finish(thread_id).status == ThreadStatus.INTERRUPTED
    assert values(desk, thread_id) == {"topic": "anew", "log": ["write"]}


def test_what_could_not_be_removed_is_removed_the_next_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    thread_id = finished(desk)
    aged(desk)

    def locked(*_arguments: Any) -> None:
        raise StorageFailed("The database checkpoints.sqlite is locked.")

    with monkeypatch.context() as patched, pytest.raises(StorageFailed):
        patched.setattr(desk.engine, "delete_thread", locked)
        list(desk.retention.prune(30))
    thread = desk.thread(thread_id)
    assert (thread.pruned_at, thread.lease_owner) == (None, None)
    assert list(desk.retention.prune(30)) == [thread_id]


def test_a_pruner_that_was_stopped_for_long_removes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other processes take a silent lease over, whatever time it was to last."""
    thread_id = finished(desk)
    aged(desk)
    delete, late = desk.engine.delete_thread, [0.0]

    def stopped(*arguments: Any) -> None:
        late[0] = desk.settings.lease_seconds
        delete(*arguments)

    with monkeypatch.context() as patched, pytest.raises(LeaseLost, match="so its checkpoints are not removed"):
        patched.setattr("review.ops.retention.steady_clock", lambda: steady_clock() + late[0])
        patched.setattr(desk.engine, "delete_thread", stopped)
        list(desk.retention.prune(30))
    assert checkpoints(desk) == {thread_id}
    assert desk.thread(thread_id).pruned_at is None
    assert list(desk.retention.prune(30)) == [thread_id]


def test_a_reservation_of_a_process_that_died_is_taken_over(desk: Desk) -> None:
    thread_id = finished(desk)
    aged(desk)
    assert desk.ledger.upkeep.reserve(thread_id, f"dead{PRUNER}", now(), -1)
    assert list(desk.retention.prune(30)) == [thread_id]


def test_a_relay_prunes_by_itself_where_the_setting_says_so(make_desk: MakeDesk) -> None:
    keeping = make_desk({"ask": ASK})
    old = [finished(keeping) for _ in range(25)]
    aged(keeping)
    keeping.retention.look()
    assert not keeping.thread(old[0]).pruned_at
    pruning = make_desk(other=1, retention_days=30)
    pruning.relay.start()
    wait_for(lambda: all(pruning.thread(each).pruned_at for each in old), "the old threads' end")
    assert checkpoints(pruning) == set()


def test_threads_of_other_programs_are_theirs_to_prune(desk: Desk) -> None:
    thread_id = finished(desk)
    aged(desk)
    with closing(sqlite3.connect(desk.settings.data_dir / "ledger.sqlite")) as connection:
        connection.execute("UPDATE threads SET found = 1")
        connection.commit()
    assert list(desk.retention.prune(1)) == []
    assert desk.engine.snapshot(ThreadRef(thread_id, "ask")).exists


def test_the_command_prunes_and_gives_the_space_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell = Shell(tmp_path, monkeypatch)
    assert "give --days" in shell("prune").err
    for n in range(20):
        review = shell.draft("Tea " * 500, "--thread", f"thread-{n}")
        shell.json("decide", review["id"], "approve", "--reviewer", "Ann")
    file = tmp_path / "data" / "checkpoints.sqlite"
    kept: Callable[[], int] = lambda: file.stat().st_size  # noqa: E731
    assert shell.json("prune", "--days", "1")["pruned"] == 0
    pruned = shell.json("prune", "--days", "0")
    assert pruned["pruned"] == 20
    assert pruned["free_bytes"] > 0
    before = kept()
    given = shell.json("prune", "--days", "0", "--vacuum")["given_back_bytes"]
    assert given > 0
    assert kept() < before
    assert "removed" in shell.json("thread", "thread-0")["steps_error"]["message"]
    assert shell("verify").code == 0


def test_space_is_not_given_back_beside_an_app(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell = Shell(tmp_path, monkeypatch)
    begin(desk)
    told = shell("prune", "--days", "1", "--vacuum")
    assert told.code == 2
    assert "Stop it" in told.err
