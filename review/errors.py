"""What can go wrong, in sentences.

One base, few subclasses. Each message names the thing, its state and the next step; the pages and the command
line print it as it is. `code` is for machines, `exit_code` is the command line's: 1 failed, 2 bad input,
3 refused, 4 unknown.
"""

from __future__ import annotations

from typing import Any


class ReviewError(Exception):
    """Something the desk refuses or could not do. `details` holds plain JSON values beside the sentence."""

    code = "error"
    exit_code = 1

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def as_json(self) -> dict[str, Any]:
        """`{"code", "message", ...details}`, as `--json` prints it below `error`."""
        return {"code": self.code, "message": self.message, **self.details}


class BadInput(ReviewError):
    """Input that does not fit: unreadable JSON, a value that the graph's schema refuses, an unusable setting."""

    code = "bad_input"
    exit_code = 2


class InvalidAnswer(BadInput):
    """A decision's value or message that the review cannot take."""

    code = "invalid_answer"


class SeveralPending(BadInput):
    """The thread has several reviews that wait, and nothing says which one is meant. `details`: reviews."""

    code = "several_pending"


class DecisionNotAllowed(BadInput):
    """A decision of a type that this review does not offer."""

    code = "decision_not_allowed"


class NoCheckpointer(BadInput):
    """The graph was compiled without a checkpointer, so it cannot pause."""

    code = "no_checkpointer"


class NotFound(ReviewError):
    """No graph, thread or review has that name."""

    code = "not_found"
    exit_code = 4


class GraphNotFound(NotFound):
    """No graph of that name is registered, or it failed to load."""

    code = "graph_not_found"


class ThreadNotFound(NotFound):
    """The ledger knows no thread of that id."""

    code = "thread_not_found"


class CheckpointNotFound(NotFound):
    """The thread has no checkpoint of that id."""

    code = "checkpoint_not_found"


class ReviewNotFound(NotFound):
    """The ledger knows no review of that id."""

    code = "review_not_found"


class Refused(ReviewError):
    """The request was sound and came too late, or somebody else holds the thing."""

    code = "refused"
    exit_code = 3


class AlreadyDecided(Refused):
    """Somebody decided this review first. `details`: review_id, decision, reviewer, decided_at."""

    code = "already_decided"


class Changed(Refused):
    """The review is no longer what was on screen. `details`: review_id, shown, version."""

    code = "changed"


class HeldByOther(Refused):
    """Another reviewer has claimed this review. `details`: review_id, assignee."""

    code = "held_by_other"


class ThreadBusy(Refused):
    """The thread is running, waiting for a person, or closed, so this cannot be done to it now."""

    code = "thread_busy"


class AlreadyStarted(Refused):
    """The thread was started before, and was to be started once. `details`: thread_id."""

    code = "already_started"


class Pruned(Refused):
    """The thread's checkpoints were removed for their age."""

    code = "pruned"


class ActionsRepeated(Refused):
    """A change of the state, or a fork, would let a step that has begun an action begin it anew. `details`: actions."""

    code = "actions_repeated"


class NothingPending(Refused):
    """The thread has no review that waits for a person."""

    code = "nothing_pending"


class LeaseLost(Refused):
    """This process no longer holds the thread; another one has taken it over."""

    code = "lease_lost"


class ResumeFailed(ReviewError):
    """The decision is recorded, and the graph could not take it."""

    code = "resume_failed"


class StorageFailed(ReviewError):
    """A database could not be read or written: locked, read-only, full, or damaged. `passes` says that it may be as it
    was before once the cause is gone: nothing is wrong with what it holds."""

    code = "storage_failed"
    passes = False


class UnknownOutcome(ReviewError):
    """An action was started before and nothing tells whether it took effect."""

    code = "unknown_outcome"
