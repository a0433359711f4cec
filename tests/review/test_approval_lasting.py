"""Approval queues over a ledger that lasts and over one that does not; scripts that are killed, or forget them."""

from __future__ import annotations

import gc
import threading
from pathlib import Path

import pytest
from langgraph.checkpoint.sqlite import SqliteSaver

from review import ApprovalQueue
from review.errors import BadInput, ThreadNotFound
from review.ledger import MEMORY, Ledger
from review.model import ReviewStatus, ThreadStatus
from tests.review.approval_graphs import USER, Make, Tenant, critical, slow, tenants, wire
from tests.support import outcome_of, python, wait_for


@pytest.mark.parametrize("as_text", [True, False])
def test_next_queue_goes_on_where_the_last_one_ended(
    queues: Make, sqlite: SqliteSaver, tmp_path: Path, as_text: bool
) -> None:
    path = tmp_path / "kept" / "ledger.sqlite"
    ledger = str(path) if as_text else path
    with ApprovalQueue(tenants(sqlite), ledger=ledger) as first:
        thread_id = first.submit_for_approval({}, context=Tenant("acme"))
    with pytest.raises(BadInput, match="closed"):
        first.approve(thread_id)
    second = queues(tenants(sqlite), ledger=ledger)
    assert list(second.pending) == [thread_id]
    assert list(second.approve(thread_id).values["result"]) == ["acme", False]


def test_ledger_without_its_checkpoints_is_told(queues: Make, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.sqlite"
    first = queues(wire(critical), ledger=ledger)
    thread_id = first.submit_for_approval(USER)
    first.close()
    second = queues(wire(critical), ledger=ledger)
    with pytest.raises(ThreadNotFound, match="checkpointer does not"):
        second.approve(thread_id)
    assert second.pending[thread_id][0].status == ReviewStatus.PENDING


def test_callers_ledger_stays_open() -> None:
    ledger = Ledger(MEMORY)
    with ApprovalQueue(wire(critical), ledger=ledger) as queue:
        thread_id = queue.submit_for_approval(USER)
    assert ledger.threads.get(thread_id).status == ThreadStatus.INTERRUPTED
    ledger.close()


SCRIPT = """
import os, signal, sqlite3, sys
from pathlib import Path
from typing import Any
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, StateGraph
from langgraph.types import interrupt
from typing_extensions import TypedDict
from review import ApprovalQueue

class State(TypedDict):
    answer: Any

def ask(state):
    return {"answer": interrupt({"action": "go"})}

def act(state):
    if KILL:
        os.kill(os.getpid(), signal.SIGKILL)
    with open(folder / "effects", "a") as effects:
        effects.write("acted ")
    return {}

def graph(saver):
    builder = StateGraph(State)
    builder.add_sequence([ask, act])
    builder.add_edge(START, "ask")
    return builder.compile(checkpointer=saver)

folder = Path(sys.argv[1])
KILL = sys.argv[2] == "kill"
saver = SqliteSaver(sqlite3.connect(folder / "checkpoints.sqlite", check_same_thread=False))
"""

DECIDING = """
queue = ApprovalQueue(graph(saver), ledger=folder / "ledger.sqlite")
queue.approve(queue.submit_for_approval({}))
"""

GOING_ON = """
queue = ApprovalQueue(graph(saver), ledger=folder / "ledger.sqlite")
print(queue.pending, (folder / "effects").read_text())
queue.close()
saver.conn.close()
"""

FORGETTING = """
for each in (saver, InMemorySaver()):
    queue = ApprovalQueue(graph(each))
    queue.approve(queue.submit_for_approval({}))
again = ApprovalQueue(graph(InMemorySaver()))
again.submit_for_approval({})
print(os.environ.get("LANGGRAPH_STRICT_MSGPACK"))
saver.conn.close()
"""


def test_decision_of_a_killed_script_is_carried_out_by_the_next(tmp_path: Path) -> None:
    killed = python(SCRIPT + DECIDING, tmp_path, "kill")
    killed.communicate(timeout=60)
    assert killed.returncode == -9
    assert not (tmp_path / "effects").exists()
    assert outcome_of(python(SCRIPT + GOING_ON, tmp_path, "")) == "{} acted \n"


def test_forgotten_queue_ends_in_silence_and_changes_nothing_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LANGGRAPH_STRICT_MSGPACK", raising=False)
    script = python(SCRIPT + FORGETTING, tmp_path, "")
    out, errors = script.communicate(timeout=60)
    assert (script.returncode, out, errors) == (0, "None\n", "")


def test_forgotten_queue_gives_its_threads_back() -> None:
    before = set(threading.enumerate())

    def use() -> None:
        queue = ApprovalQueue(wire(slow, critical))
        queue.submit_for_approval(USER)

    use()
    gc.collect()
    wait_for(
        lambda: not [each for each in threading.enumerate() if each not in before and each.name.startswith("review")],
        "the threads of a forgotten queue to end",
    )
