"""Which reviews a look at the queue means: its tabs and its filters, as conditions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, exists, or_, select

from review.ledger.queries import QueueQuery, Tab
from review.ledger.search import contains
from review.ledger.spelling import names_in
from review.ledger.tables import decisions, reviews
from review.model import SETTLED, ReviewKind, ReviewStatus
from review.names import key_of

DUE_SOON = timedelta(hours=24)

_pending = reviews.c.status == ReviewStatus.PENDING


@dataclass(frozen=True)
class Look:
    """A query as somebody asks it at a moment. The names are as the ledger writes them: who looks is among its holders
    of claims (`my_claims`) and, with their groups, among those that it escalates to (`my_escalations`); whoever the
    query asks for, among its holders and its deciders."""

    query: QueueQuery
    at: datetime
    my_claims: tuple[str, ...]
    my_escalations: tuple[str, ...]
    holders: tuple[str, ...]
    deciders: tuple[str, ...]

    def in_tab(self, tab: Tab) -> Any:
        match tab:
            case Tab.OPEN:
                return _pending
            case Tab.DUE:
                return and_(_pending, reviews.c.due_at <= self.at + DUE_SOON)
            case Tab.MINE:  # each side says the status for itself, so that each has an index of its own
                return or_(
                    and_(_pending, self._held_by(self.my_claims)),
                    and_(_pending, reviews.c.escalated_to.in_(self.my_escalations)),
                )
            case Tab.FAILED:
                waits = and_(_pending, reviews.c.kind == ReviewKind.FAILED)
                return or_(waits, reviews.c.status == ReviewStatus.RESUME_FAILED)
            case Tab.DECIDED:
                return reviews.c.status.in_(SETTLED)

    def filters(self, tab: Tab) -> list[Any]:
        query, fits = self.query, []
        if query.graph is not None:
            fits.append(reviews.c.graph == query.graph)
        if query.kind is not None:
            fits.append(reviews.c.kind == query.kind)
        if query.assignee is not None:
            decided = tab == Tab.DECIDED
            fits.append(_decided_by(self.deciders) if decided else self._held_by(self.holders))
        if query.priority is not None:
            fits.append(reviews.c.priority >= query.priority)
        if query.older_than is not None:
            fits.append(reviews.c.created_at < _before(self.at, query.older_than))
        if words := query.search.strip():
            fits.append(contains(words))
        return fits

    def _held_by(self, names: Iterable[str]) -> Any:
        return and_(reviews.c.assignee.in_(names), reviews.c.claimed_until >= self.at)


def look_of(connection: Connection, query: QueueQuery, me: str, groups: Collection[str], at: datetime) -> Look:
    """The query as `me`, who is in the groups, asks it."""
    asked = query.assignee or ""
    holders = names_in(connection, reviews.c.assignee)
    deciders = connection.scalars(select(decisions.c.reviewer).distinct()) if asked else ()
    return Look(
        query,
        at,
        my_claims=_among(holders, me),
        my_escalations=_among(names_in(connection, reviews.c.escalated_to), me, *groups),
        holders=_among(holders, asked),
        deciders=_among(deciders, asked),
    )


def _among(written: Iterable[str], *names: str) -> tuple[str, ...]:
    keys = {key_of(name) for name in names}
    return tuple(each for each in written if key_of(each) in keys)


def _decided_by(names: Iterable[str]) -> Any:
    made = decisions.alias()
    return exists().where(made.c.id == reviews.c.decision_id, made.c.reviewer.in_(names))


def _before(at: datetime, seconds: float) -> datetime:
    try:
        return at - timedelta(seconds=seconds)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)
