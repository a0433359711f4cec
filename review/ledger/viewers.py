"""Who has a review open in a browser, as far as their browsers were heard of."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from review.ledger.claims import keep_claim
from review.ledger.database import Database
from review.ledger.mentions import drop_mentions
from review.ledger.tables import viewers
from review.model import now
from review.names import key_of
from review.reviewers import Reviewer


class Viewers:
    """The viewers of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seen(
        self, review_id: str, session: str, reviewer: Reviewer, seconds: float, left: str | None = None
    ) -> list[str]:
        """Record that the browser `session` has the review open, and no longer the review `left`; returns who else has
        it, one heard of within `seconds`, in the order of their names. The same reviewer in another browser is nobody
        else. Their claim goes on for as long, and what mentions them there has been seen."""
        at = now()
        row = {"review_id": review_id, "session": session, "reviewer": reviewer.name, "seen_at": at}
        mine = (viewers.c.review_id == review_id, viewers.c.session == session)
        with self._database.write(derived=True) as connection:
            keep_claim(connection, review_id, reviewer, seconds)
            if left:
                gone = (viewers.c.review_id == left, viewers.c.session == session)
                connection.execute(delete(viewers).where(*gone))
            if not connection.execute(update(viewers).where(*mine).values(row)).rowcount:
                connection.execute(insert(viewers).values(row))
            connection.execute(
                delete(viewers).where(
                    viewers.c.review_id == review_id, viewers.c.seen_at < at - timedelta(seconds=seconds)
                )
            )
            drop_mentions(connection, review_id, reviewer.name)
            here = select(viewers.c.reviewer).where(viewers.c.review_id == review_id).order_by("reviewer")
            names = {key_of(name): name for name in connection.scalars(here)}
        return [name for key, name in names.items() if key != key_of(reviewer.name)]
