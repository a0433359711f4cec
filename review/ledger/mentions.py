"""Who is mentioned in notes and has not looked since: a mention is gone once its review was opened or decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, delete, insert, select

from review.ledger.database import Database
from review.ledger.tables import mentions, notes, reviews
from review.model import ReviewStatus
from review.names import key_of, same_name


@dataclass(frozen=True)
class Mention:
    """A note that somebody has still to see, on a review that waits, with the review's title."""

    review_id: str
    title: str
    author: str
    text: str
    at: datetime


class Mentions:
    """The mentions of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, name: str, limit: int = 20) -> list[Mention]:
        """The newest that the reviewer has not seen; of a review several times mentioned on, each."""
        with self._database.read() as connection:
            return [
                Mention(row.review_id, row.request["title"], row.author, row.text, row.at)
                for row in connection.execute(_UNSEEN, {"me": key_of(name), "most": limit})
            ]


_UNSEEN = (  # made once: every open queue asks for it every few seconds
    select(notes.c.review_id, reviews.c.request, notes.c.author, notes.c.text, notes.c.at)
    .select_from(mentions.join(notes).join(reviews, reviews.c.id == notes.c.review_id))
    .where(mentions.c.reviewer == bindparam("me"), reviews.c.status == ReviewStatus.PENDING)
    .order_by(notes.c.at.desc(), notes.c.id)
    .limit(bindparam("most", type_=Integer))
)


def add_mentions(connection: Connection, note_id: str, author: str, names: tuple[str, ...]) -> None:
    """In the transaction that adds the note; nobody mentions themselves."""
    keys = {key_of(name) for name in names if not same_name(name, author)}
    if keys:
        connection.execute(insert(mentions), [{"note_id": note_id, "reviewer": key} for key in sorted(keys)])


def drop_mentions(connection: Connection, review_id: str, reviewer: str) -> None:
    """The reviewer has seen what the review's notes say."""
    of_review = select(notes.c.id).where(notes.c.review_id == review_id)
    seen = (mentions.c.reviewer == key_of(reviewer), mentions.c.note_id.in_(of_review))
    connection.execute(delete(mentions).where(*seen))
