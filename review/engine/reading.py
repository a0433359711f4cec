"""Reading pauses out of LangGraph's state snapshots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langgraph.checkpoint.base import CheckpointTuple
from langgraph.pregel import Pregel
from langgraph.types import Interrupt, PregelTask, StateSnapshot

from review.engine.base import Pause, Snapshot
from review.model import ReviewKind

# LangGraph's own channels: the answers that a task has taken; what is to run next, by edge, by `Send` and by join.
RESUME_CHANNEL, BRANCH, SENDS, JOIN = "__resume__", "branch:to:", "__pregel_tasks", "join:"

# The pending writes of a checkpoint: (task id, channel, value).
Writes = Sequence[tuple[str, str, Any]]


@dataclass(frozen=True)
class Leaf:
    """A task that runs a node itself, not through a subgraph. `path` are the node names from the root down."""

    task: PregelTask
    path: tuple[str, ...]
    snapshot: StateSnapshot

    @property
    def namespace(self) -> str:
        """The task's own checkpoint namespace, from which LangGraph makes its interrupts' ids."""
        around = self.snapshot.config["configurable"].get("checkpoint_ns", "")
        return f"{around}|{self.task.name}:{self.task.id}".lstrip("|")


def leaves(snapshot: StateSnapshot, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """The tasks to run next, subgraphs entered where LangGraph shows their state."""
    for task in snapshot.tasks:
        inner = task.state
        if isinstance(inner, StateSnapshot) and inner.tasks:
            yield from leaves(inner, (*path, task.name))
        else:
            yield Leaf(task, (*path, task.name), snapshot)


def needs_writes(leaf: Leaf) -> bool:
    """Whether only the checkpoint's pending writes tell if the task's interrupt still waits."""
    return bool(leaf.task.interrupts)


def exhausted(snapshot: StateSnapshot, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], StateSnapshot]]:
    """The checkpoints from which nothing is to run: at an end, or where the graph lost the node that came next."""
    if snapshot.created_at is not None and not snapshot.tasks:
        yield path, snapshot
    for task in snapshot.tasks:
        if isinstance(task.state, StateSnapshot):
            yield from exhausted(task.state, (*path, task.name))


def is_edited(snapshot: StateSnapshot) -> bool:
    """Whether a person's change made this checkpoint: no node ran, and what led here is further back."""
    return (snapshot.metadata or {}).get("source") == "update"


def read_snapshot(
    graph: Pregel[Any, Any, Any, Any],
    snapshot: StateSnapshot,
    stored: Mapping[str, CheckpointTuple | None],
    before: StateSnapshot | None,
) -> Snapshot:
    """`stored` has, by namespace, the checkpoints that are needed as they are stored; `before` is the one before the
    nodes that ran last, where the graph has breakpoints behind nodes."""
    exists = snapshot.created_at is not None
    checkpoint_id = snapshot.config["configurable"].get("checkpoint_id") if exists else None
    nodes = _nodes(graph, snapshot)
    pauses: list[Pause] = []
    resting: list[Leaf] = []
    for leaf in leaves(snapshot):
        kept = stored.get(_namespace(leaf.snapshot))
        found = _pauses_of(leaf, kept.pending_writes or () if kept else (), checkpoint_id)
        pauses += found
        if not found and leaf.task.result is None:
            resting.append(leaf)
    # The root's breakpoints stop a whole step; a subgraph may stand at its own beside a task that asks or failed.
    stopped = [leaf for leaf in resting if len(leaf.path) > 1] if pauses else resting
    breakpoints = _breakpoints(graph, stopped, before, checkpoint_id)
    return Snapshot(
        exists=exists,
        checkpoint_id=checkpoint_id,
        values=snapshot.values,
        next=snapshot.next,
        pauses=tuple(pauses + breakpoints),
        unfinished=bool(resting) and not breakpoints,
        nodes=nodes,
        lost=tuple(
            name
            for path, end in exhausted(snapshot)
            if (kept := stored.get(_namespace(end))) is not None
            for name in _awaited(kept, path)
            if name not in nodes
        ),
    )


def _namespace(snapshot: StateSnapshot) -> str:
    return str(snapshot.config["configurable"].get("checkpoint_ns", ""))


def _nodes(graph: Pregel[Any, Any, Any, Any], snapshot: StateSnapshot) -> frozenset[str]:
    names = set(graph.nodes)
    if any(isinstance(task.state, StateSnapshot) for task in snapshot.tasks):
        for path, inner in graph.get_subgraphs(recurse=True):
            names |= {f"{path.replace('|', '/')}/{name}" for name in getattr(inner, "nodes", ())}
    return frozenset(names)


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


def _breakpoints(
    graph: Pregel[Any, Any, Any, Any], resting: list[Leaf], before: StateSnapshot | None, checkpoint_id: str | None
) -> list[Pause]:
    """The breakpoints that the graph itself declares where it rests; a drained or killed run fits none."""
    inner = dict(graph.get_subgraphs(recurse=True)) if any(len(leaf.path) > 1 for leaf in resting) else {}
    done = {task.name for task in before.tasks} if before is not None else set()
    found = []
    for leaf in resting:
        holder = graph if len(leaf.path) == 1 else inner.get("|".join(leaf.path[:-1]))
        if not isinstance(holder, Pregel):
            continue
        if _names(leaf.path[-1:], holder.interrupt_before_nodes):
            when, at = "before", leaf.path[-1]
        elif len(leaf.path) == 1 and _names(done, holder.interrupt_after_nodes):
            when, at = "after", ", ".join(sorted(done))
        else:
            continue
        found.append(
            Pause(
                kind=ReviewKind.BREAKPOINT,
                node="/".join(leaf.path),
                root=leaf.path[0],
                checkpoint_id=checkpoint_id,
                payload={"when": when, "node": at, "next": leaf.path[-1]},
                task_id=leaf.task.id,
            )
        )
    return found[:1]  # one breakpoint stops the whole step, so it is one review


def _names(nodes: Sequence[str] | set[str], listed: Any) -> bool:
    return bool(nodes) and (listed == "*" or bool(set(nodes) & set(listed)))
