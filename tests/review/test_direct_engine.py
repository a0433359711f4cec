"""The engine of the caller's own thread."""

from __future__ import annotations

import operator
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import START, StateGraph
from typing_extensions import TypedDict

from review.engine.base import Begin, Resume, RunOutcome, ThreadRef
from review.engine.direct import DirectEngine
from review.errors import CheckpointNotFound, StorageFailed
from review.registry import Registry

REF = ThreadRef("one", "steps")


class State(TypedDict):
    log: Annotated[list[str], operator.add]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(tmp_path / "checkpoints.sqlite", check_same_thread=False)
    yield connection
    connection.close()


@pytest.fixture
def engine(connection: sqlite3.Connection) -> DirectEngine:
    saver = SqliteSaver(connection)
    builder = StateGraph(State)
    builder.add_sequence([("first", lambda _: {"log": ["first"]}), ("second", lambda _: {"log": ["second"]})])
    builder.add_edge(START, "first")
    return DirectEngine(Registry(graphs={"steps": builder.compile(checkpointer=saver)}), saver)


def log(engine: DirectEngine) -> Any:
    return engine.snapshot(REF).values.get("log")


@pytest.mark.parametrize("how", ["cancel", "drain"])
def test_run_stops_at_the_next_step_and_goes_on(engine: DirectEngine, how: str) -> None:
    order = engine.drain if how == "drain" else lambda: engine.cancel("one")

    def stop(values: Any) -> None:
        if not values["log"]:  # from another thread, as the heartbeat does
            other = threading.Thread(target=order)
            other.start()
            other.join()

    outcome = engine.run(REF, Begin({"log": []}), stop)
    assert outcome == RunOutcome(cancelled=how == "cancel", drained=how == "drain")
    assert log(engine) == ["first"]
    assert engine.snapshot(REF).unfinished
    assert engine.run(REF, Resume()) == RunOutcome()
    assert log(engine) == ["first", "second"]


def test_steps_are_read_oldest_first_and_beyond_one(engine: DirectEngine) -> None:
    engine.run(REF, Begin({"log": []}))
    steps = engine.steps(REF)
    assert [step.nodes for step in steps[-2:]] == [("first",), ("second",)]
    assert [step.nodes for step in engine.steps(REF, steps[-2].checkpoint_id)] == [("second",)]


def test_thread_is_edited_closed_and_deleted(engine: DirectEngine) -> None:
    engine.run(REF, Begin({"log": []}))
    engine.update_state(REF, {"log": ["edited"]})
    assert log(engine) == ["edited"]
    engine.close_thread(REF)
    assert engine.snapshot(REF).next == ()
    engine.delete_thread("one")
    assert not engine.snapshot(REF).exists


def test_saver_that_fails_is_told_in_a_sentence(engine: DirectEngine, connection: sqlite3.Connection) -> None:
    connection.close()
    with pytest.raises(StorageFailed):
        engine.snapshot(REF)


def test_a_fork_stands_where_its_origin_stood_with_other_values(engine: DirectEngine) -> None:
    engine.run(REF, Begin({"log": []}))
    first = next(step for step in engine.steps(REF) if step.nodes == ("first",))
    engine.fork_thread(REF, first.checkpoint_id, "fork", {"log": ["changed"]})
    fork = ThreadRef("fork", "steps")
    assert engine.snapshot(fork).next == ("second",)
    engine.run(fork, Resume())
    assert engine.snapshot(fork).values == {"log": ["changed", "second"]}
    assert log(engine) == ["first", "second"]
    with pytest.raises(CheckpointNotFound):
        engine.fork_thread(REF, "nowhere", "other")
    assert [node.name for node in engine.shape("steps").nodes] == ["__start__", "first", "second", "__end__"]
