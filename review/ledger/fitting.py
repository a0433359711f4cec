"""Which reviews a look at the queue means: its tabs and its filters, as conditions whose parameters are a `Look`.

So a statement is put together once for a query and not with every look, which takes longer than to carry it out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict

from sqlalchemy import Connection, and_, bindparam, exists, or_, select

from review.ledger.queries import QueueQuery, Tab
from review.ledger.search import contains
from review.ledger.spelling import names_in
from review.ledger.tables import decisions, reviews
from review.model import SETTLED, ReviewKind, ReviewStatus
from review.names import key_of

DUE_SOON = timedelta(hours=24)

_pending = reviews.c.status == ReviewStatus.PENDING


class Look(TypedDict):
    """What a query means when somebody asks it at a moment: the parameters of the conditions here. The names are as the
    ledger writes them: who looks is among its holders of claims (`my_claims`) and, with their groups, among those that
    it escalates to (`my_escalations`); whoever the query asks for, among its holders and its deciders."""

    at: datetime
    due_soon: datetime
    opened_before: datetime
    my_claims: list[str]
    my_escalations: list[str]
    holders: list[str]
    deciders: list[str]


def in_tab(tab: Tab) -> Any:
    match tab:
        case Tab.OPEN:
            return _pending
        case Tab.DUE:
            return and_(_pending, reviews.c.due_at <= bindparam("due_soon"))
        case Tab.MINE:  # each side says the status for itself, so that each has an index of its own
            return or_(
                and_(_pending, _held_by("my_claims")),
                and_(_pending, reviews.c.escalated_to.in_(_names("my_escalations"))),
            )
        case Tab.FAILED:
            waits = and_(_pending, reviews.c.kind == ReviewKind.FAILED)
            return or_(waits, reviews.c.status == ReviewStatus.RESUME_FAILED)
        case Tab.DECIDED:
            return reviews.c.status.in_(SETTLED)


def filters(query: QueueQuery, tab: Tab) -> list[Any]:
    fits = []
    if query.graph is not None:
        fits.append(reviews.c.graph == query.graph)
    if query.kind is not None:
        fits.append(reviews.c.kind == query.kind)
    if query.assignee is not None:
        fits.append(_decided_by("deciders") if tab == Tab.DECIDED else _held_by("holders"))
    if query.priority is not None:
        fits.append(reviews.c.priority >= query.priority)
    if query.older_than is not None:
        fits.append(reviews.c.created_at < bindparam("opened_before"))
    if words := query.search.strip():
        fits.append(contains(words))
    return fits


def form_of(query: QueueQuery) -> QueueQuery:
    """The same for all queries that the same conditions stand for, whatever their parameters are."""
    assignee = None if query.assignee is None else ""
    return replace(query, assignee=assignee, older_than=None if query.older_than is None else 0)


def look_of(connection: Connection, query: QueueQuery, me: str, groups: Collection[str], at: datetime) -> Look:
    """The query as `me`, who is in the groups, asks it."""
    asked = query.assignee or ""
    holders = names_in(connection, reviews.c.assignee)
    deciders = connection.scalars(select(decisions.c.reviewer).distinct()) if asked else ()
    return {
        "at": at,
        "due_soon": at + DUE_SOON,
        "opened_before": _before(at, query.older_than or 0),
        "my_claims": _among(holders, me),
        "my_escalations": _among(names_in(connection, reviews.c.escalated_to), me, *groups),
        "holders": _among(holders, asked),
        "deciders": _among(deciders, asked),
    }


def _among(written: Iterable[str], *names: str) -> list[str]:
    keys = {key_of(name) for name in names}
    return [each for each in written if key_of(each) in keys]


def _held_by(names: str) -> Any:
    return and_(reviews.c.assignee.in_(_names(names)), reviews.c.claimed_until >= bindparam("at"))


def _decided_by(names: str) -> Any:
    made = decisions.alias()
    return exists().where(made.c.id == reviews.c.decision_id, made.c.reviewer.in_(_names(names)))


def _names(parameter: str) -> Any:
    return bindparam(parameter, expanding=True)


def _before(at: datetime, seconds: float) -> datetime:
    try:
        return at - timedelta(seconds=seconds)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)
