"""Fixtures of the approval queue: queues that close themselves, and savers."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite import SqliteSaver

from review import ApprovalQueue


@pytest.fixture
def queues() -> Iterator[Callable[..., ApprovalQueue]]:
    made: list[ApprovalQueue] = []

    def make(graph: Any, **options: Any) -> ApprovalQueue:
        made.append(ApprovalQueue(graph, **options))
        return made[-1]

    yield make
    for queue in made:
        queue.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[SqliteSaver]:
    connection = sqlite3.connect(tmp_path / "checkpoints.sqlite", check_same_thread=False)
    yield SqliteSaver(connection)
    connection.close()


@pytest.fixture(params=["memory", "sqlite"])
def saver(request: pytest.FixtureRequest) -> Any:
    """One that works asynchronously too, and one that does not."""
    return InMemorySaver() if request.param == "memory" else request.getfixturevalue("sqlite")
