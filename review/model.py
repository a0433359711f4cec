"""The nouns: threads, reviews, decisions, audit entries, steps. Frozen values, aware UTC times."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from review.contract import Request


def now() -> datetime:
    """The present, aware, in UTC, to the microsecond that the ledger keeps."""
    return datetime.now(UTC)


class ThreadStatus(StrEnum):
    """Where a thread stands, as far as the ledger knows."""

    QUEUED = "queued"  # recorded by start; no run yet
    RUNNING = "running"  # a relay took the lease and has not settled it
    INTERRUPTED = "interrupted"  # settled: at least one review waits
    FAILED = "failed"  # settled: a node or the run failed, was cancelled, or the graph is gone
    DONE = "done"  # settled: the graph reached its end
    CLOSED = "closed"  # a person ended it without running it further


BUSY = (ThreadStatus.QUEUED, ThreadStatus.RUNNING)  # a relay has it, or will
WAITING = (ThreadStatus.INTERRUPTED, ThreadStatus.FAILED)  # the next move is a person's
ENDED = (ThreadStatus.DONE, ThreadStatus.CLOSED)


class ReviewStatus(StrEnum):
    """Where a review stands."""

    PENDING = "pending"  # settle opened it, undo or a refused answer put it back
    DECIDED = "decided"  # decide won the compare-and-set
    RESUMING = "resuming"  # a relay took it under the thread's lease
    RESUMED = "resumed"  # settle: the graph has the answer
    RESUME_FAILED = "resume_failed"  # settle: the graph could not take it; the decision is kept, retry is offered
    SUPERSEDED = "superseded"  # the thread moved on without it


OPEN = (ReviewStatus.PENDING, ReviewStatus.RESUME_FAILED)  # the next move is a person's
BEING_APPLIED = (ReviewStatus.DECIDED, ReviewStatus.RESUMING)
ACTIVE = (ReviewStatus.PENDING, *BEING_APPLIED, ReviewStatus.RESUME_FAILED)  # it still stands for a pause of its thread
SETTLED = (*BEING_APPLIED, ReviewStatus.RESUMED, ReviewStatus.RESUME_FAILED)  # it has a decision that stands


class ReviewKind(StrEnum):
    """What made the thread stop."""

    INTERRUPT = "interrupt"  # interrupt() in a node
    BREAKPOINT = "breakpoint"  # interrupt_before or interrupt_after
    FAILED = "failed"  # a node raised, or the run was cancelled


class DecisionType(StrEnum):
    """What a reviewer can say."""

    APPROVE = "approve"
    EDIT = "edit"
    REJECT = "reject"
    RESPOND = "respond"
    IGNORE = "ignore"
    CONTINUE = "continue"  # of a breakpoint
    RETRY = "retry"  # of a failed node, or of a resume that failed
    ANSWER = "answer"  # the resume value, verbatim; recorded as the decision that it means


@dataclass(frozen=True)
class Decision:
    """What a reviewer said, and the value that the graph gets for it.

    value and message are the reviewer's own; resume_value is what the dialect made of them, plain JSON. apply_at is
    when the relay may apply it; until then it can be withdrawn. reason is one of the graph's list, batch joins those
    that were made at once; share_changed is how much of what was under review the value changes, from 0 to 1, and
    seconds_shown how long the reviewer had it on screen.
    """

    id: str
    review_id: str
    version: str
    type: DecisionType
    value: Any
    message: str
    resume_value: Any
    reviewer: str
    signed_in: bool
    decided_at: datetime
    apply_at: datetime
    withdrawn_at: datetime | None = None
    reason: str | None = None
    batch: str | None = None
    share_changed: float | None = None
    seconds_shown: float | None = None


@dataclass(frozen=True)
class Review:
    """One pause of one thread, waiting for a person, or what became of it.

    version binds a decision to what was on screen. pause_key names the pause inside its thread, so that a settled
    run finds the reviews it has already opened. error is why the last answer was refused or could not be applied.
    critical asks for a typed confirmation. priority is 0 unless a deadline raised it; escalated_to is the person or
    group that the deadline named. replaces is the review that was superseded when the state was edited, and that this
    one asks anew.
    """

    id: str
    thread_id: str
    graph: str
    node: str
    kind: ReviewKind
    dialect: str
    interrupt_id: str | None
    task_id: str | None
    checkpoint_id: str | None
    pause_key: str
    version: str
    status: ReviewStatus
    request: Request
    payload: Any
    created_at: datetime
    due_at: datetime | None = None
    round: int = 0
    error: str | None = None
    assignee: str | None = None
    claimed_until: datetime | None = None
    priority: int = 0
    escalated_to: str | None = None
    replaces: str | None = None
    critical: bool = False
    example: bool = False
    decision: Decision | None = None

    @property
    def title(self) -> str:
        return self.request.title

    @property
    def label(self) -> str:
        """How a sentence names it."""
        return repr(self.title)

    def holder(self, at: datetime) -> str | None:
        """Who has claimed it, unless the claim is over by then."""
        if self.assignee is None or self.claimed_until is None or self.claimed_until < at:
            return None
        return self.assignee


@dataclass(frozen=True)
class Thread:
    """One run of a graph through its pauses. `input` is what it was last started with, until a run has taken it;
    `found` says that another program started it. Of a found one the graph may be unknown, and is empty then. `tries`
    counts the runs in a row that ended with their process or with a damaged database. `pruned_at` is when its
    checkpoints were removed for their age. A fork names the thread and the checkpoint that it began from."""

    id: str
    graph: str
    status: ThreadStatus
    created_at: datetime
    updated_at: datetime
    title: str = ""
    input: Any = None
    context: Any = None
    config: dict[str, Any] = field(default_factory=dict)
    input_pending: bool = False
    base_checkpoint: str | None = None
    error: str | None = None
    error_id: str | None = None
    example: bool = False
    lease_owner: str | None = None
    lease_until: datetime | None = None
    cancel_by: str | None = None
    found: bool = False
    tries: int = 0
    pruned_at: datetime | None = None
    origin_thread: str | None = None
    origin_checkpoint: str | None = None

    @property
    def label(self) -> str:
        """How a sentence names it: by its title, which it has from its first review; before that by its id."""
        return repr(self.title) if self.title else self.id


@dataclass(frozen=True)
class AuditEntry:
    """One thing that happened: dotted, past tense. Entries of one user action share `group`."""

    id: int
    at: datetime
    action: str
    actor: str
    signed_in: bool
    group: str
    thread_id: str | None = None
    review_id: str | None = None
    graph: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One superstep of a thread, from its checkpoint: which nodes ran, the values after them, and what they changed.

    changes has the new value of each key that changed; of a list that grew, only what was added.
    """

    checkpoint_id: str
    number: int
    nodes: tuple[str, ...]
    values: Any
    changes: dict[str, Any]
    at: datetime

    @property
    def changed(self) -> tuple[str, ...]:
        """The keys that changed."""
        return tuple(self.changes)
