"""Who has a review open in a browser, as far as their browsers were heard of."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from review.ledger.database import Database
from review.ledger.mentions import drop_mentions
from review.ledger.tables import viewers
from review.model import now
from review.names import key_of


class Viewers:
    """The viewers of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seen(self, review_id: str, session: str, reviewer: str, seconds: float) -> list[str]:
        """Record that the browser `session` has the review open; returns who else has, one heard of within `seconds`,
        in the order of their names. The same reviewer in another browser is nobody else. What mentions the reviewer
        there has been seen."""
        at = now()
        row = {"review_id": review_id, "session": session, "reviewer": reviewer, "seen_at": at}
        mine = (viewers.c.review_id == review_id, viewers.c.session == session)
        with self._database.write(derived=True) as connection:
            if not connection.execute(update(viewers).where(*mine).values(row)).rowcount:
                connection.execute(insert(viewers).values(row))
            connection.execute(
                delete(viewers).where(
                    viewers.c.review_id == review_id, viewers.c.seen_at < at - timedelta(seconds=seconds)
                )
            )
            drop_mentions(connection, review_id, reviewer)
            here = select(viewers.c.reviewer).where(viewers.c.review_id == review_id).order_by("reviewer")
            names = {key_of(name): name for name in connection.scalars(here)}
        return [name for key, name in names.items() if key != key_of(reviewer)]

    def left(self, session: str, review_id: str) -> None:
        """The browser shows something else now."""
        with self._database.write(derived=True) as connection:
            connection.execute(delete(viewers).where(viewers.c.review_id == review_id, viewers.c.session == session))
