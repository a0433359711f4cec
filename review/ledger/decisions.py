"""Decisions: made once, and recorded for a relay to apply. Each verb is one transaction, guarded by compare-and-set."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, insert, or_, update

from review.errors import ReviewError, StorageFailed
from review.ledger.audit import Note, new_id
from review.ledger.claims import free_for, refusal_of, take_claim_over
from review.ledger.database import Database
from review.ledger.drafts import drop_drafts
from review.ledger.mentions import drop_mentions
from review.ledger.reviews import get_review
from review.ledger.tables import decisions, reviews, threads
from review.model import DecisionType, Review, ReviewStatus, now
from review.reviewers import Reviewer

PAST = {
    DecisionType.APPROVE: "review.approved",
    DecisionType.EDIT: "review.edited",
    DecisionType.REJECT: "review.rejected",
    DecisionType.RESPOND: "review.responded",
    DecisionType.IGNORE: "review.ignored",
    DecisionType.CONTINUE: "review.continued",
    DecisionType.RETRY: "review.retried",
}


@dataclass(frozen=True)
class Draft:
    """A decision before it is recorded: what the reviewer said, and what the graph will get for it. Who sends a draft
    again under the same `id` gets the decision that was made with it. The rest is as in `Decision`."""

    type: DecisionType
    value: Any = None
    message: str = ""
    resume_value: Any = None
    undo_seconds: float = 0
    share_changed: float | None = None
    reason: str | None = None
    batch: str | None = None
    seconds_shown: float | None = None
    id: str = field(default_factory=partial(new_id, "decision"))


def decision_id(review_id: str, version: str, key: str) -> str:
    """The same whenever the same key is sent for the same version of a review, so that both are one decision."""
    told = f"{review_id} {version} {key}".encode("utf-8", "backslashreplace").decode()
    return f"decision-{uuid.uuid5(uuid.NAMESPACE_OID, told).hex[:16]}"


@dataclass(frozen=True)
class Item:
    """A draft for a review at a version. With `take_over`, whoever has claimed it loses it."""

    review_id: str
    version: str
    draft: Draft
    take_over: bool = False


class Decisions:
    """The decisions of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def decide(
        self, review_id: str, version: str, draft: Draft, reviewer: Reviewer, *, take_over: bool = False
    ) -> Review:
        """Record the decision on the pending `version`: compare-and-set, decision, audit, and work for a relay.

        A draft that was recorded before, under its id, is not recorded again: its decision is what comes back. With
        `take_over`, whoever has claimed the review loses it to `reviewer`. Raises `AlreadyDecided`, `Changed` or
        `HeldByOther` with nothing recorded but the refusal.
        """
        try:
            return self._decide(review_id, version, draft, reviewer, take_over)
        except StorageFailed:
            # The failure may have come behind the commit.
            review = self._made(review_id, draft)
            if review is None:
                raise
            return review

    def decide_together(self, items: Sequence[Item], reviewer: Reviewer) -> list[Review | ReviewError]:
        """Each item's own compare-and-set, all in one transaction: what one thread is told at once reaches its graph in
        one run. Returns, in their order, the decided review or why nothing was recorded on it."""
        try:
            with self._database.write() as connection:
                return [_attempt(connection, item, reviewer) for item in items]
        except StorageFailed as error:
            return [self._made(item.review_id, item.draft) or error for item in items]

    def _decide(self, review_id: str, version: str, draft: Draft, reviewer: Reviewer, take_over: bool) -> Review:
        with self._database.write() as connection:
            made = _attempt(connection, Item(review_id, version, draft, take_over), reviewer)
        if isinstance(made, ReviewError):
            raise made
        return made

    def _made(self, review_id: str, draft: Draft) -> Review | None:
        try:
            with self._database.read() as connection:
                review = get_review(connection, review_id)
        except ReviewError:
            return None
        return review if review.decision is not None and review.decision.id == draft.id else None

    def retry(self, review_id: str, reviewer: Reviewer) -> Review:
        """Have the recorded decision of a review whose resume failed applied once more."""
        with self._database.write() as connection:
            won = connection.execute(
                update(reviews)
                .where(reviews.c.id == review_id, reviews.c.status == ReviewStatus.RESUME_FAILED)
                .values(status=ReviewStatus.RESUMING, error=None, updated_at=now())
            ).rowcount
            review = get_review(connection, review_id)
            if won:
                give_work(connection, review.thread_id, now())
                Note(connection, reviewer).of_review("review.retried", review)
                return review
        raise refusal_of(review, review.version)


def _attempt(connection: Connection, item: Item, reviewer: Reviewer) -> Review | ReviewError:
    """Decide, or record that it was refused, and say why."""
    draft = item.draft
    if item.take_over:
        take_claim_over(connection, item.review_id, item.version, reviewer)
    free = free_for(connection, item.review_id, reviewer.name, now())
    if made := make_decision(connection, item.review_id, item.version, draft, reviewer, free):
        return made
    review = get_review(connection, item.review_id)
    if review.decision is not None and review.decision.id == draft.id:
        return review
    refusal = refusal_of(review, item.version)
    _note(connection, reviewer, draft).of_review("decision.refused", review, type=draft.type, why=refusal.code)
    return refusal


def make_decision(
    connection: Connection,
    review_id: str,
    version: str,
    draft: Draft,
    reviewer: Reviewer,
    *only_if: Any,
    detail: Mapping[str, Any] = MappingProxyType({}),
) -> Review | None:
    """The one way in which a decision comes about: compare-and-set, decision, work for a relay, audit with `detail`.
    None, with nothing recorded, where the pending review is not of that version, or not as `only_if` wants it."""
    at = now()
    decision = {
        "id": draft.id,
        "review_id": review_id,
        "version": version,
        "type": draft.type,
        "value": draft.value,
        "message": draft.message,
        "resume_value": draft.resume_value,
        "reviewer": reviewer.name,
        "signed_in": reviewer.signed_in,
        "decided_at": at,
        "apply_at": at + timedelta(seconds=draft.undo_seconds),
        "reason": draft.reason,
        "batch": draft.batch,
        "share_changed": draft.share_changed,
        "seconds_shown": draft.seconds_shown,
    }
    won = connection.execute(
        update(reviews)
        .where(
            reviews.c.id == review_id,
            reviews.c.version == version,
            reviews.c.status == ReviewStatus.PENDING,
            *only_if,
        )
        .values(status=ReviewStatus.DECIDED, decision_id=decision["id"], error=None, updated_at=at)
    ).rowcount
    if not won:
        return None
    connection.execute(insert(decisions).values(decision))
    drop_drafts(connection, review_id, reviewer.name)
    drop_mentions(connection, review_id, reviewer.name)
    review = get_review(connection, review_id)
    give_work(connection, review.thread_id, decision["apply_at"])
    _note(connection, reviewer, draft).of_review(PAST[draft.type], review, **_detail(draft), **detail)
    return review


def give_work(connection: Connection, thread_id: str, at: datetime) -> None:
    """Have a relay come to the thread by then."""
    sooner = or_(threads.c.work_at.is_(None), threads.c.work_at > at)
    connection.execute(update(threads).where(threads.c.id == thread_id, sooner).values(work_at=at))


def _detail(draft: Draft) -> dict[str, Any]:
    """What the audit tells beside who decided what; insights are counted from it."""
    told: dict[str, Any] = {"message": draft.message or None, "reason": draft.reason}
    told |= {"share_changed": draft.share_changed, "seconds_shown": draft.seconds_shown}
    return {name: item for name, item in told.items() if item is not None}


def _note(connection: Connection, reviewer: Reviewer, draft: Draft) -> Note:
    """The entries of a batch are of one user action."""
    return Note(connection, reviewer, draft.batch) if draft.batch else Note(connection, reviewer)
