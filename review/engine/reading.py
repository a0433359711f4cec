"""Reading pauses out of LangGraph's state snapshots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from langgraph.checkpoint.base import CheckpointTuple
from langgraph.types import Interrupt, StateSnapshot

from review.engine.base import Pause, Snapshot
from review.engine.breakpoints import breakpoint_of
from review.engine.tasks import Graph, Leaf, inner_graphs, leaves, namespace_of, standing
from review.model import ReviewKind

# LangGraph's own channels: the answers that a task has taken; what is to run next, by edge, by `Send` and by join.
RESUME_CHANNEL, BRANCH, SENDS, JOIN = "__resume__", "branch:to:", "__pregel_tasks", "join:"

# The pending writes of a checkpoint: (task id, channel, value).
Writes = Sequence[tuple[str, str, Any]]


def is_edited(snapshot: StateSnapshot) -> bool:
    """Whether a person's change made this checkpoint: no node ran, and what led here is further back."""
    return (snapshot.metadata or {}).get("source") == "update"


def read_snapshot(
    graph: Graph,
    snapshot: StateSnapshot,
    stored: Mapping[str, CheckpointTuple | None],
    before: Mapping[str, StateSnapshot | None],
) -> Snapshot:
    """By namespace: `stored` has the checkpoints as they are stored, `before` the states before the nodes that ran
    last, where a graph has breakpoints behind nodes."""
    exists = snapshot.created_at is not None
    checkpoint_id = snapshot.config["configurable"].get("checkpoint_id") if exists else None
    nodes = _nodes(graph, snapshot)
    pauses: list[Pause] = []
    resting: list[Leaf] = []
    tasks = list(leaves(snapshot))
    for leaf in tasks:
        kept = stored.get(namespace_of(leaf.snapshot))
        found = _pauses_of(leaf, kept.pending_writes or () if kept else (), checkpoint_id)
        pauses += found
        if not found and leaf.task.result is None:
            resting.append(leaf)
    stop = breakpoint_of(graph, snapshot, resting, before, checkpoint_id)
    # A process may die when every task of a step has its result kept, and before the step has its checkpoint.
    between = bool(tasks) and not pauses and not resting
    return Snapshot(
        exists=exists,
        checkpoint_id=checkpoint_id,
        values=snapshot.values,
        next=snapshot.next,
        pauses=(*pauses, *([stop] if stop else [])),
        unfinished=(bool(resting) or between) and stop is None,
        nodes=nodes,
        lost=tuple(
            name
            for path, part in standing(snapshot)
            if (kept := stored.get(namespace_of(part))) is not None
            for name in _awaited(kept, path)
            if name not in nodes
        ),
    )


def _nodes(graph: Graph, snapshot: StateSnapshot) -> frozenset[str]:
    inner = inner_graphs(graph, snapshot).items()
    inside = {f"{path.replace('|', '/')}/{name}" for path, each in inner for name in getattr(each, "nodes", ())}
    return frozenset({*graph.nodes, *inside})


def _awaited(kept: CheckpointTuple, path: tuple[str, ...]) -> Iterator[str]:
    """The nodes that a stored checkpoint would run next, whether the graph has them or not."""
    for channel, value in kept.checkpoint["channel_values"].items():
        if channel.startswith(BRANCH):
            yield "/".join((*path, channel.removeprefix(BRANCH)))
        elif channel == SENDS:
            yield from ("/".join((*path, send.node)) for send in value)
        elif channel.startswith(JOIN):
            sources, _, target = channel.removeprefix(JOIN).rpartition(":")
            if set(sources.split("+")) <= set(value or ()):
                yield "/".join((*path, target))


def _pauses_of(leaf: Leaf, writes: Writes, checkpoint_id: str | None) -> list[Pause]:
    task = leaf.task
    answered = next(
        (len(value) for owner, channel, value in writes if (owner, channel) == (task.id, RESUME_CHANNEL)), 0
    )
    waiting = [interrupt for interrupt in task.interrupts if _waits(interrupt, leaf.namespace, answered, task.error)]
    common: dict[str, Any] = {
        "node": "/".join(leaf.path),
        "root": leaf.path[0],
        "checkpoint_id": checkpoint_id,
        "task_id": task.id,
    }
    if waiting:
        # An error beside a waiting interrupt is an old one: LangGraph does not clear it when the task goes on.
        return [
            Pause(
                kind=ReviewKind.INTERRUPT,
                payload=interrupt.value,
                interrupt_id=interrupt.id,
                response_schema=interrupt.response_schema,  # type: ignore[arg-type]
                error=str(task.error) if task.error else None,
                **common,
            )
            for interrupt in waiting
        ]
    # LangGraph goes on listing the error of a task that was retried and then ended well, until its siblings end too.
    if task.error and task.result is None and task.name in leaf.snapshot.next:
        error = str(task.error)
        return [Pause(kind=ReviewKind.FAILED, payload={"error": error}, error=error, **common)]
    return []


def _waits(interrupt: Interrupt, namespace: str, answered: int, error: object) -> bool:
    """Whether the listed interrupt still waits. LangGraph goes on listing one that was answered when the node failed
    behind its answer; its id tells how many answers the task had when it asked."""
    asked_at = [Interrupt.from_ns(None, ns=f"{namespace}|{n}" if n else namespace).id for n in range(answered + 1)]
    if interrupt.id in asked_at:
        return asked_at.index(interrupt.id) == answered
    return not error
