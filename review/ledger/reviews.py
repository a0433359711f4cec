"""Reviews, as the ledger has them: read one, a page of them, or those of a thread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from review.errors import ReviewNotFound
from review.ledger.among import among
from review.ledger.database import Database
from review.ledger.rows import decision_of, review_of, select_decided, select_reviews
from review.ledger.tables import decisions, reviews
from review.model import Decision, Review, ReviewStatus

AT_ONCE = 500


class Reviews:
    """The reviews of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, review_id: str) -> Review:
        """Raises `ReviewNotFound`."""
        with self._database.read() as connection:
            return get_review(connection, review_id)

    def some(self, review_ids: Sequence[str]) -> dict[str, Review]:
        """Those of the reviews that there are, by their ids."""
        found: list[Review] = []
        with self._database.read() as connection:
            for place in range(0, len(review_ids), AT_ONCE):  # a statement takes so many parameters only
                some = among(reviews.c.id, review_ids[place : place + AT_ONCE])
                found += map(review_of, connection.execute(select_reviews().where(some)))
        return {review.id: review for review in found}

    def of_thread(self, thread_id: str, *, status: Sequence[str] = ()) -> list[Review]:
        """The thread's reviews, oldest first."""
        query = select_reviews().where(reviews.c.thread_id == thread_id)
        if status:
            query = query.where(reviews.c.status.in_(status))
        with self._database.read() as connection:
            return [review_of(row) for row in connection.execute(query.order_by(reviews.c.created_at, reviews.c.id))]

    def decided_since(self, at: datetime) -> list[Review]:
        """The reviews with a decision that stands and was made later, newest first."""
        query = select_decided().where(decisions.c.decided_at > at)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(decisions.c.decided_at.desc(), decisions.c.review_id.desc()))
            return [review_of(row) for row in rows]

    def page(
        self,
        *,
        graph: str | None = None,
        status: Sequence[str] = (ReviewStatus.PENDING,),
        after: tuple[datetime, str] | None = None,
        limit: int = 50,
    ) -> list[Review]:
        """The oldest `limit` reviews that fit, beyond the key `after` (created_at, id) of the page before."""
        query = select_reviews().where(*_fitting(graph, status))
        if after is not None:
            query = query.where(
                or_(reviews.c.created_at > after[0], and_(reviews.c.created_at == after[0], reviews.c.id > after[1]))
            )
        query = query.order_by(reviews.c.created_at, reviews.c.id).limit(limit)
        with self._database.read() as connection:
            return [review_of(row) for row in connection.execute(query)]

    def count(self, *, graph: str | None = None, status: Sequence[str] = (ReviewStatus.PENDING,)) -> int:
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).select_from(reviews).where(*_fitting(graph, status))) or 0

    def siblings(self, shown: Sequence[Review]) -> dict[str, list[str]]:
        """For each of `shown`, the ids of what its thread asked in the same step, its own among them, oldest first;
        those that are superseded are left out."""
        query = select(reviews.c.id, reviews.c.thread_id, reviews.c.checkpoint_id).where(
            among(reviews.c.thread_id, {review.thread_id for review in shown}),
            among(reviews.c.checkpoint_id, {review.checkpoint_id for review in shown}),
            reviews.c.status != ReviewStatus.SUPERSEDED,
        )
        steps: dict[tuple[str, str], list[str]] = {}
        with self._database.read() as connection:
            for found in connection.execute(query.order_by(reviews.c.created_at, reviews.c.id)):
                steps.setdefault((found.thread_id, found.checkpoint_id), []).append(found.id)
        return {review.id: steps.get((review.thread_id, review.checkpoint_id or ""), []) for review in shown}

    def last_withdrawn(self, review_id: str) -> Decision | None:
        """The newest decision on the review that does not stand: undone, or refused by the graph."""
        query = select(decisions).where(decisions.c.review_id == review_id, decisions.c.withdrawn_at.is_not(None))
        with self._database.read() as connection:
            row = connection.execute(query.order_by(decisions.c.withdrawn_at.desc()).limit(1)).first()
        return decision_of(row._asdict()) if row else None


_BY_ID = select_reviews().where(reviews.c.id == bindparam("review_id"))  # made once: a page reads dozens of them


def get_review(connection: Connection, review_id: str) -> Review:
    row = connection.execute(_BY_ID, {"review_id": review_id}).first()
    if row is None:
        raise ReviewNotFound(f"There is no review {review_id!r}. The queue lists those that wait.")
    return review_of(row)


def _fitting(graph: str | None, status: Sequence[str]) -> list[Any]:
    return [reviews.c.status.in_(status)] * bool(status) + [reviews.c.graph == graph] * (graph is not None)
