"""The whole story of a thread: its steps, and what the audit tells of it, in the order of time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from review.cases import DECIDED
from review.model import AuditEntry, Step
from review.redline import FieldChange, field_changes


class MomentKind(StrEnum):
    """What happened, in a word."""

    STEP = "step"  # nodes ran
    REVIEW = "review"  # a person was asked, or somebody took the review in hand
    DECISION = "decision"  # a person decided, or that was undone, applied or refused
    EDIT = "edit"  # a person changed the state, or began a fork
    FAILURE = "failure"  # a node, a run or a resume failed
    THREAD = "thread"  # the thread began, ended, was found or closed


EDITS = ("thread.state_edited", "thread.forked")
FAILURES = ("thread.failed", "resume.failed", "decision.invalid")


@dataclass(frozen=True)
class Moment:
    """One thing that happened: a step, with the one before it, or an audit entry."""

    at: datetime
    kind: MomentKind
    step: Step | None = None
    before: Step | None = None
    entry: AuditEntry | None = None

    def changes(self) -> list[FieldChange]:
        """What the step changed in the state, place by place."""
        if self.step is None:
            return []
        return field_changes(self.before.values if self.before else {}, self.step.values)


def story_of(steps: Sequence[Step], entries: Iterable[AuditEntry]) -> list[Moment]:
    """Steps (oldest first) and entries (in any order) as one story, oldest first."""
    befores: list[Step | None] = [None, *steps]
    moments = [
        Moment(step.at, MomentKind.STEP, step=step, before=before) for step, before in zip(steps, befores, strict=False)
    ]
    moments += [Moment(entry.at, _kind(entry.action), entry=entry) for entry in entries]
    return sorted(moments, key=lambda moment: (moment.at, moment.entry.id if moment.entry else 0))


def parted(one: Sequence[Step], other: Sequence[Step]) -> int:
    """How many steps two branches have in common, from their beginning."""
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left.checkpoint_id != right.checkpoint_id:
            break
        shared += 1
    return shared


def _kind(action: str) -> MomentKind:
    if action in EDITS:
        return MomentKind.EDIT
    if action in FAILURES:
        return MomentKind.FAILURE
    if action in DECIDED or action.startswith("decision."):
        return MomentKind.DECISION
    return MomentKind.REVIEW if action.startswith(("review.", "note.", "action.")) else MomentKind.THREAD
