"""What the tests of the sample graphs share: a desk over our own langgraph.json, and what the graphs left behind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from review.desk import Desk
from review.model import Review, Thread
from tests.support import ADA, begin, pending, reviews


def example(desk: Desk, graph: str, number: int = 0) -> dict[str, Any]:
    """One of the inputs that the graph's own schema offers to try it with."""
    schema = desk.graph(graph).input_schema
    assert schema is not None
    given: dict[str, Any] = schema["examples"][number]
    return given


def ask(desk: Desk, graph: str, number: int = 0, **more: Any) -> Review:
    """Start the graph with one of its examples; the one review that waits then."""
    return pending(desk, begin(desk, graph, example(desk, graph, number), **more).id)


def say(
    desk: Desk, review: Review, type: str, value: Any = None, message: str = "", confirmation: str | None = None
) -> Mapping[str, Any]:
    """Decide, run on, and return the thread's values."""
    desk.decide(review.id, type, ADA, value=value, message=message, confirmation=confirmation)
    desk.finish(review.thread_id, review.id)
    values: Mapping[str, Any] = desk.state(review.thread_id).values
    return values


def thread_of(desk: Desk, review: Review) -> Thread:
    return desk.thread(review.thread_id)


def waiting(desk: Desk, review: Review) -> list[Review]:
    return reviews(desk, review.thread_id)


def lines(desk: Desk, file_name: str) -> list[dict[str, Any]]:
    """The lines of a file that a graph wrote below the data folder; none where there is no such file."""
    return lines_of(desk.settings.data_dir / file_name)


def lines_of(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
