"""What every engine offers: the only door to LangGraph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from review.model import ReviewKind, Step


@dataclass(frozen=True)
class ThreadRef:
    """Which thread of which graph, and what LangGraph does not keep for it: context and config."""

    id: str
    graph: str
    context: Any = None
    config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Begin:
    """Run with a new input."""

    input: Any


@dataclass(frozen=True)
class Resume:
    """Run on: with answers by interrupt id, or, where there are none, past a breakpoint or a failed node."""

    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Pause:
    """One place where a thread stands and waits for a person.

    node is the path of node names, `outer/inner` for a subgraph's; root is the first of them. payload is the
    interrupt's own value, or what there is to say of the breakpoint or the failure.
    """

    kind: ReviewKind
    node: str
    root: str
    checkpoint_id: str | None
    payload: Any
    task_id: str | None = None
    interrupt_id: str | None = None
    response_schema: Mapping[str, Any] | None = None
    error: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """Where a thread stands, read from its newest checkpoint.

    exists is false where there is no checkpoint. next are the nodes to run. unfinished says that some of them wait
    for no person: their run was drained, killed, or is under way. nodes are those that the graph has now, a subgraph's
    as `outer/inner`; lost are those that the stored state would run next and that the graph no longer has.
    """

    exists: bool
    checkpoint_id: str | None
    values: Any
    next: tuple[str, ...]
    pauses: tuple[Pause, ...]
    unfinished: bool
    nodes: frozenset[str]
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stood:
    """Where a thread stood at one of its checkpoints: its values with their own types, and the nodes to run next."""

    checkpoint_id: str
    values: Any
    next: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class ShapeNode:
    """One node of a graph's drawing; the kinds `start` and `end` are LangGraph's own. It may stop for a person."""

    name: str
    kind: str = "node"
    stops_before: bool = False
    stops_after: bool = False


@dataclass(frozen=True)
class Arrow:
    """An edge of the drawing; a conditional one may not be taken, and may be named."""

    source: str
    target: str
    conditional: bool = False
    label: str = ""


@dataclass(frozen=True)
class Shape:
    """A graph as it can be drawn."""

    nodes: tuple[ShapeNode, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended: by itself, with an error, cancelled, or drained at a step's boundary.

    invalid is the graph's own message where it refused an answer. hint is a sentence on what may be behind the error.
    """

    error: BaseException | None = None
    cancelled: bool = False
    drained: bool = False
    invalid: str | None = None
    hint: str | None = None


@dataclass(frozen=True)
class Written:
    """What a model has written so far in a run of this process. node is the path of node names, as a pause has it; of
    a text that was `cut`, its end is left."""

    node: str
    text: str
    began: datetime
    cut: bool = False

    @property
    def root(self) -> str:
        """The node as a step names it."""
        return self.node.partition("/")[0]


@dataclass(frozen=True)
class Stirred:
    """A thread with new rows in the checkpoints, and the graph that its metadata names.

    question: a name for what its tasks asked where the thread stands, another one for every other question; empty where
    none asked. LangGraph removes no question that was answered, so only a snapshot by the thread's own graph tells
    which still wait; those of tasks without any answer do (unanswered).
    """

    thread_id: str
    graph: str | None
    question: str
    unanswered: bool

    @property
    def asks(self) -> bool:
        return bool(self.question)


@dataclass(frozen=True)
class News:
    """What was written to the checkpoints beyond a mark, by whatever program; `more` is beyond the new mark."""

    mark: str
    stirred: tuple[Stirred, ...] = ()
    more: bool = False


class Engine(Protocol):
    """Runs graphs and reads or writes their state. Every method may be called from any thread and blocks.

    Raises `GraphNotFound` for a graph that cannot be loaded and `StorageFailed` where the checkpoints cannot be read.
    """

    def run(
        self,
        ref: ThreadRef,
        command: Begin | Resume,
        on_values: Callable[[Any], None] | None = None,
        guard: Callable[[], None] | None = None,
    ) -> RunOutcome:
        """Stream the graph's values, each step kept before the next begins, until it pauses, ends or fails.

        `guard` is called before each write to the checkpoints; what it raises ends the run, and is its error. On a
        caller's own checkpointer it is called at each step.
        """
        ...

    def snapshot(self, ref: ThreadRef) -> Snapshot:
        """Where the thread stands now."""
        ...

    def steps(self, ref: ThreadRef, after: str | None = None, limit: int = 200) -> list[Step]:
        """The thread's supersteps, oldest first, those up to checkpoint `after` left out."""
        ...

    def written(self, thread_id: str) -> tuple[Written, ...]:
        """What the models of the thread's run have written by now, where it is this process that runs it."""
        ...

    def stood(self, ref: ThreadRef, checkpoint_id: str) -> Stood:
        """Where the thread stood at that checkpoint. Raises `CheckpointNotFound`."""
        ...

    def fork_thread(self, ref: ThreadRef, checkpoint_id: str, fork_id: str, values: Any = None) -> None:
        """Have the thread `fork_id`, which is new, stand where `ref` stood at the checkpoint, with those `values`
        changed. Nothing is run, and `ref` is left as it is. Raises `CheckpointNotFound` or `BadInput`."""
        ...

    def shape(self, graph: str) -> Shape:
        """The graph's nodes and edges."""
        ...

    def news(self, mark: str | None) -> News:
        """The threads of the checkpoints that were written to since `mark`; without one, from the beginning."""
        ...

    def update_state(self, ref: ThreadRef, values: Any, guard: Callable[[], None] | None = None) -> None:
        """Change the state as a person; the nodes that were to run next are entered again. Raises `BadInput`, and what
        `guard` raises, which is called before the write, here and below."""
        ...

    def close_thread(self, ref: ThreadRef, guard: Callable[[], None] | None = None) -> None:
        """End the thread without running it further."""
        ...

    def delete_thread(self, thread_id: str, guard: Callable[[], None] | None = None) -> None:
        """Forget the thread's checkpoints."""
        ...

    def cancel(self, thread_id: str) -> None:
        """Stop the thread's run in this process, if there is one."""
        ...

    def drain(self) -> None:
        """Ask every run of this process to stop at its next step's boundary."""
        ...

    def close(self) -> None:
        """Give up the connections. No run may be under way."""
        ...
