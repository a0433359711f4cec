"""The queue: its tabs, filters and orders, a page at a time by index and keyset, and how many there are of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, literal, select, tuple_

from review.errors import BadInput
from review.ledger.database import Database
from review.ledger.fitting import filters, form_of, in_tab, look_of
from review.ledger.queries import QueueQuery, Sort, Tab
from review.ledger.rows import review_of, select_decided, select_reviews
from review.ledger.tables import decisions, reviews
from review.model import Review, ReviewStatus, now
from review.times import from_iso

STATEMENTS = 64  # of as many forms of a query statements are kept; each text that is searched for is one

_Reader = Callable[[Any], Any]

_age = (reviews.c.created_at, reviews.c.id)
_settled = reviews.c.status.not_in((ReviewStatus.PENDING, ReviewStatus.SUPERSEDED))


@dataclass(frozen=True)
class Page:
    """Some of a tab of the queue. counts has how many reviews fit the query's filters in each tab, at the moment when
    the page was read; after is the key of the next page, None on the last one; arrived are the ids of what the tab has
    that was opened since the moment that was asked for, oldest first."""

    reviews: tuple[Review, ...]
    tab: Tab
    counts: dict[Tab, int]
    after: str | None
    arrived: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many the tab has, on every page."""
        return self.counts[self.tab]


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
        self,
        query: QueueQuery,
        me: str = "",
        groups: Collection[str] = (),
        *,
        after: str | None = None,
        since: datetime | None = None,
        limit: int = 50,
    ) -> Page:
        """The first `limit` reviews that fit, beyond the key `after` of the page before; what was opened `since`.
        Raises `BadInput` for a key that is none of this order."""
        found: list[Any] = []
        form = form_of(query)
        selects = _first_page(form) if after is None else _page_selects(form, after)
        with self._database.read() as connection:
            look: dict[str, Any] = {**look_of(connection, query, me, groups, now()), "since": since}
            for each in selects:
                found += connection.execute(each, look | {"wanted": limit + 1 - len(found)}).all()
                if len(found) > limit:
                    break
            counted = connection.execute(_counts(form), look).one()
            arrived = tuple(connection.scalars(_since(form), look)) if since else ()
        shown = tuple(review_of(row) for row in found[:limit])
        counts = {tab: getattr(counted, tab) for tab in Tab}
        beyond = _key(query, shown[-1]) if len(found) > limit and shown else None
        return Page(shown, query.tab, counts, beyond, arrived)


@lru_cache(STATEMENTS)
def _counts(query: QueueQuery) -> Select[Any]:
    """All counts in one statement, each by the index that fits its tab."""
    return select(*(_count(query, tab).scalar_subquery().label(tab) for tab in Tab))


@lru_cache(STATEMENTS)
def _since(query: QueueQuery) -> Select[Any]:
    fits = (in_tab(query.tab), *filters(query, query.tab), reviews.c.created_at > bindparam("since"))
    return select(reviews.c.id).where(*fits).order_by(*_age)


@lru_cache(STATEMENTS)
def _first_page(query: QueueQuery) -> tuple[Select[Any], ...]:
    return tuple(_page_selects(query, None))


def _page_selects(query: QueueQuery, after: str | None) -> Iterator[Select[Any]]:
    """Statements that together give the page, the first that has enough being enough."""
    # Of what is decided, the decisions' own index gives the order; that of a status would only lead away from it.
    decided = query.tab == Tab.DECIDED
    source, tab = (select_decided(), _settled) if decided else (select_reviews(), in_tab(query.tab))
    for stretch in _stretches(query, _read_key(query, after)):
        fits = (tab, *filters(query, query.tab), *stretch.only)
        yield source.where(*fits).order_by(*stretch.order).limit(bindparam("wanted", type_=Integer))


def _count(query: QueueQuery, tab: Tab) -> Select[Any]:
    return select(func.count()).select_from(reviews).where(in_tab(tab), *filters(query, tab))


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
    readers: list[_Reader] = [from_iso, str]
    if query.tab != Tab.DECIDED and query.sort in first:
        readers.insert(0, first[query.sort])
    try:
        return [read(value) for read, value in zip(readers, json.loads(after), strict=True)]
    except (ValueError, TypeError) as error:
        raise BadInput("The queue has no such page any more. Open the queue from its beginning.") from error


def _when_or_never(text: Any) -> datetime | None:
    return None if text is None else from_iso(text)
