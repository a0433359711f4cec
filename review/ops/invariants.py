"""What must hold between the rows of the ledger, and between them and the checkpoints; each rule by its name."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from review.engine.base import Snapshot
from review.ledger.checking import Record
from review.ledger.decisions import PAST
from review.model import (
    ACTIVE,
    BEING_APPLIED,
    BUSY,
    ENDED,
    SETTLED,
    Decision,
    Review,
    ReviewKind,
    ReviewStatus,
    ThreadStatus,
)
from review.planning import pause_key

WITHDRAWN = ("decision.withdrawn", "decision.invalid")


@dataclass(frozen=True)
class Broken:
    """A rule that does not hold, of which thread and review, and how."""

    rule: str
    told: str
    thread_id: str | None = None
    review_id: str | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def of_records(record: Record) -> tuple[list[Broken], list[Broken]]:
    """What the ledger alone tells: what is broken, and notes."""
    thread = record.thread
    broken = [each for review in record.reviews for each in _of_review(record, review)]
    active = [review for review in record.reviews if review.status in ACTIVE]
    keys = Counter(review.pause_key for review in active)
    for key, count in keys.items():
        if count > 1:
            broken.append(Broken("one review per pause", f"has {count} active reviews of pause {key}", thread.id))
    if thread.status in ENDED and active:
        told = f"is {thread.status} and has the active review {active[0].id}"
        broken.append(Broken("thread and reviews agree", told, thread.id))
    if thread.status == ThreadStatus.INTERRUPTED and thread.graph and not active:
        broken.append(Broken("thread and reviews agree", "is interrupted and has no active review", thread.id))
    waits = [review for review in active if review.status in BEING_APPLIED]
    if record.work_at is None and (thread.status in BUSY or waits):
        told = f"review {waits[0].id} is {waits[0].status}" if waits else f"it is {thread.status}"
        broken.append(Broken("no work left undone", f"no relay will come, and {told}", thread.id))
    notes = [] if thread.lease_owner else [_unknown(thread.id, action) for action in record.started]
    return broken, notes


def of_snapshot(record: Record, snapshot: Snapshot) -> list[Broken]:
    """Where the ledger and the checkpoints differ. A thread that a relay is to run next may differ until then."""
    thread = record.thread
    if thread.status in BUSY:
        return []
    active = {review.pause_key: review for review in record.reviews if review.status in ACTIVE}
    standing = {pause_key(pause): pause for pause in snapshot.pauses}
    broken = [
        Broken(
            "a pending review's pause stands",
            f"waits at {review.node}, where the thread does not",
            thread.id,
            review.id,
        )
        for key, review in active.items()
        if review.status == ReviewStatus.PENDING and key not in standing and not _of_the_run(review)
    ]
    for key, pause in standing.items():
        if pause.kind == ReviewKind.INTERRUPT and key not in active and thread.status not in ENDED:
            told = f"asks at {pause.node}, and no review is open for it"
            broken.append(Broken("a standing interrupt has a review", told, thread.id))
    if thread.status in ENDED and (snapshot.pauses or snapshot.next or snapshot.unfinished):
        stand = f"stand at {', '.join(snapshot.next)}" if snapshot.next else "are in the middle of a step"
        told = f"is {thread.status}, and its checkpoints {stand}"
        broken.append(Broken("thread and checkpoints agree", told, thread.id))
    at_an_end = snapshot.exists and not (snapshot.next or snapshot.unfinished or snapshot.lost)
    if thread.status == ThreadStatus.INTERRUPTED and at_an_end:
        broken.append(
            Broken("thread and checkpoints agree", "is interrupted, and its checkpoints are at an end", thread.id)
        )
    if thread.status == ThreadStatus.DONE and not snapshot.exists:
        broken.append(Broken("thread and checkpoints agree", "is done and has no checkpoints", thread.id))
    return broken


def _of_review(record: Record, review: Review) -> list[Broken]:
    made = [decision for decision in record.decisions if decision.review_id == review.id]
    standing = [decision for decision in made if decision.withdrawn_at is None]

    def broken(rule: str, told: str) -> Broken:
        return Broken(rule, told, review.thread_id, review.id)

    found = []
    if review.status in SETTLED and [review.decision] != standing:
        found.append(broken("a decided review has one decision", f"is {review.status} and has {_counted(standing)}"))
    if review.status == ReviewStatus.PENDING and (review.decision or standing):
        found.append(broken("a pending review has none", f"is pending and has {_counted(standing)}"))
    if review.status == ReviewStatus.SUPERSEDED and len(standing) > 1:
        found.append(broken("a review is decided once", f"was superseded and has {_counted(standing)}"))
    versions = Counter(decision.version for decision in made)
    if any(count > 1 for count in versions.values()):
        found.append(
            broken("a review is decided once", f"has two decisions on version {versions.most_common(1)[0][0]}")
        )
    return found + [broken("the audit has it", told) for told in _unaudited(record, review, made)]


def _unaudited(record: Record, review: Review, made: list[Decision]) -> list[str]:
    entries, told = record.entries, []
    for kind, count in Counter(decision.type for decision in made).items():
        if entries[review.id, PAST[kind]] < count:
            told.append(f"has {count} decisions to {kind} and {entries[review.id, PAST[kind]]} audit entries of them")
    withdrawn = sum(decision.withdrawn_at is not None for decision in made)
    if sum(entries[review.id, action] for action in WITHDRAWN) < withdrawn:
        told.append(f"has {withdrawn} withdrawn decisions, and no audit entry of as many")
    return told


def _counted(decisions: list[Decision]) -> str:
    return {0: "no standing decision", 1: "another standing decision"}.get(len(decisions), f"{len(decisions)} of them")


def _of_the_run(review: Review) -> bool:
    """A failure that no task shows: of the run itself, or of reading the thread."""
    return review.kind == ReviewKind.FAILED and review.task_id is None


def _unknown(thread_id: str, action: str) -> Broken:
    return Broken("actions end", f"began the action {action!r}, and nothing tells whether it took effect", thread_id)
