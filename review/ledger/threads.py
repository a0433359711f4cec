"""Threads: started, listed, cancelled, and those that are examples."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from review.errors import AlreadyStarted, BadInput, ReviewError, StorageFailed, ThreadBusy, ThreadNotFound
from review.ledger.audit import Note
from review.ledger.database import Database
from review.ledger.queries import ThreadOrder
from review.ledger.rows import thread_of
from review.ledger.search import titled
from review.ledger.tables import actions, audit, decisions, reviews, threads
from review.model import BUSY, Thread, ThreadStatus, now
from review.reviewers import Reviewer

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


class Threads:
    """The threads of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, thread_id: str) -> Thread:
        """Raises `ThreadNotFound`."""
        with self._database.read() as connection:
            return get_thread(connection, thread_id)

    def page(
        self,
        *,
        search: str = "",
        order: ThreadOrder = ThreadOrder.STARTED,
        before: tuple[datetime, str] | None = None,
        limit: int = 100,
    ) -> list[Thread]:
        """The first `limit` threads in that order with `search` in their title, beyond the key `before` of the page
        before: when its last one was started, or moved, and its id."""
        at = threads.c.updated_at if order == ThreadOrder.MOVED else threads.c.created_at
        query = select(threads).where(*_found(search)).order_by(at.desc(), threads.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(or_(at < before[0], and_(at == before[0], threads.c.id < before[1])))
        with self._database.read() as connection:
            return [thread_of(row) for row in connection.execute(query)]

    def count(self, *, search: str = "") -> int:
        """How many there are with `search` in their title, on all pages together."""
        with self._database.read() as connection:
            query = select(func.count()).select_from(threads).where(*_found(search))
            return int(connection.execute(query).scalar_one())

    def any_of(self, graph: str) -> bool:
        """Whether there is a thread of that graph."""
        with self._database.read() as connection:
            return connection.execute(select(threads.c.id).where(threads.c.graph == graph).limit(1)).first() is not None

    def counts(self) -> dict[str, int]:
        """How many threads stand in each status."""
        with self._database.read() as connection:
            rows = connection.execute(select(threads.c.status, func.count()).group_by(threads.c.status))
            return {str(status): count for status, count in rows}

    def queue_start(self, start: Start, reviewer: Reviewer) -> Thread:
        """Record a start. A new thread, or a done one that goes on; raises `ThreadBusy` or `BadInput` otherwise."""
        at = now()
        try:
            return self._queue_start(start, reviewer, at)
        except StorageFailed:
            # The failure may have come behind the commit.
            thread = self._begun(start.thread_id, at)
            if thread is None:
                raise
            return thread

    def _begun(self, thread_id: str, at: datetime) -> Thread | None:
        try:
            thread = self.get(thread_id)
        except ReviewError:
            return None
        return thread if at in (thread.created_at, thread.updated_at) else None

    def _queue_start(self, start: Start, reviewer: Reviewer, at: datetime) -> Thread:
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

    def request_cancel(self, thread_id: str, reviewer: Reviewer) -> Thread:
        """Ask whoever runs the thread to stop it; a queued one is stopped before it begins. Raises `ThreadBusy`."""
        with self._database.write() as connection:
            thread = get_thread(connection, thread_id)
            if thread.status not in BUSY:
                raise ThreadBusy(f"Thread {thread.label} is {thread.status}, so there is no run to cancel.")
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
            return connection.scalar(_EXAMPLE) is not None


def _found(search: str) -> list[Any]:
    return [titled(words)] if (words := search.strip()) else []


_EXAMPLE = select(threads.c.id).where(threads.c.example).limit(1)


def get_thread(connection: Connection, thread_id: str) -> Thread:
    row = connection.execute(select(threads).where(threads.c.id == thread_id)).first()
    if row is None:
        raise ThreadNotFound(f"There is no thread {thread_id!r}. The list of threads has every one.")
    return thread_of(row)


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
