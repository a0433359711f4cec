"""The queue: its tabs, filters, orders and search; pages that miss and repeat nothing; counts that are exact."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from review.errors import BadInput
from review.ledger import Ledger
from review.ledger.queries import QueueQuery, Sort, Tab, parameters_of, query_of
from review.model import Review, ReviewKind, ReviewStatus, now
from tests.review.queue_rows import put, row
from tests.support import AT

LATER = timedelta(hours=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    yield made
    made.close()


def ids(ledger: Ledger, query: QueueQuery, me: str = "ada", groups: tuple[str, ...] = ()) -> list[str]:
    return [review.id for review in ledger.queue.page(query, me, groups).reviews]


def numbers(ledger: Ledger, **query: Any) -> list[int]:
    return [int(each.removeprefix("review-")) for each in ids(ledger, QueueQuery(**query))]


def test_each_tab_has_what_it_says_and_counts_it(ledger: Ledger) -> None:
    at = now()
    put(
        ledger,
        [
            row(1),
            row(2, assignee="ada", claimed_until=at + LATER),
            row(3, assignee="ada", claimed_until=at - LATER),
            row(4, assignee="ben", claimed_until=at + LATER),
            row(5, escalated_to="ada"),
            row(6, escalated_to="leads", due_at=at - LATER),
            row(7, escalated_to="sales", due_at=at + 23 * LATER),
            row(8, due_at=at + 25 * LATER),
            row(9, kind=ReviewKind.FAILED),
            row(10, by="ada", status=ReviewStatus.RESUME_FAILED),
            row(11, by="ben", status=ReviewStatus.DECIDED),
            row(12, by="ben", status=ReviewStatus.RESUMING),
            row(13, by="ada"),
            row(14, status=ReviewStatus.SUPERSEDED),
        ],
    )
    found = {tab: ids(ledger, QueueQuery(tab), groups=("leads",)) for tab in Tab}
    assert {tab: [int(each[-2:]) for each in listed] for tab, listed in found.items()} == {
        Tab.MINE: [2, 5, 6],
        Tab.OPEN: [1, 2, 3, 4, 5, 6, 7, 8, 9],
        Tab.DUE: [6, 7],
        Tab.FAILED: [9, 10],
        Tab.DECIDED: [13, 12, 11, 10],
    }
    counted = {tab: len(listed) for tab, listed in found.items()}
    for tab in Tab:
        page = ledger.queue.page(QueueQuery(tab), "ada", ("leads",))
        assert (page.counts, page.total) == (counted, counted[tab])
    assert ledger.queue.page(QueueQuery(graph="none"), "ada").counts == dict.fromkeys(Tab, 0)


def test_what_is_decided_comes_newest_first_whatever_the_sort(ledger: Ledger) -> None:
    put(ledger, [row(n, by="ada", decided_at=AT + timedelta(minutes=m)) for n, m in ((1, 3), (2, 1), (3, 2))])
    for sort in Sort:
        assert numbers(ledger, tab=Tab.DECIDED, sort=sort) == [1, 3, 2]


def test_filters_narrow_every_tab_and_its_count(ledger: Ledger) -> None:
    at = now()
    put(
        ledger,
        [
            row(1, graph="other", priority=3),
            row(2, kind=ReviewKind.BREAKPOINT, priority=2, created_at=at),
            row(3, assignee="ben", claimed_until=at + LATER),
            row(4, assignee="ben", claimed_until=at - LATER),
            row(5, by="ben"),
            row(6, by="ada"),
        ],
    )
    assert numbers(ledger, graph="other") == [1]
    assert numbers(ledger, kind=ReviewKind.BREAKPOINT) == [2]
    assert numbers(ledger, assignee="ben") == [3]
    assert numbers(ledger, tab=Tab.DECIDED, assignee="ben") == [5]
    assert numbers(ledger, priority=2) == [1, 2]
    assert numbers(ledger, older_than=60) == [1, 3, 4]
    assert numbers(ledger, older_than=1e12) == []
    counts = ledger.queue.page(QueueQuery(assignee="ben"), "ada").counts
    assert (counts[Tab.OPEN], counts[Tab.DECIDED]) == (1, 1)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("BREAD", [1]),
        ("müller", [2, 3]),
        ("MÜLLER", [2, 3]),
        ("%", [4]),
        ("_", [5]),
        ("a.c", []),
        ("\\", [6]),
        ("(ü", [7]),
        ('"quoted"', [8]),
        ("nothing of the kind", []),
        ("allowed_decisions", []),
    ],
)
def test_search_takes_what_is_typed_as_it_is_whatever_its_case(ledger: Ledger, words: str, found: list[int]) -> None:
    put(
        ledger,
        [
            row(1, title="On Bread", payload=1),
            row(2, title="An Frau Müller", payload=None),
            row(3, title="x", payload={"to": ["MÜLLER"]}),
            row(4, title="100 % rye", payload={}),
            row(5, title="x", payload={"name": "snake_case"}),
            row(6, title="abc", payload={"path": "C:\\"}),
            row(7, title="smile (ü)", payload={}),
            row(8, title="x", payload={"text": 'so "quoted" it is'}),
        ],
    )
    assert numbers(ledger, search=words) == found
    assert ledger.queue.page(QueueQuery(search=words), "ada").total == len(found)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("tab", Tab)
def test_pages_together_are_the_whole_order_without_gaps_and_repeats(ledger: Ledger, tab: Tab, sort: Sort) -> None:
    """Many rows are alike in what they are sorted by, and the time of some is the same."""
    dice, at = random.Random(7), now()
    made = []
    for number in range(90):
        more = {"assignee": "ada", "claimed_until": at + LATER, "created_at": AT + timedelta(seconds=number // 4)}
        more |= {"graph": dice.choice(["ask", "Zoo", "bee"]), "priority": dice.choice([0, 0, 5, 7])}
        more |= {"due_at": dice.choice([None, at - LATER, at + timedelta(minutes=dice.randrange(5))])}
        more |= {"by": "ben"} if number % 3 == 0 else {"kind": dice.choice(list(ReviewKind))}
        made.append(row(number, **more))
    put(ledger, made)
    query = QueueQuery(tab, sort=sort)
    whole = ledger.queue.page(query, "ada", limit=1000)
    assert whole.after is None
    assert whole.total == len(whole.reviews) == whole.counts[tab] > 0
    keys: dict[Sort, Callable[[Review], Any]] = {
        Sort.AGE: lambda r: (r.created_at, r.id),
        Sort.DUE: lambda r: (r.due_at is None, r.due_at or r.created_at, *([r.created_at] * (not r.due_at)), r.id),
        Sort.PRIORITY: lambda r: (-r.priority, r.created_at, r.id),
        Sort.GRAPH: lambda r: (r.graph, r.created_at, r.id),
    }
    if tab != Tab.DECIDED:
        assert list(whole.reviews) == sorted(whole.reviews, key=keys[sort])
    pages: list[tuple[Review, ...]] = []
    after = None
    while not pages or after:
        page = ledger.queue.page(query, "ada", after=after, limit=7)
        assert page.total == whole.total
        assert len(page.reviews) == 7 or page.after is None
        pages.append(page.reviews)
        after = page.after
    assert [review for page in pages for review in page] == list(whole.reviews)


def test_a_page_that_is_full_to_the_last_row_has_no_next_one(ledger: Ledger) -> None:
    put(ledger, map(row, range(6)))
    first = ledger.queue.page(QueueQuery(), "ada", limit=3)
    assert ledger.queue.page(QueueQuery(), "ada", after=first.after, limit=3).after is None


@pytest.mark.parametrize("after", ["", "[]", "x", '["2026-01-01T00:00:00", 1, 2]', '[null, "a"]', "5"])
def test_a_key_that_is_none_is_refused_in_a_sentence(ledger: Ledger, after: str) -> None:
    with pytest.raises(BadInput, match="Open the queue from its beginning"):
        ledger.queue.page(QueueQuery(), "ada", after=after)


def test_what_was_opened_since_a_moment_is_told_under_the_same_filters(ledger: Ledger) -> None:
    put(ledger, map(row, range(3)))
    at = AT + timedelta(seconds=2)
    put(ledger, [row(3), row(4, graph="other"), row(5)])
    came = ledger.queue.page(QueueQuery(), since=at, limit=1).arrived
    assert came == ("review-000003", "review-000004", "review-000005")
    assert ledger.queue.page(QueueQuery(graph="ask"), since=at).arrived == ("review-000003", "review-000005")
    assert ledger.queue.page(QueueQuery(), since=now()).arrived == ()


def plans(ledger: Ledger, act: Callable[[], Any]) -> list[list[str]]:
    """How SQLite carries out each statement that `act` sends."""
    sent: list[tuple[str, Any]] = []
    engine = ledger.queue._database._engine

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    act()
    event.remove(engine, "before_cursor_execute", note)
    with ledger.queue._database.read() as connection:
        told = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all() for sql, given in sent]
    return [[found[3] for found in each] for each in told]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (QueueQuery(), "reviews_by_status_and_age"),
        (QueueQuery(graph="ask"), "reviews_by_graph"),
        (QueueQuery(kind=ReviewKind.FAILED), "reviews_by_kind"),
        (QueueQuery(sort=Sort.DUE), "reviews_by_due"),
        (QueueQuery(sort=Sort.PRIORITY), "reviews_by_priority"),
        (QueueQuery(sort=Sort.GRAPH), "reviews_by_graph"),
        (QueueQuery(Tab.DUE, sort=Sort.DUE), "reviews_by_due"),
        (QueueQuery(Tab.DECIDED), "decisions_by_time"),
    ],
)
def test_a_page_reads_its_rows_from_an_index_in_their_order(ledger: Ledger, query: QueueQuery, index: str) -> None:
    rows = [
        row(n, due_at=now(), priority=n % 3, **({"by": "ada"} if query.tab == Tab.DECIDED else {})) for n in range(9)
    ]
    put(ledger, rows)
    first = ledger.queue.page(query, "ada", limit=4)
    for after in (None, first.after):
        act = partial(ledger.queue.page, query, "ada", after=after, limit=4)
        page, *_rest, count = plans(ledger, act)
        assert index in page[0], page
        assert not [step for step in (*page, *count) if "SCAN reviews" in step or "TEMP B-TREE" in step]


def test_no_count_reads_the_whole_table(ledger: Ledger) -> None:
    *_page, plan = plans(ledger, lambda: ledger.queue.page(QueueQuery(), "ada", ("leads",)))
    assert not [step for step in plan if "SCAN reviews" in step]
    assert [step for step in plan if "reviews_by_assignee" in step]
    assert [step for step in plan if "reviews_by_escalation" in step]


def test_a_query_in_an_address_reads_back_and_rubbish_in_one_is_left_out() -> None:
    query = QueueQuery(Tab.DUE, "ask", ReviewKind.FAILED, "ada", 2, 60.0, "ü & %", Sort.GRAPH)
    assert query_of(parameters_of(query)) == query
    assert parameters_of(QueueQuery()) == {}
    rubbish = {
        "tab": "x",
        "kind": "y",
        "priority": "high",
        "older_than": "nan",
        "sort": "z",
        "review": "r",
        "graph": "",
    }
    assert query_of(rubbish) == QueueQuery()
    assert query_of({"search": "x" * 1000}) == replace(QueueQuery(), search="x" * 200)
