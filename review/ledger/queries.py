"""What the queue is asked for: which tab, which filters, in which order; and the same as a page's query parameters.
The orders of the threads, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from review.model import ReviewKind

SEARCH_LENGTH = 200


class Tab(StrEnum):
    """A part of the queue. One review may be in several."""

    MINE = "mine"  # pending, and claimed by me or escalated to me or to a group of mine
    OPEN = "open"  # pending
    DUE = "due"  # pending, and overdue or due within a day
    FAILED = "failed"  # a failed node that waits, or a decision that the graph could not take
    DECIDED = "decided"  # decided, on its way to the graph or there; newest first, whatever the sort


class Sort(StrEnum):
    """An order of the queue. What is equal in it comes oldest first."""

    AGE = "age"  # oldest first
    DUE = "due"  # what is due first; then what is never due
    PRIORITY = "priority"  # highest first
    GRAPH = "graph"  # by the graph's name


class ThreadOrder(StrEnum):
    """An order of the threads."""

    STARTED = "started"  # newest first
    MOVED = "moved"  # what moved last first


@dataclass(frozen=True)
class QueueQuery:
    """A way to look at the queue. assignee: who has claimed it, among what is decided who decided it. priority: at
    least so high. older_than: opened longer ago than so many seconds. search: part of the title or of the payload as
    JSON, whatever the case."""

    tab: Tab = Tab.OPEN
    graph: str | None = None
    kind: ReviewKind | None = None
    assignee: str | None = None
    priority: int | None = None
    older_than: float | None = None
    search: str = ""
    sort: Sort = Sort.AGE


def query_of(parameters: Mapping[str, Any]) -> QueueQuery:
    """The query that a page's parameters say. What they do not say, or what is unusable in them, is as it is at first:
    an address is typed, cut off, and kept for longer than a graph."""
    readers: dict[str, Callable[[Any], Any]] = {
        "tab": Tab,
        "graph": str,
        "kind": ReviewKind,
        "assignee": str,
        "priority": int,
        "older_than": _seconds,
        "search": lambda text: str(text)[:SEARCH_LENGTH],
        "sort": Sort,
    }
    said: dict[str, Any] = {}
    for name, reader in readers.items():
        try:
            if parameters.get(name) not in (None, ""):
                said[name] = reader(parameters[name])
        except (ValueError, TypeError):
            continue
    return QueueQuery(**said)


def parameters_of(query: QueueQuery) -> dict[str, str]:
    """The query as a page's parameters, without what is as it is at first."""
    at_first = QueueQuery()
    said = {field.name: getattr(query, field.name) for field in fields(query)}
    return {name: _text(value) for name, value in said.items() if value != getattr(at_first, name)}


def _text(value: Any) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _seconds(text: Any) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 1e10:
        raise ValueError(text)
    return seconds
