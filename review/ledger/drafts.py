"""Drafts: what a reviewer has typed and not submitted yet, kept for each field until they decide."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from review.errors import BadInput
from review.ledger.among import among
from review.ledger.database import Database
from review.ledger.reviews import get_review
from review.ledger.spelling import spellings
from review.ledger.tables import drafts
from review.model import now
from review.plain import is_plain
from review.reviewers import Reviewer

LARGEST = 1_000_000  # bytes
FIELD_LENGTH = 40


@dataclass(frozen=True)
class Typed:
    """What stood in a field when it was last saved. version is that of the review on which it was typed."""

    value: Any
    version: str
    saved_at: datetime


class Drafts:
    """The drafts of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, review_id: str, reviewer: Reviewer, version: str, field: str, value: Any) -> datetime:
        """Keep a field as it stands now; returns when. What this has acknowledged outlives a power cut. Raises
        `BadInput` for what is too large or no plain JSON, `ReviewNotFound`."""
        _check(field, value)
        at = now()
        fresh = {"version": version, "value": value, "saved_at": at}
        with self._database.write() as connection:
            mine = _mine(connection, drafts.c.review_id == review_id, reviewer.name)
            if not connection.execute(update(drafts).where(*mine, drafts.c.field == field).values(fresh)).rowcount:
                get_review(connection, review_id)
                fixed = {"review_id": review_id, "reviewer": reviewer.name, "field": field}
                connection.execute(insert(drafts).values(fixed | fresh))
        return at

    def of(self, review_id: str, reviewer: Reviewer) -> dict[str, Typed]:
        """What the reviewer has typed on the review, by field."""
        return self._read(drafts.c.review_id == review_id, reviewer).get(review_id, {})

    def of_several(self, review_ids: Collection[str], reviewer: Reviewer) -> dict[str, dict[str, Typed]]:
        """The same by review; those on which nothing was typed are not in it."""
        return self._read(among(drafts.c.review_id, review_ids), reviewer)

    def _read(self, of_reviews: ColumnElement[bool], reviewer: Reviewer) -> dict[str, dict[str, Typed]]:
        found: dict[str, dict[str, Typed]] = {}
        with self._database.read() as connection:
            query = select(drafts).where(*_mine(connection, of_reviews, reviewer.name)).order_by(drafts.c.saved_at)
            for row in connection.execute(query):
                found.setdefault(row.review_id, {})[row.field] = Typed(row.value, row.version, row.saved_at)
        return found

    def clear(self, review_id: str, reviewer: Reviewer) -> None:
        """Forget what the reviewer has typed on the review."""
        with self._database.write() as connection:
            drop_drafts(connection, review_id, reviewer.name)


def drop_drafts(connection: Connection, review_id: str, reviewer: str) -> None:
    """In the transaction that records the reviewer's decision."""
    connection.execute(delete(drafts).where(*_mine(connection, drafts.c.review_id == review_id, reviewer)))


def _mine(connection: Connection, of_reviews: ColumnElement[bool], reviewer: str) -> tuple[Any, ...]:
    return of_reviews, drafts.c.reviewer.in_(spellings(connection, drafts.c.reviewer, reviewer, of_reviews))


def _check(field: str, value: Any) -> None:
    if not 0 < len(field) <= FIELD_LENGTH:
        raise BadInput(f"A draft's field has a name of 1 to {FIELD_LENGTH} characters; this one has {len(field)}.")
    if not is_plain(value):
        raise BadInput("A draft is kept as plain JSON: text, finite numbers, lists and objects of them.")
    size = len((value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "backslashreplace"))
    if size > LARGEST:
        raise BadInput(
            f"The text has {size:,} bytes, and a draft keeps at most {LARGEST:,}. It was not saved; shorten it, "
            "or keep it in a file of your own."
        )
