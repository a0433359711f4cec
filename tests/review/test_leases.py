"""One thread is run by one process: whatever the clocks say, whoever was stopped, whether or not the ledger answers."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from review.desk import Desk
from review.errors import LeaseLost, StorageFailed
from review.leases import Lease, Sightings
from review.ledger import Start
from review.ledger.settle import Settlement, Settling
from review.ledger.tables import threads
from review.model import ReviewKind, ReviewStatus, ThreadStatus, now
from tests.conftest import MakeDesk, Spawn
from tests.support import (
    ADA,
    ASK,
    SIBLINGS,
    actions,
    begin,
    outcome_of,
    pending,
    reviews,
    stop_outside_transactions,
    take_and_die,
    values,
    wait_for,
)

LEASE = Lease("thread-1", "host/one", datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC), 0)

# Three steps; the second waits for the file `go` and writes down which process went through it.
STEPS = """
HERE = pathlib.Path(__file__).parent
def first(state): return {"log": ["first"]}
def waits(state):
    (HERE / f"running-{os.getpid()}").touch()
    while not (HERE / "go").exists(): time.sleep(0.005)
    return {"log": ["waits"]}
def last(state):
    with open(HERE / "last", "a") as file: file.write(f"{os.getpid()} {state['topic']}\\n")
    return {"log": ["last"]}
graph = wire(first, waits, last)
"""
# An action that begins once the file `go-` and the process's id is there.
ACTS = """
from review.contract import once
HERE = pathlib.Path(__file__).parent
def effect():
    with open(HERE / "effects", "a") as effects: effects.write(f"{os.getpid()}\\n")
def act(state):
    (HERE / f"running-{os.getpid()}").touch()
    while not (HERE / f"go-{os.getpid()}").exists(): time.sleep(0.005)
    try: return {"log": [once("act", effect)]}
    finally: (HERE / f"tried-{os.getpid()}").touch()
graph = wire(act)
"""
SERVES = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
import review.model
ahead = timedelta(seconds=float(sys.argv[3]))
review.model.now = lambda: datetime.now(UTC) + ahead
from review.desk import open_desk
from review.settings import Settings
desk = open_desk(Settings(data_dir=Path(sys.argv[1]), graphs=Path(sys.argv[2]), poll_seconds=0.02, lease_seconds=1))
desk.relay.start()
print("serving", flush=True)
for line in sys.stdin: pass
desk.close()
"""


@pytest.fixture
def graphs(tmp_path: Path) -> Path:
    folder = tmp_path / "graphs"
    folder.mkdir()
    return folder


def serving(spawn: Spawn, tmp_path: Path, ahead: float = 0) -> int:
    """Start a process that serves, its clock `ahead` seconds; returns its id."""
    process = spawn(SERVES, tmp_path / "data", tmp_path / "graphs" / "langgraph.json", ahead)
    assert process.stdout is not None
    assert process.stdout.readline() == "serving\n"
    return process.pid


def queued(desk: Desk) -> None:
    desk.ledger.threads.queue_start(Start("thread-1", "ask", {}), ADA)


def test_a_lease_is_silent_once_it_was_seen_unchanged_for_its_length() -> None:
    at = [100.0]
    sightings = Sightings(10, lambda: at[0])
    assert sightings.silent([LEASE]) == set()
    at[0] = 109.9
    assert sightings.silent([LEASE]) == set()
    at[0] = 110.0
    assert sightings.silent([LEASE]) == {"thread-1"}


def test_a_renewed_lease_is_looked_at_anew() -> None:
    at = [100.0]
    sightings = Sightings(10, lambda: at[0])
    sightings.silent([LEASE])
    at[0] = 1000.0
    renewed = replace(LEASE, until=LEASE.until - timedelta(hours=1))  # by a clock that was set back
    assert sightings.silent([renewed]) == set()
    at[0] = 1010.0
    assert sightings.silent([renewed]) == {"thread-1"}
    assert sightings.silent([]) == set()
    assert sightings.silent([renewed]) == set()


def test_a_lease_is_taken_over_only_as_it_was_seen(desk: Desk) -> None:
    leases = desk.ledger.leases
    queued(desk)
    assert leases.take("thread-1", "one", 60) is not None
    (seen,) = leases.held()
    assert leases.take("thread-1", "two", 60) is None
    assert leases.take("thread-1", "two", 60, idle=True) is None
    assert leases.renew("one", ["thread-1"], 60) == {"thread-1": None}
    assert leases.take("thread-1", "two", 60, seen) is None
    (seen,) = leases.held()
    assert leases.take("thread-1", "two", 60, seen) is not None
    assert leases.take("thread-1", "three", 60, seen) is None
    assert leases.renew("one", ["thread-1"], 60) == {}
    assert desk.thread("thread-1").tries == 1


def test_a_leased_thread_is_due_for_its_holder_alone(desk: Desk) -> None:
    leases = desk.ledger.leases
    queued(desk)
    leases.take("thread-1", "one", 60)
    assert leases.due("two", (), 10) == []
    assert leases.due("two", ["thread-1"], 10) == ["thread-1"]
    assert leases.due("one", (), 10) == ["thread-1"]


def test_two_takers_at_once_are_one_taker(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    leases = desk.ledger.leases
    queued(desk)
    leases.take("thread-1", "one", 60)
    (seen,) = leases.held()
    barrier, won = threading.Barrier(8), []

    def take(name: str) -> None:
        barrier.wait()
        if leases.take("thread-1", name, 60, seen):
            won.append(name)

    takers = [threading.Thread(target=take, args=(f"taker-{n}",)) for n in range(8)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert [desk.thread("thread-1").lease_owner] == won


@pytest.mark.parametrize("ahead", [7200, -7200], ids=["two hours ahead", "two hours behind"])
def test_a_clock_that_jumped_takes_no_live_lease(
    make_desk: MakeDesk, spawn: Spawn, graphs: Path, tmp_path: Path, ahead: float
) -> None:
    desk = make_desk({"steps": STEPS}, lease_seconds=1)
    desk.relay.start()
    thread = desk.start("steps", {"topic": "bread"}, ADA)
    wait_for((graphs / f"running-{os.getpid()}").exists, "the run here")
    serving(spawn, tmp_path, ahead)
    before = desk.thread(thread.id).lease_until
    other = serving(spawn, tmp_path, ahead)
    wait_for(lambda: desk.thread(thread.id).lease_until != before, "a renewal")
    assert not (graphs / f"running-{other}").exists()
    (graphs / "go").touch()
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.DONE, "the end")
    assert (graphs / "last").read_text() == f"{os.getpid()} bread\n"


@pytest.mark.parametrize("silent", [False, True], ids=["known to be dead", "silent for long"])
def test_what_a_holder_left_whose_clock_was_ahead_is_taken_over_at_once(make_desk: MakeDesk, silent: bool) -> None:
    desk = make_desk({"ask": ASK}, backoff_seconds=0)
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA)
    take_and_die(desk, review.thread_id)
    ahead = timedelta(hours=2)
    with desk.ledger.leases._database.write() as connection:
        connection.execute(
            update(threads)
            .where(threads.c.id == review.thread_id)
            .values(work_at=now() + ahead, updated_at=now() + ahead, lease_until=now() + ahead)
            .values({"lease_owner": "elsewhere/unheard"} if silent else {})
        )
    if silent:
        at = [0.0]
        desk.relay._sightings = Sightings(10, lambda: at[0])
        assert desk.relay.due() == []
        assert not desk.relay.advance(review.thread_id)
        at[0] = 10.0
    assert desk.relay.due() == [review.thread_id]
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE
    assert desk.ledger.leases.held() == []


def test_a_stopped_process_that_lost_its_lease_writes_nothing_when_it_continues(
    make_desk: MakeDesk, spawn: Spawn, graphs: Path, tmp_path: Path
) -> None:
    desk = make_desk({"steps": STEPS}, lease_seconds=1)
    thread = desk.start("steps", {"topic": "bread"}, ADA)
    stopped = serving(spawn, tmp_path)
    wait_for((graphs / f"running-{stopped}").exists, "the run there")
    stop_outside_transactions(desk, stopped)
    desk.relay.start()
    wait_for((graphs / f"running-{os.getpid()}").exists, "the run here")
    (graphs / "go").touch()
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.DONE, "the end")
    steps, entries = desk.steps(thread.id), desk.ledger.audit.entries()
    os.kill(stopped, signal.SIGCONT)
    again = desk.start("steps", {"topic": "cake"}, ADA)
    wait_for(lambda: desk.thread(again.id).status == ThreadStatus.DONE, "a later thread")
    desk.close()
    desk = make_desk(lease_seconds=1)
    third = desk.start("steps", {"topic": "rye"}, ADA)  # which only the one that was stopped can serve now
    wait_for(lambda: desk.thread(third.id).status == ThreadStatus.DONE, "the continued process to serve")
    assert desk.steps(thread.id) == steps
    assert [entry for entry in desk.ledger.audit.entries() if entry.thread_id == thread.id] == [
        entry for entry in entries if entry.thread_id == thread.id
    ]
    assert f"{stopped} bread" not in (graphs / "last").read_text()  # the cake is whose it comes to first


def test_a_stopped_process_that_lost_its_lease_begins_no_action_when_it_continues(
    make_desk: MakeDesk, spawn: Spawn, graphs: Path, tmp_path: Path
) -> None:
    """It is stopped before the start of its action, and goes on when the next process has not come to it yet."""
    desk = make_desk({"acts": ACTS}, lease_seconds=1)
    thread = desk.start("acts", {"topic": "bread"}, ADA)
    stopped = serving(spawn, tmp_path)
    wait_for((graphs / f"running-{stopped}").exists, "the run there")
    stop_outside_transactions(desk, stopped)
    desk.relay.start()
    wait_for((graphs / f"running-{os.getpid()}").exists, "the run here")
    (graphs / f"go-{stopped}").touch()
    os.kill(stopped, signal.SIGCONT)
    wait_for((graphs / f"tried-{stopped}").exists, "the continued process to come to its action")
    assert not (graphs / "effects").exists()
    (graphs / f"go-{os.getpid()}").touch()
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.DONE, "the end")
    assert (graphs / "effects").read_text() == f"{os.getpid()}\n"


def test_a_run_whose_lease_is_unsure_stops_before_its_next_checkpoint(make_desk: MakeDesk, graphs: Path) -> None:
    """Its heartbeat cannot write: another program holds the ledger's lock for longer than half the lease."""
    desk = make_desk({"steps": STEPS}, lease_seconds=1, lock_seconds=0.2)
    desk.relay.start()
    thread = desk.start("steps", {"topic": "bread"}, ADA)
    wait_for((graphs / f"running-{os.getpid()}").exists, "the run")
    before = desk.state(thread.id).checkpoint_id
    blocker = sqlite3.connect(desk.settings.data_dir / "ledger.sqlite", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    wait_for(lambda: _is_unsure(desk, thread.id), "the lease to be unsure")
    (graphs / "go").touch()
    wait_for(lambda: thread.id not in desk.relay._busy, "the run to stop")
    assert desk.state(thread.id).checkpoint_id == before
    assert not (graphs / "last").exists()
    blocker.execute("ROLLBACK")
    blocker.close()
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.DONE, "the end")
    assert values(desk, thread.id)["log"] == ["first", "waits", "last"]


@pytest.mark.parametrize("change", ["edit the state", "close"])
def test_a_persons_change_under_an_unsure_lease_is_not_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    review = pending(desk, begin(desk).id)
    before = desk.state(review.thread_id)
    monkeypatch.setattr(desk.relay._heartbeat, "_is_sure", lambda _held: False)  # as if it had been stopped for long
    with pytest.raises(LeaseLost, match="could not renew its lease"):
        if change == "close":
            desk.close_thread(review.thread_id, ADA)
        else:
            desk.edit_state(review.thread_id, {"topic": "cake"}, ADA)
    assert desk.state(review.thread_id) == before
    assert pending(desk, review.thread_id) == review
    assert desk.ledger.leases.held() == []


def _is_unsure(desk: Desk, thread_id: str) -> bool:
    try:
        desk.relay._heartbeat.guard(thread_id)
    except LeaseLost:
        return True
    return False


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


def test_a_closed_process_leaves_no_lease(spawn: Spawn, make_desk: MakeDesk, graphs: Path, tmp_path: Path) -> None:
    desk = make_desk({"steps": STEPS})
    (graphs / "go").touch()
    process = spawn(SERVES, tmp_path / "data", graphs / "langgraph.json", 0)
    thread = desk.start("steps", {"topic": "bread"}, ADA)
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.DONE, "the end")
    assert outcome_of(process) == "serving\n"
    assert desk.ledger.leases.held() == []
