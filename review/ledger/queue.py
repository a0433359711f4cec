"""The queue: its tabs, filters and orders, a page at a time by index and keyset, and how many there are of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, literal, or_, select, tuple_

from review.errors import BadInput
from review.ledger.database import Database
from review.ledger.queries import QueueQuery, Sort, Tab
from review.ledger.rows import review_of, select_decided, select_reviews
from review.ledger.search import contains
from review.ledger.tables import decisions, reviews
from review.model import Review, ReviewKind, ReviewStatus, now

_Reader = Callable[[Any], Any]

DUE_SOON = timedelta(hours=24)
SETTLED = (ReviewStatus.DECIDED, ReviewStatus.RESUMING, ReviewStatus.RESUMED, ReviewStatus.RESUME_FAILED)

_age = (reviews.c.created_at, reviews.c.id)
_pending = reviews.c.status == ReviewStatus.PENDING
_settled = reviews.c.status.not_in((ReviewStatus.PENDING, ReviewStatus.SUPERSEDED))


@dataclass(frozen=True)
class Page:
    """Some of the queue. total is how many fit the query, on every page; after is the key of the next page, None on
    the last one."""

    reviews: tuple[Review, ...]
    total: int
    after: str | None


@dataclass(frozen=True)
class _Stretch:
    """A part of an order that one index gives by itself: which rows, and by what."""

    only: tuple[Any, ...]
    order: tuple[Any, ...]


class Queue:
    """The queue of one ledger. `me` is whose *mine* is meant, `groups` those that they are in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self, query: QueueQuery, me: str, groups: Collection[str] = (), *, after: str | None = None, limit: int = 50
    ) -> Page:
        """The first `limit` reviews that fit, beyond the key `after` of the page before. Raises `BadInput` for a key
        that is none of this order."""
        at = now()
        found: list[Any] = []
        with self._database.read() as connection:
            for each in page_selects(query, me, groups, at, after):
                found += connection.execute(each.limit(limit + 1 - len(found))).all()
                if len(found) > limit:
                    break
            total = connection.scalar(_count(query, query.tab, me, groups, at)) or 0
        shown = tuple(review_of(row) for row in found[:limit])
        return Page(shown, total, _key(query, shown[-1]) if len(found) > limit and shown else None)

    def counts(self, query: QueueQuery, me: str, groups: Collection[str] = ()) -> dict[Tab, int]:
        """How many reviews each tab has under the query's filters, at one moment."""
        with self._database.read() as connection:
            return counts_of(connection, query, me, groups)

    def since(self, at: datetime, query: QueueQuery, me: str = "", groups: Collection[str] = ()) -> list[str]:
        """The ids of those reviews of the query's tab that were opened after `at`, oldest first."""
        seen = now()
        tab = _in_tab(query.tab, me, groups, seen)
        fits = (tab, *_filters(query, query.tab, seen), reviews.c.created_at > at)
        with self._database.read() as connection:
            return list(connection.scalars(select(reviews.c.id).where(*fits).order_by(*_age)))


def counts_of(connection: Connection, query: QueueQuery, me: str, groups: Collection[str]) -> dict[Tab, int]:
    row = connection.execute(counts_select(query, me, groups, now())).one()
    return {tab: getattr(row, tab) for tab in Tab}


def counts_select(query: QueueQuery, me: str, groups: Collection[str], at: datetime) -> Select[Any]:
    """All counts in one statement, each by the index that fits its tab."""
    return select(*(_count(query, tab, me, groups, at).scalar_subquery().label(tab) for tab in Tab))


def page_selects(
    query: QueueQuery, me: str, groups: Collection[str], at: datetime, after: str | None
) -> Iterator[Select[Any]]:
    """Statements that together give the page, the first that has enough being enough."""
    decided = query.tab == Tab.DECIDED
    # Of what is decided, the decisions' own index gives the order; that of a status would only lead away from it.
    source, tab = (select_decided(), _settled) if decided else (select_reviews(), _in_tab(query.tab, me, groups, at))
    for stretch in _stretches(query, _read_key(query, after)):
        yield source.where(tab, *_filters(query, query.tab, at), *stretch.only).order_by(*stretch.order)


def _count(query: QueueQuery, tab: Tab, me: str, groups: Collection[str], at: datetime) -> Select[Any]:
    return select(func.count()).select_from(reviews).where(_in_tab(tab, me, groups, at), *_filters(query, tab, at))


def _filters(query: QueueQuery, tab: Tab, at: datetime) -> list[Any]:
    fits = []
    if query.graph is not None:
        fits.append(reviews.c.graph == query.graph)
    if query.kind is not None:
        fits.append(reviews.c.kind == query.kind)
    if query.assignee is not None:
        fits.append(_decided_by(query.assignee) if tab == Tab.DECIDED else _held_by(query.assignee, at))
    if query.priority is not None:
        fits.append(reviews.c.priority >= query.priority)
    if query.older_than is not None:
        fits.append(reviews.c.created_at < _before(at, query.older_than))
    if words := query.search.strip():
        fits.append(contains(words))
    return fits


def _in_tab(tab: Tab, me: str, groups: Collection[str], at: datetime) -> Any:
    match tab:
        case Tab.OPEN:
            return _pending
        case Tab.DUE:
            return and_(_pending, reviews.c.due_at <= at + DUE_SOON)
        case Tab.MINE:  # each side says the status for itself, so that each has an index of its own
            return or_(
                and_(_pending, _held_by(me, at)), and_(_pending, reviews.c.escalated_to.in_(sorted({me, *groups})))
            )
        case Tab.FAILED:
            waits = and_(_pending, reviews.c.kind == ReviewKind.FAILED)
            return or_(waits, reviews.c.status == ReviewStatus.RESUME_FAILED)
        case Tab.DECIDED:
            return reviews.c.status.in_(SETTLED)


def _held_by(name: str, at: datetime) -> Any:
    return and_(reviews.c.assignee == name, reviews.c.claimed_until >= at)


def _decided_by(name: str) -> Any:
    made = decisions.alias()
    return exists().where(made.c.id == reviews.c.decision_id, made.c.reviewer == name)


def _before(at: datetime, seconds: float) -> datetime:
    try:
        return at - timedelta(seconds=seconds)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def _stretches(query: QueueQuery, key: list[Any] | None) -> list[_Stretch]:
    """The order as index scans, beyond the key. Where its columns run the same way one comparison of rows is enough;
    else what is equal to the key in the first column comes before what lies beyond it."""
    if query.tab == Tab.DECIDED:
        newest = (decisions.c.decided_at, decisions.c.review_id)
        beyond = (_row(newest) < _values(newest, key),) if key else ()
        return [_Stretch(beyond, tuple(column.desc() for column in newest))]
    if query.sort == Sort.PRIORITY:
        order = (reviews.c.priority.desc(), *_age)
        if key is None:
            return [_Stretch((), order)]
        alike = (reviews.c.priority == key[0], _row(_age) > _values(_age, key[1:]))
        return [_Stretch(alike, _age), _Stretch((reviews.c.priority < key[0],), order)]
    if query.sort == Sort.DUE:
        dated, never = (reviews.c.due_at, reviews.c.id), reviews.c.due_at.is_(None)
        if key is not None and key[0] is None:
            return [_Stretch((never, _row(_age) > _values(_age, key[1:])), _age)]
        beyond = (_row(dated) > _values(dated, [key[0], key[2]]),) if key else (reviews.c.due_at.is_not(None),)
        return [_Stretch(beyond, dated), _Stretch((never,), _age)]
    columns = (reviews.c.graph, *_age) if query.sort == Sort.GRAPH else _age
    return [_Stretch((_row(columns) > _values(columns, key),) if key else (), columns)]


def _row(columns: tuple[Any, ...]) -> Any:
    return tuple_(*columns)


def _values(columns: tuple[Any, ...], key: list[Any]) -> Any:
    return tuple_(*(literal(value, column.type) for column, value in zip(columns, key, strict=True)))


def _key(query: QueueQuery, last: Review) -> str:
    """What the order goes by in the last row of a page, as text for an address."""
    if query.tab == Tab.DECIDED:
        made: list[Any] = [last.decision.decided_at if last.decision else last.created_at, last.id]
    else:
        first: dict[Sort, Any] = {Sort.PRIORITY: last.priority, Sort.DUE: last.due_at, Sort.GRAPH: last.graph}
        made = [first[sort] for sort in first if sort == query.sort] + [last.created_at, last.id]
    return json.dumps([value.isoformat() if isinstance(value, datetime) else value for value in made])


def _read_key(query: QueueQuery, after: str | None) -> list[Any] | None:
    if after is None:
        return None
    first: dict[Sort, _Reader] = {Sort.DUE: _when_or_never, Sort.PRIORITY: int, Sort.GRAPH: str}
    readers: list[_Reader] = [_when, str]
    if query.tab != Tab.DECIDED and query.sort in first:
        readers.insert(0, first[query.sort])
    try:
        return [read(value) for read, value in zip(readers, json.loads(after), strict=True)]
    except (ValueError, TypeError) as error:
        raise BadInput("The queue has no such page any more. Open the queue from its beginning.") from error


def _when(text: Any) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _when_or_never(text: Any) -> datetime | None:
    return None if text is None else _when(text)
