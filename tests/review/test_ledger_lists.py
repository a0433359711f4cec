"""What the ledger lists: reviews, threads and the history, in pages; what may be started, and the examples."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from review.desk import Desk
from review.errors import BadInput, ThreadBusy, ThreadNotFound
from review.ledger import MEMORY, Ledger, Start
from review.ledger.queries import ThreadOrder
from review.ledger.tables import threads
from review.model import ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk
from tests.review.ledger_rows import rows
from tests.support import ADA, ASK, AT, BEN, SIBLINGS, begin, pending, reviews

HOUR = timedelta(hours=1)


def test_the_queue_is_paged_by_key_oldest_first(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK, "siblings": SIBLINGS})
    for _ in range(3):
        begin(desk)
    begin(desk, "siblings")
    every = desk.ledger.reviews.page()
    assert len(every) == 5
    assert [review.created_at for review in every] == sorted(review.created_at for review in every)
    first = desk.ledger.reviews.page(limit=2)
    second = desk.ledger.reviews.page(limit=2, after=(first[-1].created_at, first[-1].id))
    third = desk.ledger.reviews.page(limit=2, after=(second[-1].created_at, second[-1].id))
    assert first + second + third == every
    assert [review.graph for review in desk.ledger.reviews.page(graph="siblings")] == ["siblings"] * 2
    desk.decide(every[0].id, "approve", ADA)
    assert desk.ledger.reviews.count() == 4
    assert desk.ledger.reviews.count(graph="ask") == 2
    assert desk.ledger.reviews.count(status=("decided",)) == 1
    assert desk.ledger.reviews.count(status=()) == 5


def test_the_queue_reads_by_index(desk: Desk, tmp_path: Path) -> None:
    begin(desk)
    plan = rows(
        tmp_path,
        "EXPLAIN QUERY PLAN SELECT * FROM reviews WHERE status IN ('pending') "
        "AND (created_at > '2026' OR (created_at = '2026' AND id > 'a')) ORDER BY created_at, id LIMIT 50",
    )
    told = " ".join(str(row[-1]) for row in plan)
    assert "reviews_by_status_and_age" in told
    assert "TEMP B-TREE" not in told


def test_threads_are_paged_newest_first_and_counted(desk: Desk) -> None:
    ids = [begin(desk).id for _ in range(3)]
    assert [thread.id for thread in desk.ledger.threads.page()] == ids[::-1]
    newest = desk.ledger.threads.page(limit=1)[0]
    rest = desk.ledger.threads.page(before=(newest.created_at, newest.id))
    assert [thread.id for thread in rest] == ids[-2::-1]
    desk.close_thread(ids[0], ADA)
    assert desk.ledger.threads.counts() == {"interrupted": 2, "closed": 1}


@pytest.fixture
def titled(tmp_path: Path) -> Iterator[Ledger]:
    """Threads with all sorts of titles, the first of which moved last; the last has none yet."""
    (tmp_path / "data").mkdir()
    ledger = Ledger(f"sqlite:///{tmp_path / 'data' / 'ledger.sqlite'}")
    titles = ("On Bread", "An Frau Müller", "MÜLLER", "100 % rye", "snake_case", "C:\\", "A \ud800 half", "")
    fixed = {"graph": "bakery", "status": ThreadStatus.DONE, "config": {}}
    made = [
        fixed | {"id": f"thread-{n}", "title": title, "created_at": AT + n * HOUR, "updated_at": AT + (30 - n) * HOUR}
        for n, title in enumerate(titles, 1)
    ]
    with ledger.threads._database.write(derived=True) as connection:
        connection.execute(insert(threads), made)
    yield ledger
    ledger.close()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("BREAD", [1]),
        ("müller", [2, 3]),
        (" MÜLLER ", [2, 3]),
        ("%", [4]),
        ("_", [5]),
        ("a.c", []),
        ("\\", [6, 7]),
        ("\ud800", []),
        ("baker", [8]),
        ("", [1, 2, 3, 4, 5, 6, 7, 8]),
    ],
)
def test_threads_are_found_by_their_titles_whatever_the_case(titled: Ledger, words: str, found: list[int]) -> None:
    expected = [f"thread-{n}" for n in found]
    assert [thread.id for thread in titled.threads.page(search=words)] == expected[::-1]
    assert [thread.id for thread in titled.threads.page(search=words, order=ThreadOrder.MOVED)] == expected
    assert titled.threads.count(search=words) == len(found)
    assert len(titled.threads.page(search=words, limit=1)) == min(1, len(found))


def test_what_moved_last_is_paged_by_key(titled: Ledger) -> None:
    first = titled.threads.page(order=ThreadOrder.MOVED, limit=3)
    beyond = (first[-1].updated_at, first[-1].id)
    rest = titled.threads.page(order=ThreadOrder.MOVED, before=beyond)
    assert first + rest == titled.threads.page(order=ThreadOrder.MOVED)
    assert len(first + rest) == 8


@pytest.mark.parametrize(("column", "index"), [("created_at", "threads_by_age"), ("updated_at", "threads_by_move")])
def test_both_orders_of_the_threads_are_read_by_index(titled: Ledger, tmp_path: Path, column: str, index: str) -> None:
    (told,) = rows(tmp_path, f"EXPLAIN QUERY PLAN SELECT * FROM threads ORDER BY {column} DESC, id DESC LIMIT 50")
    assert index in str(told[-1])


def test_the_history_is_filtered_and_paged(desk: Desk) -> None:
    one, other = begin(desk), begin(desk)
    desk.decide(pending(desk, one.id).id, "approve", BEN)
    entries = desk.ledger.audit.entries()
    assert [entry.id for entry in entries] == sorted((entry.id for entry in entries), reverse=True)
    assert [entry.action for entry in desk.ledger.audit.entries(actor="ben")] == ["review.approved"]
    assert {entry.thread_id for entry in desk.ledger.audit.entries(thread_id=other.id)} == {other.id}
    assert [entry.action for entry in desk.ledger.audit.entries(actions=("thread.started",))] == ["thread.started"] * 2
    assert desk.ledger.audit.entries(before=entries[1].id) == entries[2:]
    assert desk.ledger.audit.entries(limit=1) == entries[:1]
    kinds, actors = desk.ledger.audit.kinds()
    assert kinds == ["review.approved", "review.opened", "thread.started"]
    assert actors == ["ada", "ben", "system"]


def test_a_thread_that_waits_takes_no_new_start(desk: Desk) -> None:
    thread = begin(desk)
    with pytest.raises(ThreadBusy, match=f"Thread {thread.id} is interrupted; only a finished thread"):
        desk.start("ask", {"topic": "cake"}, ADA, thread_id=thread.id)
    assert pending(desk, thread.id).status == ReviewStatus.PENDING


def test_another_graphs_thread_is_bad_input(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK, "siblings": SIBLINGS})
    thread = begin(desk)
    with pytest.raises(BadInput, match="belongs to graph ask, not siblings"):
        desk.start("siblings", {}, ADA, thread_id=thread.id)


def test_a_done_thread_goes_on_with_new_input(desk: Desk) -> None:
    thread = begin(desk)
    desk.decide(pending(desk, thread.id).id, "approve", ADA)
    desk.finish(thread.id)
    again = desk.start("ask", {"topic": "cake"}, BEN, thread_id=thread.id)
    assert (again.status, again.input) == (ThreadStatus.QUEUED, {"topic": "cake"})
    desk.finish(thread.id)
    assert pending(desk, thread.id).payload["draft"] == "About cake"
    assert len(reviews(desk, thread.id, "resumed")) == 1


def test_a_ledger_in_memory_forgets() -> None:
    one, other = Ledger(MEMORY), Ledger(MEMORY)
    one.threads.queue_start(Start("thread-1", "ask", {}), ADA)
    assert [thread.id for thread in one.threads.page()] == ["thread-1"]
    assert other.threads.page() == []
    one.close()
    other.close()


def test_examples_are_added_once_and_removed_whole(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    assert desk.ledger.threads.claim_first_start()
    assert not desk.ledger.threads.claim_first_start()
    example = begin(desk, example=True)
    real = begin(desk)
    desk.decide(pending(desk, example.id).id, "approve", ADA)
    desk.finish(example.id)
    assert desk.ledger.threads.has_examples()
    assert desk.remove_examples(ADA) == 1
    assert not desk.ledger.threads.has_examples()
    assert [thread.id for thread in desk.ledger.threads.page()] == [real.id]
    assert pending(desk, real.id).status == ReviewStatus.PENDING
    assert not desk.ledger.threads.claim_first_start()
    with pytest.raises(ThreadNotFound):
        desk.thread(example.id)
