"""Shared by the tests: graphs of ten lines as plug-in files, desks that close themselves, values with defaults."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from review.contract import Request
from review.desk import Desk
from review.leases import Lease
from review.model import Decision, DecisionType, Review, ReviewKind, ReviewStatus, Step, Thread, ThreadStatus
from review.reviewers import Reviewer

T = TypeVar("T")

ROOT = Path(__file__).parents[1]
ADA = Reviewer("ada")
BEN = Reviewer("ben", signed_in=True)
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

# What every graph below starts with.
HEAD = """
import operator, os, pathlib, signal, threading, time
from typing import Annotated, Any
from typing_extensions import TypedDict
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, Send, interrupt

class State(TypedDict, total=False):
    topic: str
    answer: Any
    log: Annotated[list, operator.add]

def wire(*nodes, state=State, **options):
    builder = StateGraph(state)
    for node in nodes:
        builder.add_node(node.__name__, node)
    for one, other in zip((START, *[n.__name__ for n in nodes]), (*[n.__name__ for n in nodes], END)):
        builder.add_edge(one, other)
    return builder.compile(**options)
"""

# A draft is written, a person is asked in the words of the specification, the answer is kept.
ASK = """
def write(state): return {"log": ["write"]}
def ask(state):
    return {"answer": interrupt({"draft": f"About {state.get('topic')}", "prompt": "Publish?"}), "log": ["ask"]}
def publish(state): return {"log": ["publish"]}
graph = wire(write, ask, publish)
"""

# Two siblings ask at once.
SIBLINGS = """
def left(state): return {"log": [("left", interrupt("left?"))]}
def right(state): return {"log": [("right", interrupt("right?"))]}
def join(state): return {"log": ["join"]}
builder = StateGraph(State)
for node in (left, right, join):
    builder.add_node(node.__name__, node)
for side in ("left", "right"):
    builder.add_edge(START, side)
    builder.add_edge(side, "join")
graph = builder.compile()
"""

# A node that raises while the file `broken` lies beside the graph, and works without it.
FRAGILE = """
HERE = pathlib.Path(__file__).parent
def first(state): return {"log": ["first"]}
def fragile(state):
    if (HERE / "broken").exists():
        raise RuntimeError("The printer is on fire.")
    return {"log": ["fragile"]}
graph = wire(first, fragile)
"""


def write_graphs(folder: Path, /, **sources: str | None) -> Path:
    """A langgraph.json in `folder`, and a module of a name of its own for each source; returns the registry's path.

    Graphs already listed stay, one given as None goes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    registry = folder / "langgraph.json"
    graphs: dict[str, str] = json.loads(registry.read_text("utf-8"))["graphs"] if registry.exists() else {}
    for name, source in sources.items():
        graphs.pop(name, None)
        if source is not None:
            file = folder / f"{name}_{uuid.uuid4().hex[:8]}.py"
            file.write_text(HEAD + source, "utf-8")
            graphs[name] = f"./{file.name}:graph"
    registry.write_text(json.dumps({"graphs": graphs}), "utf-8")
    return registry


def wait_for(found: Callable[[], T], what: str, seconds: float = 30) -> T:
    """The first true value of `found`; fails after `seconds`."""
    until = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < until, f"waited {seconds:g} s in vain for {what}"
        time.sleep(0.01)
    return value


def begin(desk: Desk, graph: str = "ask", given: Any = None, **more: Any) -> Thread:
    """Start a thread and run it here until it pauses, ends or fails."""
    given = {"topic": "bread"} if given is None else given
    return desk.finish(desk.start(graph, given, ADA, **more).id)


def reviews(desk: Desk, thread_id: str, *status: str) -> list[Review]:
    """The thread's reviews in the given statuses, oldest first; the pending ones without any."""
    return desk.ledger.reviews.of_thread(thread_id, status=status or (ReviewStatus.PENDING,))


def pending(desk: Desk, thread_id: str) -> Review:
    """The one review of the thread that waits."""
    (review,) = reviews(desk, thread_id)
    return review


def values(desk: Desk, thread_id: str) -> Any:
    return desk.state(thread_id).values


def actions(desk: Desk, thread_id: str) -> list[str]:
    """What the audit tells of the thread, oldest first."""
    return [entry.action for entry in desk.ledger.audit.entries(thread_id=thread_id, limit=None)][::-1]


def python(
    code: str, *arguments: object, env: Mapping[str, str] | None = None, **options: Any
) -> subprocess.Popen[str]:
    """Another process of the same program, with pipes; `code` finds its arguments in sys.argv[1:]."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def outcome_of(process: subprocess.Popen[str], seconds: float = 60, *, given: str | None = None) -> str:
    """What a process printed that had to end well; it is `given` so much to read before."""
    out, err = process.communicate(given, timeout=seconds)
    assert process.returncode == 0, err
    return out


def decision_factory(**overrides: Any) -> Decision:
    fields: dict[str, Any] = {
        "id": "decision-1",
        "review_id": "review-1",
        "version": "v1",
        "type": DecisionType.APPROVE,
        "value": None,
        "message": "",
        "resume_value": {"approved": True},
        "reviewer": "ada",
        "signed_in": False,
        "decided_at": AT,
        "apply_at": AT,
    }
    return Decision(**fields | overrides)


def review_factory(**overrides: Any) -> Review:
    """A pending review of an interrupt; `decided=True` gives it a decision to approve."""
    if overrides.pop("decided", False):
        overrides = {"status": ReviewStatus.DECIDED, "decision": decision_factory()} | overrides
    fields: dict[str, Any] = {
        "id": "review-1",
        "thread_id": "thread-1",
        "graph": "ask",
        "node": "ask",
        "kind": ReviewKind.INTERRUPT,
        "dialect": "specification",
        "interrupt_id": "a" * 32,
        "task_id": "task-1",
        "checkpoint_id": "checkpoint-1",
        "version": "v1",
        "status": ReviewStatus.PENDING,
        "request": Request(title="Publish?"),
        "payload": {"draft": "About bread", "prompt": "Publish?"},
        "created_at": AT,
    }
    fields |= overrides
    return Review(**{"pause_key": fields["interrupt_id"]} | fields)


def thread_factory(**overrides: Any) -> Thread:
    fields: dict[str, Any] = {
        "id": "thread-1",
        "graph": "ask",
        "status": ThreadStatus.INTERRUPTED,
        "created_at": AT,
        "updated_at": AT,
    }
    return Thread(**fields | overrides)


def step_factory(**overrides: Any) -> Step:
    fields: dict[str, Any] = {
        "checkpoint_id": "checkpoint-1",
        "number": 1,
        "nodes": ("ask",),
        "values": {},
        "changes": {},
        "at": AT,
    }
    return Step(**fields | overrides)


def take_and_die(desk: Desk, thread_id: str, ended: Lease | None = None) -> None:
    """Take the thread's lease, over that of another dead one where there is one, as a process that is dead by now."""
    name = uuid.uuid4().hex[:12]
    (desk.settings.data_dir / "owners" / f"{name}.lock").touch()
    assert desk.ledger.leases.take(thread_id, f"{socket.gethostname()}/{name}", 600, ended)


def stop_outside_transactions(desk: Desk, process: int) -> None:
    """Within one it would keep the databases locked for everybody, which nothing on their files can help. `process` is
    a child of this one."""

    def stopped() -> bool:
        os.kill(process, signal.SIGSTOP)
        os.waitpid(process, os.WUNTRACED)  # until each of its threads has stopped, and begins no transaction any more
        try:
            for name in ("ledger.sqlite", "checkpoints.sqlite"):
                with closing(sqlite3.connect(desk.settings.data_dir / name, timeout=0.1)) as connection:
                    connection.execute("BEGIN IMMEDIATE")
            return True
        except sqlite3.OperationalError:
            os.kill(process, signal.SIGCONT)
            return False

    wait_for(stopped, "a moment outside transactions")


def run_async(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run it on a thread of its own: the browser's library keeps a loop running on the tests' own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()
