"""Notes on reviews: for everybody, or private to who wrote them; and who is mentioned in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from review.errors import BadInput
from review.ledger import audit
from review.ledger.audit import new_id
from review.ledger.database import Database
from review.ledger.mentions import add_mentions
from review.ledger.reviews import get_review
from review.ledger.tables import audit as entries
from review.ledger.tables import notes
from review.model import now
from review.names import key_of, same_name
from review.reviewers import SYSTEM, Reviewer

LONGEST = 20_000  # characters


@dataclass(frozen=True)
class ReviewNote:
    """What somebody wrote about a review. A private one is for its author alone. `mentions` are the reviewers whose
    names stand in the text behind an `@`."""

    id: str
    review_id: str
    author: str
    signed_in: bool
    private: bool
    text: str
    mentions: tuple[str, ...]
    at: datetime


class Notes:
    """The notes of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, review_id: str, author: Reviewer, text: str, *, private: bool = False) -> ReviewNote:
        """Keep a note; audit `note.added`, with the text of those that are not private. Raises `BadInput` for an empty
        or an endless text, `ReviewNotFound`."""
        text = text.strip()
        if not 0 < len(text) <= LONGEST:
            raise BadInput(f"A note has 1 to {LONGEST:,} characters; this one has {len(text):,}. It was not added.")
        with self._database.write() as connection:
            review = get_review(connection, review_id)
            found = () if private else mentioned(text, _reviewers(connection))
            note = ReviewNote(
                new_id("note"), review_id, author.name, author.signed_in, private, text, tuple(found), now()
            )
            connection.execute(insert(notes).values({**note.__dict__, "mentions": list(note.mentions)}))
            add_mentions(connection, note.id, note.author, note.mentions)
            said: dict[str, Any] = {} if private else {"text": text, "mentions": list(note.mentions)}
            audit.Note(connection, author).of_review("note.added", review, private=private, **said)
        return note

    def of_review(self, review_id: str, reader: str) -> list[ReviewNote]:
        """What the reader may see of the review's, oldest first."""
        query = select(notes).where(notes.c.review_id == review_id).order_by(notes.c.at, notes.c.id)
        with self._database.read() as connection:
            found = [_note_of(row) for row in connection.execute(query)]
        return [note for note in found if not note.private or same_name(note.author, reader)]

    def reviewers(self) -> list[str]:
        """Who can be mentioned: everybody who has done something here, by name."""
        with self._database.read() as connection:
            return _reviewers(connection)


def mentioned(text: str, reviewers: Iterable[str]) -> list[str]:
    """The reviewers whose names, whole and whatever their case, stand in the text behind an `@`. Of `@ada lovelace`,
    where there is an ada as well, the longer name counts."""
    known = {key_of(name): name for name in reviewers}
    if not known:
        return []
    any_name = "|".join(re.escape(key) for key in sorted(known, key=len, reverse=True))
    found = re.finditer(rf"(?<![\w@])@({any_name})(?!\w)", key_of(text))
    return list(dict.fromkeys(known[hit[1]] for hit in found))


def _reviewers(connection: Connection) -> list[str]:
    known = connection.scalars(select(entries.c.actor).distinct().order_by(entries.c.actor))
    return [name for name in known if name != SYSTEM.name]


def _note_of(row: Any) -> ReviewNote:
    fields = row._asdict()
    return ReviewNote(**fields | {"mentions": tuple(fields["mentions"])})
