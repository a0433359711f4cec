"""Fixtures: approval queues that close themselves, savers, and somebody's project."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite import SqliteSaver

from review import ApprovalQueue
from tests.review.their_projects import Project


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


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Writes somebody's project: `project({"graphs": {...}}, **{"src/agent.py": "..."})`; returns its langgraph.json.

    What its import adds to the path and to the modules is taken away again.
    """
    path, modules, environment = sys.path.copy(), set(sys.modules), dict(os.environ)
    folder = tmp_path / "theirs"
    folder.mkdir()

    def make(manifest: dict[str, Any], **files: str) -> Path:
        for name, text in files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        registry = folder / "langgraph.json"
        registry.write_text(json.dumps(manifest), "utf-8")
        return registry

    yield make
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if str(folder) in str(getattr(sys.modules[name], "__file__", "") or ""):
            del sys.modules[name]
    os.environ.clear()
    os.environ.update(environment)
