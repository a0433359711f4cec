"""The patterns that take another way for another answer: a branch, a panel, a triage that asks where it must."""

from __future__ import annotations

from typing import Any

import pytest

from review.desk import Desk
from review.errors import InvalidAnswer
from review.model import ThreadStatus
from tests.graphs.desks import ask, example, lines, say
from tests.support import ADA, begin, reviews


def test_an_approved_request_takes_the_branch_that_grants(desk: Desk) -> None:
    values = say(desk, ask(desk, "access_request"), "approve")
    assert "letter" not in values
    assert [(line["key"], line["by"]) for line in lines(desk, "access.jsonl")] == [(values["granted"], "ada")]


def test_a_rejected_request_takes_the_branch_that_says_why(desk: Desk) -> None:
    review = ask(desk, "access_request")
    with pytest.raises(InvalidAnswer):
        desk.decide(review.id, "reject", ADA)
    values = say(desk, review, "reject", message="Ask the team lead first.")
    assert values["letter"].endswith("ada did not approve it: Ask the team lead first.\n")
    assert lines(desk, "access.jsonl") == []


VIEWS: dict[str, dict[str, Any]] = {
    "legal": {"conditions": ["Name the cooks"]},
    "security": {"risk": "medium", "notes": "Card numbers are not stored."},
    "marketing": {"headline": "Lunch, ahead", "launch_on": "2026-12-01"},
}


def test_a_panel_is_asked_at_the_same_time_and_launches_when_all_agree(desk: Desk) -> None:
    thread = begin(desk, "launch_panel", example(desk, "launch_panel"))
    asked = {review.node: review for review in reviews(desk, thread.id)}
    assert set(asked) == set(VIEWS)
    for left, node in enumerate(("marketing", "legal", "security")):
        assert len(reviews(desk, thread.id)) == 3 - left
        values = say(desk, asked[node], "approve", VIEWS[node])
    assert values["outcome"] == "launched"
    (line,) = lines(desk, "launches.jsonl")
    assert line["Legal"] == {"verdict": "approve", "conditions": ["Name the cooks"], "reviewer": "ada"}
    assert line["Security"]["approved"] is True and line["Security"]["risk"] == "medium"
    assert line["Marketing"]["launch_on"] == "2026-12-01"


@pytest.mark.parametrize("against", list(VIEWS))
def test_one_member_of_the_panel_can_hold_the_launch_back(desk: Desk, against: str) -> None:
    thread = begin(desk, "launch_panel", example(desk, "launch_panel"))
    for review in reviews(desk, thread.id):
        values = say(desk, review, "reject" if review.node == against else "edit", VIEWS[review.node])
    assert values["outcome"] == "held back"
    assert [view["agrees"] for view in values["views"]].count(False) == 1
    assert lines(desk, "launches.jsonl") == []


# agent-inbox.


def test_a_clear_invoice_is_booked_without_asking(desk: Desk) -> None:
    thread = begin(desk, "invoice_triage", example(desk, "invoice_triage", 1))
    assert thread.status == ThreadStatus.DONE
    assert [line["account"] for line in lines(desk, "bookings.jsonl")] == ["6300 Utilities"]


ARGS = {"account": "6650 Travel", "amount": 2380.0}


@pytest.mark.parametrize(
    ("said", "value", "message", "account"),
    [
        ("approve", None, "", "6600 Advertising"),
        ("edit", ARGS, "", "6650 Travel"),
        ("respond", None, "Ask them for two invoices.", None),
        ("reject", None, "This is not ours.", None),
        ("ignore", None, "", None),
    ],
)
def test_an_unclear_invoice_is_escalated(desk: Desk, said: str, value: Any, message: str, account: str | None) -> None:
    review = ask(desk, "invoice_triage")
    assert review.dialect == "agent_inbox"
    values = say(desk, review, said, value, message)
    assert [line["account"] for line in lines(desk, "bookings.jsonl")] == ([account] if account else [])
    assert values["decided_by"] == ("a person" if account else "nobody")
    if not account:
        assert values["remark"] == (message or "Left for the accountant.")
