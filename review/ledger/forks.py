"""Forks: threads that began from a checkpoint of another one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select

from review.ledger.audit import Note
from review.ledger.database import Database
from review.ledger.rows import thread_of
from review.ledger.tables import actions, threads
from review.ledger.threads import get_thread
from review.model import Thread, ThreadStatus, now
from review.reviewers import Reviewer

FORKED = "thread.forked"


class Forks:
    """The forks of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(
        self, fork_id: str, origin: Thread, checkpoint_id: str, reviewer: Reviewer, repeated: Sequence[str] = ()
    ) -> Thread:
        """A thread whose checkpoints are there already, with work for a relay; told on both threads. `repeated` are the
        actions that may be done once more."""
        at = now()
        row = {
            "id": fork_id,
            "graph": origin.graph,
            "status": ThreadStatus.RUNNING,
            "title": origin.title,
            "context": origin.context,
            "config": origin.config,
            "example": origin.example,
            "origin_thread": origin.id,
            "origin_checkpoint": checkpoint_id,
            "work_at": at,
            "created_at": at,
            "updated_at": at,
        }
        detail = {"checkpoint": checkpoint_id} | ({"repeated": list(repeated)} if repeated else {})
        with self._database.write() as connection:
            connection.execute(insert(threads).values(row))
            note = Note(connection, reviewer)
            note.of_thread(FORKED, origin.id, origin.graph, origin.example, fork=fork_id, **detail)
            note.of_thread(FORKED, fork_id, origin.graph, origin.example, origin=origin.id, **detail)
            return get_thread(connection, fork_id)

    def of(self, thread_id: str) -> list[Thread]:
        """The forks that began from the thread, oldest first."""
        query = select(threads).where(threads.c.origin_thread == thread_id).order_by(threads.c.created_at, threads.c.id)
        with self._database.read() as connection:
            return [thread_of(row) for row in connection.execute(query)]

    def actions_between(self, thread_id: str, since: datetime, until: datetime | None = None) -> list[str]:
        """The actions that the thread began at that time or later, and before `until`."""
        query = select(actions.c.action).where(actions.c.thread_id == thread_id, actions.c.started_at >= since)
        if until is not None:
            query = query.where(actions.c.started_at < until)
        with self._database.read() as connection:
            return list(connection.scalars(query.order_by(actions.c.started_at)))
