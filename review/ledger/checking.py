"""The ledger as `verify` reads it: whole threads with all that was recorded for them, a page at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, select

from review.ledger.database import Database
from review.ledger.rows import decision_of, review_of, select_reviews, thread_of
from review.ledger.tables import actions, audit, decisions, reviews, threads
from review.model import Decision, Review, Thread


@dataclass
class Record:
    """All of one thread. `entries` counts its audit entries by review and action; `started` are the actions that
    began and have no end."""

    thread: Thread
    work_at: datetime | None
    reviews: list[Review] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    entries: Counter[tuple[str | None, str]] = field(default_factory=Counter)
    started: list[str] = field(default_factory=list)


class Checking:
    """Reads one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, after: str, limit: int) -> list[Record]:
        """The next threads by id, each as one moment has it."""
        query = select(threads).where(threads.c.id > after).order_by(threads.c.id).limit(limit)
        with self._database.read() as connection:
            found = {row.id: Record(thread_of(row), row.work_at) for row in connection.execute(query)}
            return _filled(connection, found)

    def one(self, thread_id: str) -> Record | None:
        with self._database.read() as connection:
            row = connection.execute(select(threads).where(threads.c.id == thread_id)).first()
            return _filled(connection, {row.id: Record(thread_of(row), row.work_at)})[0] if row else None


def _filled(connection: Connection, found: dict[str, Record]) -> list[Record]:
    ids: Sequence[str] = list(found)
    for row in connection.execute(select_reviews().where(reviews.c.thread_id.in_(ids)).order_by(reviews.c.id)):
        found[row.thread_id].reviews.append(review_of(row))
    made = select(decisions, reviews.c.thread_id.label("of")).join(reviews, reviews.c.id == decisions.c.review_id)
    for row in connection.execute(made.where(reviews.c.thread_id.in_(ids)).order_by(decisions.c.decided_at)):
        fields = row._asdict()
        found[fields.pop("of")].decisions.append(decision_of(fields))
    told = select(audit.c.thread_id, audit.c.review_id, audit.c.action, func.count())
    told = told.where(audit.c.thread_id.in_(ids)).group_by(audit.c.thread_id, audit.c.review_id, audit.c.action)
    for thread_id, review_id, action, count in connection.execute(told):
        found[thread_id].entries[review_id, action] = count
    begun = select(actions.c.thread_id, actions.c.action).where(
        actions.c.thread_id.in_(ids), actions.c.status == "started"
    )
    for thread_id, action in connection.execute(begun):
        found[thread_id].started.append(action)
    return list(found.values())
