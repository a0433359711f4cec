"""Pruning finished threads, and what a restored ledger has to forget."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, or_, select, tuple_, update

from review.ledger.audit import Note
from review.ledger.database import Database
from review.ledger.tables import reviews, threads, viewers
from review.ledger.threads import get_thread
from review.model import ACTIVE, ENDED, now
from review.reviewers import Reviewer

PRUNER = "-prune"  # how the holder of a lease is named that was taken to prune: no relay runs under it

Key = tuple[datetime, str]


class Upkeep:
    """The verbs of upkeep of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def prunable(self, before: datetime, after: Key | None, limit: int) -> list[Key]:
        """The next threads, by age, that finished before then and still have their checkpoints.

        Passes every thread that is as old, the pruned ones too: there is no index of the others alone.
        """
        query = select(threads.c.created_at, threads.c.id).where(threads.c.created_at < before, *_prunable(before))
        if after is not None:
            query = query.where(tuple_(threads.c.created_at, threads.c.id) > after)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(threads.c.created_at, threads.c.id).limit(limit))
            return [(row.created_at, row.id) for row in rows]

    def reserve(self, thread_id: str, holder: str, before: datetime, seconds: float) -> bool:
        """Keep relays from the thread while its checkpoints go; false where it is not to be pruned any more."""
        at = now()
        left = and_(threads.c.lease_owner.endswith(PRUNER), threads.c.lease_until < at)
        free = or_(threads.c.lease_owner.is_(None), left)
        with self._database.write(derived=True) as connection:
            won = connection.execute(
                update(threads)
                .where(threads.c.id == thread_id, free, *_prunable(before))
                .values(lease_owner=holder, lease_until=at + timedelta(seconds=seconds))
            ).rowcount
        return bool(won)

    def pruned(self, thread_id: str, holder: str) -> None:
        """Record that the checkpoints are gone. A new start that was recorded meanwhile begins from nothing."""
        with self._database.write() as connection:
            thread = get_thread(connection, thread_id)
            if thread.lease_owner != holder:
                return
            values: dict[str, Any] = {"lease_owner": None, "lease_until": None}
            if thread.status in ENDED:
                values["pruned_at"] = now()
            connection.execute(update(threads).where(threads.c.id == thread_id).values(values))
            Note(connection).of_thread("thread.pruned", thread_id, thread.graph, thread.example)

    def give_back(self, thread_id: str, holder: str) -> None:
        """The checkpoints could not be removed."""
        with self._database.write(derived=True) as connection:
            connection.execute(
                update(threads)
                .where(threads.c.id == thread_id, threads.c.lease_owner == holder)
                .values(lease_owner=None, lease_until=None)
            )

    def restored(self, taken_at: str, reviewer: Reviewer) -> None:
        """Nobody holds a thread or looks at a review of a ledger that was just put back. What was being pruned stays
        reserved until it is pruned again: nothing tells how far that had come."""
        with self._database.write() as connection:
            held = threads.c.lease_owner.is_not(None) & ~threads.c.lease_owner.endswith(PRUNER)
            connection.execute(update(threads).where(held).values(lease_owner=None, lease_until=None))
            connection.execute(delete(viewers))
            Note(connection, reviewer)._write("ledger.restored", detail={"taken_at": taken_at})


def _prunable(before: datetime) -> list[Any]:
    """Finished long enough ago, ours, with nothing that waits for a person or a relay."""
    active = select(reviews.c.id).where(reviews.c.thread_id == threads.c.id, reviews.c.status.in_(ACTIVE))
    return [
        threads.c.status.in_(ENDED),
        threads.c.updated_at < before,
        threads.c.pruned_at.is_(None),
        threads.c.work_at.is_(None),
        threads.c.found.is_(False),
        ~active.exists(),
    ]
