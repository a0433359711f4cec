"""Timers: what a review's deadline does at its time, each once. A timer and its effect are one transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from review.ledger.among import among
from review.ledger.audit import Note, new_id
from review.ledger.database import Database
from review.ledger.decisions import Draft, make_decision
from review.ledger.rows import review_of, select_reviews
from review.ledger.tables import reviews, timers
from review.model import Review, ReviewStatus, now
from review.names import same_name
from review.reviewers import SYSTEM
from review.times import iso

# Behind every step of a deadline.
AFTER_ALL = 1000


class TimerKind(StrEnum):
    """What a timer does."""

    REMIND = "remind"
    ESCALATE = "escalate"
    TIMEOUT = "timeout"


@dataclass(frozen=True)
class Planned:
    """A timer before its review is there. detail: for an escalation `to` and `priority`, for the end `message`."""

    kind: TimerKind
    fire_at: datetime
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Timer:
    """One step of a review's deadline, in their order; fired_at is when it took effect."""

    id: str
    review_id: str
    kind: TimerKind
    step: int
    fire_at: datetime
    fired_at: datetime | None
    detail: dict[str, Any]


class _Missed(Exception):
    """The review moved between the look and the transaction: nothing is recorded, the timer stays."""


class Timers:
    """The timers of one ledger. Each verb returns whether the timer took effect here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, at: datetime, limit: int) -> list[Timer]:
        """Timers of pending reviews whose time has come, in the order of their times."""
        with self._database.read() as connection:
            return [_timer_of(row) for row in connection.execute(due_timers(at, limit))]

    def of_review(self, review_id: str) -> list[Timer]:
        """All of the review's, fired or not, in their order."""
        query = select(timers).where(timers.c.review_id == review_id).order_by(timers.c.step)
        with self._database.read() as connection:
            return [_timer_of(row) for row in connection.execute(query)]

    def reminded(self, review_ids: Collection[str]) -> set[str]:
        """Those of the reviews that there was a reminder of."""
        if not review_ids:
            return set()
        reminders = (timers.c.kind == TimerKind.REMIND, timers.c.fired_at.is_not(None))
        query = select(timers.c.review_id).where(among(timers.c.review_id, review_ids), *reminders)
        with self._database.read() as connection:
            return set(connection.scalars(query))

    def remind(self, timer: Timer) -> bool:
        with self._database.write() as connection:
            review = _fire(connection, timer)
            if review is not None:
                Note(connection).of_review("review.reminded", review, due_at=iso(review.due_at))
            return review is not None

    def escalate(self, timer: Timer, members: Collection[str], why: str | None = None) -> bool:
        """Raise the priority, name who it goes to, and end the claim of anybody who is not among `members`."""
        to, priority = timer.detail.get("to"), timer.detail.get("priority")
        with self._database.write() as connection:
            review = _fire(connection, timer)
            if review is None:
                return False
            raised = review.priority + 1 if priority is None else max(review.priority, priority)
            values = {"priority": raised, "escalated_to": to or review.escalated_to, "updated_at": now()}
            released = review.assignee is not None and not any(same_name(review.assignee, name) for name in members)
            freed = {"assignee": None, "claimed_until": None} if released else {}
            connection.execute(update(reviews).where(reviews.c.id == review.id).values(**values, **freed))
            note = Note(connection)
            told = {"to": to, "due_at": iso(review.due_at), "why": why}
            told = {name: item for name, item in told.items() if item}
            note.of_review("review.escalated", review, priority=raised, **told)
            if released:
                note.of_review("review.released", review, was=review.assignee)
            return True

    def decide(self, timer: Timer, version: str, draft: Draft) -> bool:
        """Decide for nobody: as a person's decision is recorded, by the same compare-and-set, whoever holds a claim."""
        try:
            with self._database.write() as connection:
                review = _fire(connection, timer)
                detail = {"due_at": iso(review.due_at)} if review else {}
                if review is None or not make_decision(connection, review.id, version, draft, SYSTEM, detail=detail):
                    raise _Missed
        except _Missed:
            return False
        return True


def due_timers(at: datetime, limit: int) -> Select[Any]:
    """Timers of pending reviews that are due. The status is asked for behind the timer's own index: of a join, a
    database may start with the reviews, and read the whole backlog at each look."""
    status = select(reviews.c.status).where(reviews.c.id == timers.c.review_id).scalar_subquery()
    return (
        select(timers)
        .where(timers.c.fired_at.is_(None), timers.c.fire_at <= at, status == ReviewStatus.PENDING)
        .order_by(timers.c.fire_at, timers.c.step)
        .limit(limit)
    )


def set_timers(connection: Connection, review_id: str, planned: Sequence[Planned]) -> None:
    """In the transaction that opens the review."""
    rows = [
        {
            "id": new_id("timer"),
            "review_id": review_id,
            "kind": each.kind,
            "step": step,
            "fire_at": each.fire_at,
            "detail": each.detail,
        }
        for step, each in enumerate(planned)
    ]
    if rows:
        connection.execute(insert(timers), rows)


def set_last_escalation(connection: Connection, review: Review, why: str) -> None:
    """The graph did not take what the desk decided at the deadline; nobody would hear of it otherwise."""
    known = select(timers.c.id).where(timers.c.review_id == review.id, timers.c.step == AFTER_ALL)
    if connection.scalar(known) is None:
        row = {"id": new_id("timer"), "review_id": review.id, "kind": TimerKind.ESCALATE, "step": AFTER_ALL}
        connection.execute(insert(timers).values(row | {"fire_at": now(), "detail": {"why": why}}))


def drop_timers(connection: Connection, review_id: str) -> None:
    """The review is over: what has not fired never will."""
    connection.execute(delete(timers).where(timers.c.review_id == review_id, timers.c.fired_at.is_(None)))


def _fire(connection: Connection, timer: Timer) -> Review | None:
    """Mark the timer as fired, once; the review as it stands then, or None where it was fired or need not be."""
    pending = select(reviews.c.id).where(reviews.c.id == timer.review_id, reviews.c.status == ReviewStatus.PENDING)
    won = connection.execute(
        update(timers)
        .where(timers.c.id == timer.id, timers.c.fired_at.is_(None), pending.exists())
        .values(fired_at=now())
    ).rowcount
    if not won:
        return None
    return review_of(connection.execute(select_reviews().where(reviews.c.id == timer.review_id)).one())


def _timer_of(row: Any) -> Timer:
    fields = row._asdict()
    return Timer(**fields | {"kind": TimerKind(fields["kind"])})
