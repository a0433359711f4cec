"""The name that a person gives on a page."""

from __future__ import annotations

from review.desk import Desk
from review.model import ReviewStatus
from tests.pages.screens import choose, decision, open_page, opened, submit, told, unfold, write, written
from tests.support import begin, pending


def test_the_desks_own_name_is_refused_beside_a_decision_and_nothing_is_recorded(drafts: Desk) -> None:
    review = pending(drafts, begin(drafts, "drafts").id)
    at = choose(opened(review, name=None), review, "edit")
    write(at, review, "Mine")
    at.text_input("name_with_decision").set_value(" System ")
    submit(at, review)
    assert "is the desk's own" in told(at)
    assert written(at) == "Mine"
    assert drafts.review(review.id).status == ReviewStatus.PENDING
    at.text_input("name_with_decision").set_value("Grace").run()
    submit(at, review)
    assert decision(drafts, review) == ("edit", "Grace", False)


def test_the_desks_own_name_is_refused_at_the_top_of_a_page(drafts: Desk) -> None:
    at = unfold(open_page(name=None), "who_reviews")
    at.text_input("reviewer_name").set_value("SYSTEM").run()
    assert "is the desk's own" in told(at)
    assert "reviewer" not in at.session_state


def test_a_cookie_with_the_desks_own_name_names_nobody(drafts: Desk, cookies: dict[str, str]) -> None:
    cookies["countersign_reviewer"] = "system"
    review = pending(drafts, begin(drafts, "drafts").id)
    at = submit(opened(review, name=None), review)
    assert told(at).startswith("Give your name first")
    assert drafts.review(review.id).status == ReviewStatus.PENDING


def test_who_signs_in_under_the_desks_own_name_decides_under_the_address(drafts: Desk) -> None:
    review = pending(drafts, begin(drafts, "drafts").id)
    at = opened(review, name=None)
    at.user = {"is_logged_in": True, "name": "System", "email": "system@example.org"}
    submit(at.run(), review)
    assert decision(drafts, review) == ("approve", "system@example.org", True)


def test_a_claim_is_shown_as_ones_own_however_the_name_is_written(drafts: Desk) -> None:
    review = pending(drafts, begin(drafts, "drafts").id)
    at = opened(review, name="Ada")
    at.button(f"claim_{review.id}").click().run()
    assert any(button.key == f"release_{review.id}" for button in opened(review, name=" ada").button)
    assert any(button.key == f"take_over_{review.id}" for button in opened(review, name="ben").button)
