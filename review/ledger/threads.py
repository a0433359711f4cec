"""Threads: queued, taken under a lease, cancelled, closed. One thread is run by one process at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, case, delete, func, insert, or_, select, update

from review.errors import AlreadyStarted, BadInput, LeaseLost, ThreadBusy, ThreadNotFound
from review.leases import Lease
from review.ledger.audit import Note
from review.ledger.database import Database
from review.ledger.rows import review_of, select_reviews, thread_of
from review.ledger.tables import actions, audit, decisions, reviews, threads
from review.model import Review, Reviewer, ReviewStatus, Thread, ThreadStatus, now

# The base of an input whose thread had no checkpoint; None says that no run has begun with it.
NOTHING_YET = "none"
EXAMPLES_ADDED, EXAMPLES_REMOVED = "examples.added", "examples.removed"


@dataclass(frozen=True)
class Start:
    """A recorded start: what to run, with what. With `only_new`, not even a finished thread of that id goes on."""

    thread_id: str
    graph: str
    input: Any
    context: Any = None
    config: dict[str, Any] | None = None
    example: bool = False
    only_new: bool = False


@dataclass(frozen=True)
class Taken:
    """A thread under our lease. `before` is the row as it was, but for its `tries`, which count this one; `fresh` were
    decided until now, `resuming` were already being applied by a process that did not settle; the decisions on those
    that are `waiting` can still be undone."""

    before: Thread
    fresh: tuple[Review, ...]
    resuming: tuple[Review, ...]
    waiting: tuple[Review, ...] = ()


class Threads:
    """The threads of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, thread_id: str) -> Thread:
        """Raises `ThreadNotFound`."""
        with self._database.read() as connection:
            return get_thread(connection, thread_id)

    def page(self, *, before: tuple[datetime, str] | None = None, limit: int = 100) -> list[Thread]:
        """The newest `limit` threads, beyond the key `before` (created_at, id) of the page before."""
        query = select(threads).order_by(threads.c.created_at.desc(), threads.c.id.desc()).limit(limit)
        if before is not None:
            older = and_(threads.c.created_at == before[0], threads.c.id < before[1])
            query = query.where(or_(threads.c.created_at < before[0], older))
        with self._database.read() as connection:
            return [thread_of(row) for row in connection.execute(query)]

    def counts(self) -> dict[str, int]:
        """How many threads stand in each status."""
        with self._database.read() as connection:
            rows = connection.execute(select(threads.c.status, func.count()).group_by(threads.c.status))
            return {str(status): count for status, count in rows}

    def queue_start(self, start: Start, reviewer: Reviewer) -> Thread:
        """Record a start. A new thread, or a done one that goes on; raises `ThreadBusy` or `BadInput` otherwise."""
        at = now()
        values = {
            "status": ThreadStatus.QUEUED,
            "input": start.input,
            "context": start.context,
            "config": start.config or {},
            "input_pending": True,
            "base_checkpoint": None,
            "error": None,
            "error_id": None,
            "cancel_by": None,
            "pruned_at": None,
            "work_at": at,
            "updated_at": at,
        }
        with self._database.write() as connection:
            found = connection.execute(select(threads).where(threads.c.id == start.thread_id)).first()
            if found is None:
                fixed = {"id": start.thread_id, "graph": start.graph, "example": start.example, "created_at": at}
                connection.execute(insert(threads).values(**values, **fixed))
            else:
                _may_continue(thread_of(found), start)
                connection.execute(update(threads).where(threads.c.id == start.thread_id).values(**values))
            Note(connection, reviewer).of_thread("thread.started", start.thread_id, start.graph, start.example)
            return get_thread(connection, start.thread_id)

    def due(self, owner: str, ended: Collection[str], limit: int) -> list[str]:
        """Ids of threads that have work for a relay now and that nobody but `owner` holds, longest waiting first.
        `ended` are threads whose lease has run out."""
        free = or_(threads.c.lease_owner.is_(None), threads.c.lease_owner == owner, threads.c.id.in_(ended))
        query = (
            select(threads.c.id)
            .where(threads.c.work_at <= now(), free)
            .order_by(threads.c.work_at, threads.c.id)
            .limit(limit)
        )
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def leases(self) -> list[Lease]:
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
                .where(threads.c.id == thread_id, _takeable(owner, ended), *[threads.c.work_at <= at] * (not idle))
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
            decided = self._decided(connection, thread_id)
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
        ours = and_(threads.c.id.in_(thread_ids), threads.c.lease_owner == owner)
        with self._database.write(derived=True) as connection:
            connection.execute(update(threads).where(ours).values(lease_until=at + timedelta(seconds=seconds)))
            return {row.id: row.cancel_by for row in connection.execute(select(threads).where(ours))}

    def request_cancel(self, thread_id: str, reviewer: Reviewer) -> Thread:
        """Ask whoever runs the thread to stop it; a queued one is stopped before it begins. Raises `ThreadBusy`."""
        with self._database.write() as connection:
            thread = get_thread(connection, thread_id)
            if thread.status not in (ThreadStatus.QUEUED, ThreadStatus.RUNNING):
                raise ThreadBusy(f"Thread {thread_id} is {thread.status}, so there is no run to cancel.")
            values = {"cancel_by": reviewer.name, "updated_at": now()}
            connection.execute(update(threads).where(threads.c.id == thread_id).values(**values))
            Note(connection, reviewer).of_thread("thread.cancel_requested", thread_id, thread.graph, thread.example)
            return get_thread(connection, thread_id)

    def remove_examples(self, reviewer: Reviewer) -> list[str]:
        """Forget every example thread with its reviews; returns their ids. Audit entries stay, marked as examples."""
        with self._database.write() as connection:
            ids = list(connection.scalars(select(threads.c.id).where(threads.c.example)))
            of_them = select(reviews.c.id).where(reviews.c.thread_id.in_(ids))
            connection.execute(delete(decisions).where(decisions.c.review_id.in_(of_them)))
            connection.execute(delete(reviews).where(reviews.c.thread_id.in_(ids)))
            connection.execute(delete(actions).where(actions.c.thread_id.in_(ids)))
            connection.execute(delete(threads).where(threads.c.id.in_(ids)))
            Note(connection, reviewer)._write(EXAMPLES_REMOVED, example=True, detail={"threads": len(ids)})
        return ids

    def claim_first_start(self) -> bool:
        """Whether this ledger has never had a thread or an example: true for one caller only."""
        with self._database.write() as connection:
            used = connection.scalar(select(threads.c.id).limit(1)) or connection.scalar(select(audit.c.id).limit(1))
            if not used:
                Note(connection)._write(EXAMPLES_ADDED, example=True, detail={})
            return not used

    def has_examples(self) -> bool:
        with self._database.read() as connection:
            return connection.scalar(select(threads.c.id).where(threads.c.example).limit(1)) is not None

    @staticmethod
    def _decided(connection: Connection, thread_id: str) -> list[Review]:
        waiting = reviews.c.status.in_((ReviewStatus.DECIDED, ReviewStatus.RESUMING))
        query = select_reviews().where(reviews.c.thread_id == thread_id, waiting)
        return [review_of(row) for row in connection.execute(query.order_by(reviews.c.created_at, reviews.c.id))]


def get_thread(connection: Connection, thread_id: str) -> Thread:
    row = connection.execute(select(threads).where(threads.c.id == thread_id)).first()
    if row is None:
        raise ThreadNotFound(f"There is no thread {thread_id!r}. `python -m review threads` lists them.")
    return thread_of(row)


def _takeable(owner: str, ended: Lease | None) -> Any:
    free = or_(threads.c.lease_owner.is_(None), threads.c.lease_owner == owner)
    if ended is None:
        return free
    return or_(free, and_(threads.c.lease_owner == ended.owner, threads.c.lease_until == ended.until))


def _may_continue(thread: Thread, start: Start) -> None:
    if start.only_new:
        raise AlreadyStarted(f"Thread {thread.id} was started before.", thread_id=thread.id)
    if thread.graph != start.graph:
        raise BadInput(f"Thread {thread.id} belongs to graph {thread.graph}, not {start.graph}. Start it with that.")
    if thread.status != ThreadStatus.DONE:
        raise ThreadBusy(
            f"Thread {thread.id} is {thread.status}; only a finished thread takes a new start. "
            "Decide, close or wait for it first, or start another thread."
        )
