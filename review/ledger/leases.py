"""Leases: a thread is run by one process at a time, and what there is to do on it is taken with its lease."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, case, or_, select, update

from review.errors import LeaseLost
from review.leases import Lease
from review.ledger.among import among
from review.ledger.database import Database
from review.ledger.rows import review_of, select_reviews
from review.ledger.tables import reviews, threads
from review.ledger.threads import get_thread
from review.model import BEING_APPLIED, Review, ReviewStatus, Thread, ThreadStatus, now

# The base of an input whose thread had no checkpoint; None says that no run has begun with it.
NOTHING_YET = "none"

EVER = datetime(1970, 1, 1, tzinfo=UTC)  # what is later has a time: an index finds it, unlike what is not null


@dataclass(frozen=True)
class Taken:
    """A thread under our lease. `before` is the row as it was, but for its `tries`, which count this one; `fresh` were
    decided until now, `resuming` were already being applied by a process that did not settle; the decisions on those
    that are `waiting` can still be undone."""

    before: Thread
    fresh: tuple[Review, ...]
    resuming: tuple[Review, ...]
    waiting: tuple[Review, ...] = ()


class Leases:
    """The leases of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, owner: str, ended: Collection[str], limit: int) -> list[str]:
        """Ids of threads that have work for a relay now and that nobody but `owner` holds, longest waiting first.
        `ended` are threads whose lease has run out."""
        free = or_(threads.c.lease_owner.is_(None), threads.c.lease_owner == owner, among(threads.c.id, ended))
        query = (
            select(threads.c.id).where(_has_work(now()), free).order_by(threads.c.work_at, threads.c.id).limit(limit)
        )
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def held(self) -> list[Lease]:
        """Every lease that is held."""
        fields = (threads.c.id, threads.c.lease_owner, threads.c.lease_until, threads.c.updated_at, threads.c.tries)
        with self._database.read() as connection:
            rows = connection.execute(select(*fields).where(threads.c.lease_owner.is_not(None)))
            return [Lease(*row) for row in rows]

    def take(
        self, thread_id: str, owner: str, seconds: float, ended: Lease | None = None, *, idle: bool = False
    ) -> Taken | None:
        """Take the thread's lease, and its due decisions with it; None where another process holds it, or where there
        is nothing to do for a relay (with `idle`, even then).

        `ended` is a lease that has run out; it is taken over if it is still as it was seen. What `owner` holds already
        is taken anew: its run is over, and could not be settled.
        """
        at = now()
        with self._database.write(derived=True) as connection:
            before = get_thread(connection, thread_id)
            won = connection.execute(
                update(threads)
                .where(threads.c.id == thread_id, _takeable(owner, ended), *[_has_work(at)] * (not idle))
                .values(
                    lease_owner=owner,
                    lease_until=at + timedelta(seconds=seconds),
                    work_at=at,
                    status=ThreadStatus.RUNNING,
                    # A lease that nobody gave back: its run ended with its process, or lost the database.
                    tries=threads.c.tries + case((threads.c.lease_owner.is_not(None), 1), else_=0),
                    updated_at=at,
                )
            ).rowcount
            if not won:
                return None
            decided = _decided(connection, thread_id)
            resuming = [review for review in decided if review.status == ReviewStatus.RESUMING]
            fresh = [
                review
                for review in decided
                if review.status == ReviewStatus.DECIDED and review.decision and review.decision.apply_at <= at
            ]
            if fresh:
                connection.execute(
                    update(reviews)
                    .where(reviews.c.id.in_([review.id for review in fresh]))
                    .values(status=ReviewStatus.RESUMING, updated_at=at)
                )
            tries = before.tries + (before.lease_owner is not None)
            waiting = [review for review in decided if review not in fresh and review not in resuming]
            return Taken(replace(before, tries=tries), tuple(fresh), tuple(resuming), tuple(waiting))

    def mark_base(self, thread_id: str, owner: str, checkpoint_id: str | None) -> None:
        """Keep which checkpoint a recorded input goes on from, so that a later process can tell if it was taken.

        Raises `LeaseLost` where the lease is no longer `owner`'s.
        """
        with self._database.write(derived=True) as connection:
            marked = connection.execute(
                update(threads)
                .where(threads.c.id == thread_id, threads.c.lease_owner == owner)
                .values(base_checkpoint=checkpoint_id or NOTHING_YET)
            ).rowcount
        if not marked:
            raise LeaseLost(f"Thread {thread_id} was taken over by another process; it is not run here.")

    def renew(self, owner: str, thread_ids: Sequence[str], seconds: float) -> dict[str, str | None]:
        """Prolong the leases; returns those still held, each with who asked to cancel it, if anybody did."""
        at = now()
        ours = and_(among(threads.c.id, thread_ids), threads.c.lease_owner == owner)
        with self._database.write(derived=True) as connection:
            connection.execute(update(threads).where(ours).values(lease_until=at + timedelta(seconds=seconds)))
            return {row.id: row.cancel_by for row in connection.execute(select(threads).where(ours))}


def _decided(connection: Connection, thread_id: str) -> list[Review]:
    waiting = reviews.c.status.in_(BEING_APPLIED)
    query = select_reviews().where(reviews.c.thread_id == thread_id, waiting)
    return [review_of(row) for row in connection.execute(query.order_by(reviews.c.created_at, reviews.c.id))]


def _has_work(at: datetime) -> Any:
    """That there is work for a relay by then. What is under a lease has it, whatever time its holder's clock wrote."""
    return and_(threads.c.work_at > EVER, or_(threads.c.work_at <= at, threads.c.lease_owner.is_not(None)))


def _takeable(owner: str, ended: Lease | None) -> Any:
    free = or_(threads.c.lease_owner.is_(None), threads.c.lease_owner == owner)
    if ended is None:
        return free
    return or_(free, and_(threads.c.lease_owner == ended.owner, threads.c.lease_until == ended.until))
