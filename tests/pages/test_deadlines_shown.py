"""What a person sees of a deadline: when it is, what happens then, and what has happened already."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from review.deadlines import Deadlines
from review.desk import Desk
from review.model import now
from tests.pages.conftest import PageDesk
from tests.pages.screens import asking, open_page, opened, rows, said
from tests.support import begin, pending

OFFER = '{"draft": "Offer", "timeout_seconds": 7200, "on_timeout": "reject"}'
OPEN = '{"draft": "Offer", "timeout_seconds": 7200}'


def fire(desk: Desk) -> None:
    Deadlines(desk.ledger, desk.settings).fire(now() + timedelta(hours=3))


def badges(desk: Desk, review_id: str) -> list[str]:
    (row,) = [row for row in rows(open_page(), "Pending reviews") if row["id"] == review_id]
    return [text for text, *_ in row["badges"]]


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
