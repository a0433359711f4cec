"""Processes beside each other: whose clock jumped takes nothing, and who was stopped or cannot renew writes nothing."""

from __future__ import annotations

import os
import signal
import sqlite3
from pathlib import Path

import pytest

from review.desk import Desk
from review.errors import LeaseLost
from review.model import ThreadStatus
from tests.conftest import MakeDesk, Spawn
from tests.support import ADA, begin, outcome_of, pending, stop_outside_transactions, values, wait_for

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


@pytest.mark.parametrize("ahead", [7200, -7200], ids=["two hours ahead", "two hours behind"])
def test_a_clock_that_jumped_takes_no_live_lease(
    make_desk: MakeDesk, spawn: Spawn, graphs: Path, tmp_path: Path, ahead: float
) -> None:
    desk = make_desk({"steps": STEPS}, lease_seconds=3)
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


def stopped_in_the_run(desk: Desk, spawn: Spawn, graphs: Path) -> int:
    """Have another process run the thread, stop that process, and have this one take the run over; the other's id."""
    stopped = serving(spawn, graphs.parent)
    wait_for((graphs / f"running-{stopped}").exists, "the run there")
    stop_outside_transactions(desk, stopped)
    desk.relay.start()
    wait_for((graphs / f"running-{os.getpid()}").exists, "the run here")
    return stopped


def test_a_stopped_process_that_lost_its_lease_writes_nothing_when_it_continues(
    make_desk: MakeDesk, spawn: Spawn, graphs: Path, tmp_path: Path
) -> None:
    desk = make_desk({"steps": STEPS}, lease_seconds=1)
    thread = desk.start("steps", {"topic": "bread"}, ADA)
    stopped = stopped_in_the_run(desk, spawn, graphs)
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
    stopped = stopped_in_the_run(desk, spawn, graphs)
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


def test_a_closed_process_leaves_no_lease(spawn: Spawn, make_desk: MakeDesk, graphs: Path, tmp_path: Path) -> None:
    desk = make_desk({"steps": STEPS})
    (graphs / "go").touch()
    process = spawn(SERVES, tmp_path / "data", graphs / "langgraph.json", 0)
    thread = desk.start("steps", {"topic": "bread"}, ADA)
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.DONE, "the end")
    assert outcome_of(process) == "serving\n"
    assert desk.ledger.leases.held() == []
