"""Decisions as a data set, with what they were made on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from review.ledger.database import Database
from review.ledger.rows import review_of, select_reviews
from review.ledger.tables import decisions, reviews
from review.model import Review, now


class Exporting:
    """Reads a ledger from end to end."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def decided(self, *, since: datetime | None = None, graph: str | None = None) -> Iterator[Review]:
        """The reviews whose decision stands and can no more be undone, oldest decision first, not all at once; those of
        examples are left out."""
        query = select_reviews().where(
            decisions.c.withdrawn_at.is_(None), decisions.c.apply_at <= now(), reviews.c.example.is_(False)
        )
        if since is not None:
            query = query.where(decisions.c.decided_at >= since)
        if graph is not None:
            query = query.where(reviews.c.graph == graph)
        query = query.order_by(decisions.c.decided_at, decisions.c.id)
        with self._database.read() as connection:
            yield from map(review_of, connection.execution_options(yield_per=200).execute(query))
