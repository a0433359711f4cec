"""What a person sees of a deadline: when it is, what happens then, and what has happened already."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from components.review_rows import review_row
from review.deadlines import Deadlines
from review.desk import Desk
from review.model import now
from tests.pages.conftest import PageDesk
from tests.pages.screens import asking, open_page, opened, rows, said
from tests.support import BEN, begin, pending, review_factory

OFFER = '{"draft": "Offer", "timeout_seconds": 7200, "on_timeout": "reject"}'
OPEN = '{"draft": "Offer", "timeout_seconds": 7200}'


def fire(desk: Desk) -> None:
    Deadlines(desk.ledger, desk.settings).fire(now() + timedelta(hours=3))


def badges(desk: Desk, review_id: str) -> list[str]:
    (row,) = [row for row in rows(open_page(), "Pending reviews") if row["id"] == review_id]
    return [text for text, *_ in row["badges"]]


@pytest.mark.parametrize(
    ("left", "told", "tone", "icon"),
    [
        (timedelta(days=2, minutes=1), "due in 2 days", "gray", ""),
        (timedelta(hours=3, minutes=1), "due in 3 hours", "orange", "schedule"),
        (timedelta(minutes=-1), "overdue by 1 minute", "red", "alarm"),
    ],
)
def test_a_row_says_when_it_is_due_and_by_its_colour_and_sign_how_soon(
    left: timedelta, told: str, tone: str, icon: str
) -> None:
    waits, due = review_row(review_factory(due_at=now() + left)).aside
    assert waits.text.startswith("waits ")
    assert (due.text, due.tone, due.icon) == (told, tone, icon)


def test_a_row_of_what_is_decided_is_due_no_more() -> None:
    (made,) = review_row(review_factory(decided=True, due_at=now())).aside
    assert made.text.startswith("approved ")


def test_the_queue_says_when_each_is_due_and_who_holds_it_until_the_claim_is_over(
    page_desk: PageDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = page_desk(open=asking(OPEN))
    review = pending(desk, begin(desk, "open").id)
    desk.claim(review.id, BEN)
    (row,) = rows(open_page(), "Pending reviews")
    assert (row["note"], row["aside"][1]) == ("open, claimed by ben", ["due in 1 hour", "orange", "schedule"])
    later = now() + timedelta(hours=3)
    for place in ("components.times", "components.review_rows"):
        monkeypatch.setattr(f"{place}.now", lambda: later)
    (row,) = rows(open_page(), "Pending reviews")
    assert (row["note"], row["aside"][1]) == ("open", ["overdue by 1 hour", "red", "alarm"])


def test_the_review_says_what_happens_if_nobody_decides(page_desk: PageDesk) -> None:
    desk = page_desk(offer=asking(OFFER), open=asking(OPEN))
    rejected, escalated = (pending(desk, begin(desk, graph).id) for graph in ("offer", "open"))
    assert "If nobody decides rejected by the desk, " in said(opened(rejected))
    assert "If nobody decides escalated, " in said(opened(escalated))


def test_what_was_escalated_shows_its_priority(page_desk: PageDesk) -> None:
    desk = page_desk(open=asking(OPEN))
    review = pending(desk, begin(desk, "open").id)
    assert "Priority 1" not in badges(desk, review.id)
    fire(desk)
    assert "Priority 1" in badges(desk, review.id)
    assert "Priority 1" in said(opened(review))


def test_a_row_says_that_there_was_a_reminder(page_desk: PageDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = {"open": {"deadline": {"after": "1d", "remind": ["2h"]}}}
    monkeypatch.setenv("REVIEW_POLICY", json.dumps(policy))
    desk = page_desk(open=asking('{"draft": "Offer"}'))
    review = pending(desk, begin(desk, "open").id)
    assert "Reminder" not in badges(desk, review.id)
    Deadlines(desk.ledger, desk.settings).fire(now() + timedelta(hours=23))
    assert "Reminder" in badges(desk, review.id)


def test_a_review_that_the_desk_decided_says_so(page_desk: PageDesk) -> None:
    desk = page_desk(offer=asking(OFFER))
    review = pending(desk, begin(desk, "offer").id)
    fire(desk)
    shown = said(opened(review))
    assert "The desk rejected" in shown
    assert "Nobody decided before the deadline." in shown
