"""What makes a decision careful: a typed confirmation, a reason of the list, and how long it was on screen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from review.desk import Desk
from review.model import Review, ReviewStatus
from tests.pages.conftest import PageDesk
from tests.pages.screens import DRAFTS, choose, decision, opened, said, submit, told
from tests.support import begin, pending


@pytest.fixture
def desk(page_desk: PageDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """With a policy that makes its one graph critical, and offers reasons."""
    policy = {"drafts": {"critical": True, "reasons": ["Too long", "Wrong *tone*"]}}
    monkeypatch.setenv("REVIEW_POLICY", json.dumps(policy))
    return page_desk(drafts=DRAFTS)


@pytest.fixture
def review(desk: Desk) -> Review:
    return pending(desk, begin(desk, "drafts").id)


def test_a_critical_review_is_let_through_by_the_typed_word_alone(desk: Desk, review: Review) -> None:
    at = opened(review)
    assert "This is critical" in said(at)
    submit(at, review)
    assert "type 'drafts' as the confirmation" in told(at)
    at.text_input(f"confirmation_{review.id}").set_value("draft").run()
    submit(at, review)
    assert desk.review(review.id).status == ReviewStatus.PENDING
    at.text_input(f"confirmation_{review.id}").set_value("drafts").run()
    submit(at, review)
    assert decision(desk, review) == ("approve", "ada", False)


def test_to_reject_needs_no_confirmation_and_takes_a_reason_of_the_list(desk: Desk, review: Review) -> None:
    at = choose(opened(review), review, "reject")
    assert "This is critical" not in said(at)
    at.pills(f"reason_{review.id}").set_value("Too long").run()
    at.text_area(f"message_reject_{review.id}").set_value("By half").run()
    submit(at, review)
    made = desk.review(review.id).decision
    assert made is not None
    assert (made.type, made.reason, made.message) == ("reject", "Too long", "By half")


def test_how_long_it_was_on_screen_is_kept_with_the_decision(desk: Desk, review: Review) -> None:
    at = choose(opened(review), review, "reject")
    at.text_area(f"message_reject_{review.id}").set_value("No").run()
    submit(at, review)
    made = desk.review(review.id).decision
    assert made is not None
    assert made.seconds_shown is not None
    assert made.reason is None
