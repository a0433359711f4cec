"""Threads that another program left waiting in the same checkpoints: how they join the ledger, and follow it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select, update

from review.errors import ThreadBusy
from review.ledger.among import among
from review.ledger.audit import Note
from review.ledger.database import Database
from review.ledger.rows import thread_of
from review.ledger.settle import Resolution, Settlement, active_reviews, resolve, sync_reviews
from review.ledger.tables import marks, threads
from review.ledger.threads import get_thread
from review.model import ENDED, ReviewKind, ReviewStatus, Thread, ThreadStatus, now
from review.reviewers import SYSTEM, Reviewer

NEWS = "checkpoints"

UNASSIGNED = "Another program left this thread waiting, and nothing says which graph it is of. Assign it to one."
# Where the desk itself is at work on the thread, or it failed in its hands, the desk's own rules hold.
FOLLOWED = (ThreadStatus.INTERRUPTED, *ENDED)


class FoundThreads:
    """The foreign threads of one ledger. None of these verbs takes a lease: nothing here is ever run."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self) -> str | None:
        """Up to where the checkpoints have been read."""
        with self._database.read() as connection:
            return connection.scalar(select(marks.c.value).where(marks.c.name == NEWS))

    def keep_mark(self, value: str) -> None:
        with self._database.write() as connection:
            if not connection.execute(update(marks).where(marks.c.name == NEWS).values(value=value)).rowcount:
                connection.execute(insert(marks).values(name=NEWS, value=value))

    def known(self, thread_ids: Sequence[str]) -> dict[str, Thread]:
        """Those of the threads that the ledger has."""
        with self._database.read() as connection:
            rows = connection.execute(select(threads).where(among(threads.c.id, thread_ids)))
            return {thread.id: thread for thread in map(thread_of, rows)}

    def join(self, thread_id: str, graph: str, stands: Settlement, question: str | None = None) -> None:
        """Record a thread that waits; without a graph, for a person to name it, with its question kept. One that is
        known stays as it is."""
        at = now()
        row = {"id": thread_id, "graph": graph, "status": ThreadStatus.INTERRUPTED, "found": True, "config": {}}
        row |= {"created_at": at, "updated_at": at, "error": None if graph else UNASSIGNED}
        # A thread that nobody assigned is never run: what a run of it would go on from is free to tell questions apart.
        row |= {"base_checkpoint": question}
        with self._database.write() as connection:
            if connection.scalar(select(threads.c.id).where(threads.c.id == thread_id)):
                return
            connection.execute(insert(threads).values(row))
            Note(connection).of_thread("thread.found", thread_id, graph)
            _sync(connection, get_thread(connection, thread_id), stands)

    def follow(self, seen: Thread, stands: Settlement) -> bool:
        """Open and supersede reviews as the thread stands now; False where it changed hands since it was `seen`."""
        with self._database.write() as connection:
            thread = get_thread(connection, seen.id)
            if thread.lease_owner or thread.updated_at != seen.updated_at:
                return False
            _sync(connection, thread, stands)
            return True

    def ask(self, seen: Thread, question: str) -> bool:
        """A thread that nobody assigned asks: one that had ended is back where the question is a new one. False where
        it changed hands since it was `seen`."""
        with self._database.write() as connection:
            thread = get_thread(connection, seen.id)
            if thread.lease_owner or thread.updated_at != seen.updated_at:
                return False
            if thread.base_checkpoint == question:
                return True
            values: dict[str, object] = {"base_checkpoint": question, "updated_at": now()}
            if thread.status in ENDED:
                values |= {"status": ThreadStatus.INTERRUPTED, "error": UNASSIGNED}
                Note(connection).of_thread("thread.found", thread.id, "")
            connection.execute(update(threads).where(threads.c.id == thread.id).values(**values))
            return True

    def assign(self, thread_id: str, graph: str, stands: Settlement, reviewer: Reviewer) -> Thread:
        """Say which graph the thread is of. Raises `ThreadBusy` where that is known."""
        with self._database.write() as connection:
            won = connection.execute(
                update(threads)
                .where(threads.c.id == thread_id, threads.c.graph == "")
                .values(graph=graph, error=None, base_checkpoint=None, updated_at=now())
            ).rowcount
            thread = get_thread(connection, thread_id)
            if not won:
                raise ThreadBusy(f"Thread {thread.label} is of graph {thread.graph} already.")
            Note(connection, reviewer).of_thread("thread.assigned", thread_id, graph)
            _sync(connection, thread, stands)
            return get_thread(connection, thread_id)


def _sync(connection: Connection, thread: Thread, stands: Settlement) -> None:
    """Interrupts alone: a review of another kind was opened by a run of this desk, and is not the other program's."""
    note = Note(connection, SYSTEM)
    title = sync_reviews(connection, note, thread, stands, active_reviews(connection, thread.id))
    asked = {opening.pause_key for opening in stands.openings}
    left = False
    for review in active_reviews(connection, thread.id):
        if review.pause_key in asked or review.kind != ReviewKind.INTERRUPT or review.status != ReviewStatus.PENDING:
            left = True
        else:
            resolve(connection, note, Resolution(review, ReviewStatus.SUPERSEDED))
    ended = thread.status in ENDED
    status = ThreadStatus.INTERRUPTED if left else thread.status if ended else stands.status
    if status != thread.status or (title and not thread.title):
        connection.execute(
            update(threads)
            .where(threads.c.id == thread.id)
            .values(status=status, title=thread.title or title, error=None, updated_at=now())
        )
        if status == ThreadStatus.DONE:
            note.of_thread("thread.finished", thread.id, thread.graph)
