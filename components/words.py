"""The words, colours and icons of statuses and decisions, the same on every page."""

from __future__ import annotations

import re
from typing import NamedTuple

from review.model import DecisionType, ReviewKind, ReviewStatus, ThreadStatus
from review.reviewers import DESK


class Word(NamedTuple):
    """How something is called and shown. icon is a Material symbol's name, tone a colour of the theme."""

    text: str
    tone: str
    icon: str


THREAD: dict[ThreadStatus, Word] = {
    ThreadStatus.QUEUED: Word("Queued", "gray", "schedule"),
    ThreadStatus.RUNNING: Word("Running", "blue", "progress_activity"),
    ThreadStatus.INTERRUPTED: Word("Waits for review", "orange", "pending_actions"),
    ThreadStatus.FAILED: Word("Failed", "red", "error"),
    ThreadStatus.DONE: Word("Done", "green", "check_circle"),
    ThreadStatus.CLOSED: Word("Closed", "gray", "block"),
}
REVIEW: dict[ReviewStatus, Word] = {
    ReviewStatus.PENDING: Word("Waits", "orange", "pending_actions"),
    ReviewStatus.DECIDED: Word("Decided", "blue", "how_to_reg"),
    ReviewStatus.RESUMING: Word("Resuming", "blue", "progress_activity"),
    ReviewStatus.RESUMED: Word("Resumed", "green", "check_circle"),
    ReviewStatus.RESUME_FAILED: Word("Resume failed", "red", "error"),
    ReviewStatus.SUPERSEDED: Word("Superseded", "gray", "block"),
}
KIND: dict[ReviewKind, Word] = {
    ReviewKind.INTERRUPT: Word("Review", "violet", "rate_review"),
    ReviewKind.BREAKPOINT: Word("Breakpoint", "blue", "pause_circle"),
    ReviewKind.FAILED: Word("Failed node", "red", "error"),
}
CRITICAL = Word("Critical", "orange", "gpp_maybe")
DECISION: dict[DecisionType, Word] = {
    DecisionType.APPROVE: Word("Approve", "green", "check"),
    DecisionType.EDIT: Word("Edit", "blue", "edit"),
    DecisionType.RESPOND: Word("Ask for changes", "orange", "chat"),
    DecisionType.REJECT: Word("Reject", "red", "close"),
    DecisionType.IGNORE: Word("Ignore", "gray", "visibility_off"),
    DecisionType.CONTINUE: Word("Continue", "green", "play_arrow"),
    DecisionType.RETRY: Word("Retry", "blue", "refresh"),
}
PAST: dict[DecisionType, str] = {
    DecisionType.APPROVE: "approved",
    DecisionType.EDIT: "edited and approved",
    DecisionType.RESPOND: "asked for changes",
    DecisionType.REJECT: "rejected",
    DecisionType.IGNORE: "ignored",
    DecisionType.CONTINUE: "continued",
    DecisionType.RETRY: "retried",
}


UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# What says less than the rest, in our own HTML: the text's colour, thinned, so that it suits light and dark.
FAINT = "opacity:.75"

ACTIONS: dict[str, str] = {
    "action.concluded": "Outcome of an action told",
    "decision.hastened": "Decision applied at once",
    "claim.withdrawn": "Claim undone",
    "review.taken_over": "Claim taken over",
    "review.reminded": "Reminder",
    "review.escalated": "Escalated",
    "decision.applied": "Decision applied",
    "decision.invalid": "Answer refused by the graph",
    "decision.refused": "Decision came too late",
    "decision.withdrawn": "Decision undone",
    "examples.added": "Examples added",
    "examples.removed": "Examples removed",
    "note.added": "Note added",
    "view.saved": "View saved",
    "view.removed": "View removed",
    "review.assigned": "Assigned",
    "resume.failed": "Resume failed",
    "review.approved": "Approved",
    "review.changed": "Review changed",
    "review.claimed": "Claimed",
    "review.continued": "Continued",
    "review.edited": "Edited and approved",
    "review.ignored": "Ignored",
    "review.opened": "Review opened",
    "review.rejected": "Rejected",
    "review.released": "Claim released",
    "review.responded": "Asked for changes, or answered",
    "review.retried": "Retried",
    "review.superseded": "Review superseded",
    "thread.assigned": "Graph assigned",
    "thread.cancel_requested": "Cancel requested",
    "thread.closed": "Thread closed",
    "thread.failed": "Thread failed",
    "thread.finished": "Thread finished",
    "thread.forked": "Forked",
    "thread.found": "Thread found",
    "thread.started": "Thread started",
    "thread.state_edited": "State edited",
}


def action(code: str) -> str:
    """An audit entry's action in words; one that is not listed, by its own parts."""
    return ACTIONS.get(code) or code.replace(".", " ").replace("_", " ").capitalize()


def short_id(thread_id: str) -> str:
    """As much of a thread's id as tells it from others; one that a person chose, whole."""
    return thread_id[:8] if UUID.fullmatch(thread_id) else thread_id


def by_whom(name: str) -> str:
    """Who did it, within a sentence; what nobody decided, the desk did."""
    return "the desk" if name == DESK else name


# What may be markup within a line, and what at the beginning of one.
WITHIN = re.compile(r"[\\`*\[\]<$~@]|(?<![^\W_])_|_(?![^\W_])|:(?=\S)|&(?=#?\w+;)|(?<=www)\.")
AT_FIRST = re.compile(r"^(\s*)(?:([#+\->=|])|(\d+)([.)]))", re.MULTILINE)


def escaped(text: object) -> str:
    """Untrusted text for a Markdown label: nothing in it is markup, and nothing is fetched. No more is escaped than
    has to be: whoever has a label read to them hears the signs that escape, too."""
    told = WITHIN.sub(r"\\\g<0>", str(text))
    return AT_FIRST.sub(lambda found: f"{found[1]}{found[3] or ''}\\{found[2] or found[4]}", told)
