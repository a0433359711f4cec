"""The tasks of a state snapshot and of the subgraphs inside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from langgraph.pregel import Pregel
from langgraph.types import PregelTask, StateSnapshot

Graph = Pregel[Any, Any, Any, Any]


@dataclass(frozen=True)
class Leaf:
    """A task that runs a node itself, not through a subgraph that still has work. `path` are the node names from the
    root down; `snapshot` is the state that it is a task of."""

    task: PregelTask
    path: tuple[str, ...]
    snapshot: StateSnapshot

    @property
    def namespace(self) -> str:
        """The task's own checkpoint namespace, from which LangGraph makes its interrupts' ids."""
        return f"{namespace_of(self.snapshot)}|{self.task.name}:{self.task.id}".lstrip("|")

    @property
    def ended(self) -> StateSnapshot | None:
        """Where the node is a subgraph that has run and has nothing left to run: its state."""
        inner = self.task.state
        return inner if isinstance(inner, StateSnapshot) and inner.created_at is not None else None


def leaves(snapshot: StateSnapshot, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """The tasks to run next, subgraphs entered where LangGraph shows their state."""
    for task in snapshot.tasks:
        inner = task.state
        if isinstance(inner, StateSnapshot) and inner.tasks:
            yield from leaves(inner, (*path, task.name))
        else:
            yield Leaf(task, (*path, task.name), snapshot)


def standing(snapshot: StateSnapshot, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], StateSnapshot]]:
    """The state itself and that of every subgraph that has begun, each with where it is."""
    if snapshot.created_at is not None:
        yield path, snapshot
    for task in snapshot.tasks:
        if isinstance(task.state, StateSnapshot):
            yield from standing(task.state, (*path, task.name))


def inner_graphs(graph: Graph, snapshot: StateSnapshot) -> dict[str, Any]:
    """The graph's subgraphs, as `outer|inner`, where the state has any to show."""
    shown = any(isinstance(task.state, StateSnapshot) for task in snapshot.tasks)
    return dict(graph.get_subgraphs(recurse=True)) if shown else {}


def namespace_of(snapshot: StateSnapshot) -> str:
    return str(snapshot.config["configurable"].get("checkpoint_ns", ""))
