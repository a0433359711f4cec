"""What operators measure: read by index, at a cost that does not grow with the history."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from review.ledger.database import Database
from review.ledger.tables import audit, decisions, reviews
from review.model import ACTIVE, ReviewStatus


@dataclass(frozen=True)
class Standing:
    """How many reviews stand in each active status, and since when the oldest pending one waits."""

    reviews: dict[str, int]
    oldest: datetime | None


@dataclass(frozen=True)
class Event:
    """One audit entry; of an applied decision, when it was due to be applied."""

    id: int
    at: datetime
    action: str
    due_at: datetime | None


class Measures:
    """Counts of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def standing(self) -> Standing:
        """Costs what waits: the index by status and age has no other rows to pass."""
        counts = select(reviews.c.status, func.count()).where(reviews.c.status.in_(ACTIVE)).group_by(reviews.c.status)
        oldest = select(func.min(reviews.c.created_at)).where(reviews.c.status == ReviewStatus.PENDING)
        with self._database.read() as connection:
            found = {str(status): count for status, count in connection.execute(counts)}
            return Standing(dict.fromkeys(ACTIVE, 0) | found, connection.scalar(oldest))

    def counted(self, before: datetime) -> tuple[int, Counter[str]]:
        """The newest entry older than `before`, and how often each action happened until then. Reads one index whole;
        a process asks once."""
        with self._database.read() as connection:
            mark = connection.scalar(select(func.max(audit.c.id)).where(audit.c.at < before)) or 0
            query = select(audit.c.action, func.count()).where(audit.c.id <= mark).group_by(audit.c.action)
            return mark, Counter({str(action): count for action, count in connection.execute(query)})

    def since(self, mark: int, applied: str) -> list[Event]:
        """The entries beyond the mark; `applied` is the action that carried a decision to its graph."""
        joined = audit.outerjoin(reviews, (audit.c.action == applied) & (reviews.c.id == audit.c.review_id)).outerjoin(
            decisions, decisions.c.id == reviews.c.decision_id
        )
        query = select(audit.c.id, audit.c.at, audit.c.action, decisions.c.apply_at).select_from(joined)
        with self._database.read() as connection:
            rows = connection.execute(query.where(audit.c.id > mark).order_by(audit.c.id))
            return [Event(*row) for row in rows]
