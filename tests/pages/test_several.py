"""Several reviews at once on the Queue page: previewed, decided, claimed or assigned, with a result of each."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from review.desk import Desk
from review.model import Review, ReviewStatus
from review.reviewers import Reviewer
from tests.pages.conftest import PageDesk
from tests.pages.screens import DRAFTS, keys, labels, open_page, said
from tests.support import ADA, BEN, begin, pending, wait_for

TOPICS = ("bread", "cake", "rye")


@pytest.fixture
def three(drafts: Desk) -> list[Review]:
    return [pending(drafts, begin(drafts, "drafts", {"topic": topic}).id) for topic in TOPICS]


def choose(at: AppTest, review: Review, *others: Review) -> AppTest:
    """As ticking the boxes of the rows does."""
    at.session_state["queue_selected"] = [review.id, *(other.id for other in others)]
    return at.run()


def test_several_are_approved_after_a_preview_and_undone_together(
    page_desk: PageDesk, monkeypatch: pytest.MonkeyPatch, three: list[Review]
) -> None:
    monkeypatch.setenv("REVIEW_UNDO_SECONDS", "600")
    desk = page_desk()
    desk.claim(three[1].id, BEN)
    at = choose(open_page(), *three)
    assert "3 selected" in said(at)
    at.button("bulk_approve").click().run()
    assert "2 of 3 would be decided" in said(at)
    assert "ben has claimed review" in said(at)
    at.button("bulk_submit").click().run()
    assert [desk.review(review.id).status for review in three] == ["decided", "pending", "decided"]
    assert "2 decided, 1 not" in said(at)
    at.button("undo_batch").click().run()
    assert "2 decisions are undone." in said(at)
    assert {desk.review(review.id).status for review in three} == {ReviewStatus.PENDING}


def test_an_approval_of_several_names_the_edits_that_it_leaves_behind(drafts: Desk, three: list[Review]) -> None:
    drafts.save_draft(three[2].id, ADA, three[2].version, "value", "Mine, begun elsewhere.")
    at = choose(open_page(), *three)
    at.button("bulk_approve").click().run()
    assert f"Your edit is kept, but not sent with this: {three[2].title}" in said(at)
    at.button("bulk_reject").click().run()
    assert "not sent with this" not in said(at)


def test_several_are_rejected_with_one_reason(drafts: Desk, three: list[Review]) -> None:
    at = choose(open_page(), three[0], three[2])
    at.button("bulk_reject").click().run()
    assert "0 of 2 would be decided" in said(at)
    at.text_area("bulk_message").set_value("Not this quarter").run()
    assert "2 of 2 would be decided" in said(at)
    at.button("bulk_submit").click().run()
    made = [drafts.review(review.id).decision for review in (three[0], three[2])]
    assert [(each.type, each.message) for each in made if each] == [("reject", "Not this quarter")] * 2


def assignees(desk: Desk, reviews: list[Review]) -> list[str | None]:
    return [desk.review(review.id).assignee for review in reviews]


def test_the_reasons_that_the_graphs_share_are_offered_to_who_rejects(
    page_desk: PageDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons = {"drafts": ["Off topic", "Too *long*", "Wrong tone"], "others": ["Too *long*", "Off topic", "Twice"]}
    policy = {graph: {"reasons": listed} for graph, listed in reasons.items()}
    monkeypatch.setenv("REVIEW_POLICY", json.dumps(policy))
    desk = page_desk(drafts=DRAFTS, others=DRAFTS, free=DRAFTS)
    reviews = [pending(desk, begin(desk, graph).id) for graph in ("drafts", "others", "free")]
    at = choose(open_page(), *reviews)
    at.button("bulk_reject").click().run()
    assert at.pills("bulk_reason").options == ["Off topic", "Too \\*long\\*"]
    at.pills("bulk_reason").set_value("Too *long*").run()
    assert "3 of 3 would be decided" in said(at)
    at.text_area("bulk_message").set_value("By half").run()
    at.button("bulk_submit").click().run()
    made = [desk.review(review.id).decision for review in reviews]
    assert [(each.reason, each.message) for each in made if each] == [("Too *long*", "By half")] * 3


def test_an_approval_takes_no_reason_along_that_was_chosen_to_reject(
    page_desk: PageDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEW_POLICY", json.dumps({"drafts": {"reasons": ["Off topic"]}}))
    desk = page_desk(drafts=DRAFTS)
    review = pending(desk, begin(desk, "drafts").id)
    at = choose(open_page(), review)
    at.button("bulk_reject").click().run()
    at.pills("bulk_reason").set_value("Off topic").run()
    at.button("bulk_approve").click().run()
    at.button("bulk_submit").click().run()
    made = desk.review(review.id).decision
    assert made is not None
    assert (made.type, made.reason, made.message) == ("approve", None, "")


def test_critical_reviews_are_left_out_and_say_so(page_desk: PageDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEW_POLICY", json.dumps({"payments": {"critical": True}}))
    desk = page_desk(drafts=DRAFTS, payments=DRAFTS)
    plain, critical = (pending(desk, begin(desk, graph, {"topic": graph}).id) for graph in ("drafts", "payments"))
    at = choose(open_page(), plain, critical)
    at.button("bulk_approve").click().run()
    assert "1 of 2 would be decided" in said(at)
    assert "Review 'Draft: payments' is critical, so it is left out: open it and decide it by itself." in said(at)
    at.button("bulk_submit").click().run()
    assert "1 decided, 1 not" in said(at)
    assert [desk.review(review.id).status for review in (plain, critical)] == ["decided", "pending"]


def test_several_are_claimed_after_a_preview_that_says_who_holds_what(drafts: Desk, three: list[Review]) -> None:
    drafts.claim(three[1].id, BEN)
    drafts.claim(three[2].id, ADA)
    at = choose(open_page(), *three)
    at.button("bulk_claim").click().run()
    assert "2 of 3 would be yours for" in said(at)
    assert "ben has claimed review 'Draft: cake'" in said(at)
    assert "Draft: rye :gray[(stays so)]" in said(at)
    assert assignees(drafts, three) == [None, "ben", "ada"]  # nothing is done yet
    at.button("bulk_reserve").click().run()
    assert assignees(drafts, three) == ["ada", "ben", "ada"]
    assert "2 claimed, 1 not" in said(at)
    assert "ben has claimed review 'Draft: cake'" in said(at)
    assert "bulk_reserve" not in [button.key for button in at.button]
    at.button("bulk_clear").click().run()
    assert "3 selected" not in said(at)
    assert "Clear" not in labels(at)


def test_what_was_decided_together_is_told_of_until_the_graphs_have_it(
    page_desk: PageDesk, monkeypatch: pytest.MonkeyPatch, three: list[Review]
) -> None:
    monkeypatch.setenv("REVIEW_UNDO_SECONDS", "0.01")
    desk = page_desk()
    at = choose(open_page(), *three)
    at.button("bulk_approve").click().run()
    at.button("bulk_submit").click().run()
    wait_for(lambda: "Being applied" in said(at.run()), "the end of the time for undo")
    desk.relay.run_due()
    at.run()
    assert "Being applied" not in said(at)
    assert "Applied" in said(at)
    assert at.button("undo_batch").disabled


def test_what_others_hold_is_taken_over_where_one_says_so(drafts: Desk, three: list[Review]) -> None:
    drafts.claim(three[1].id, BEN)
    at = choose(open_page(), *three)
    at.button("bulk_claim").click().run()
    at.toggle("bulk_over").set_value(True).run()
    assert "3 of 3 would be yours for" in said(at)
    assert "Draft: cake :gray[(taken over from ben)]" in said(at)
    at.button("bulk_reserve").click().run()
    assert assignees(drafts, three) == ["ada"] * 3
    assert len(drafts.ledger.audit.entries(actions=("review.taken_over",))) == 1
    assert "undo" in keys(at)
    at.button("undo_batch").click().run()
    assert "3 are as before." in said(at)
    assert assignees(drafts, three) == [None, "ben", None]
    assert "undo_batch" not in [button.key for button in at.button]


def test_several_are_assigned_after_a_preview(drafts: Desk, three: list[Review]) -> None:
    drafts.claim(three[0].id, BEN)
    at = choose(open_page(), *three[:2])
    at.button("bulk_assign").click().run()
    assert "Say to whom, to see what would become of each." in said(at)
    at.text_input("bulk_to").set_value("carla").run()
    assert "1 of 2 would be carla's for" in said(at)
    assert "ben has claimed review 'Draft: bread'" in said(at)
    assert assignees(drafts, three) == ["ben", None, None]
    at.button("bulk_reserve").click().run()
    assert assignees(drafts, three) == ["ben", "carla", None]
    assert "1 assigned to carla, 1 not" in said(at)
    drafts.look_at(three[1].id, "browser", Reviewer("carla"))
    at.button("undo_batch").click().run()
    assert "carla has review 'Draft: cake' open." in said(at)
    assert assignees(drafts, three) == ["ben", "carla", None]


def test_nothing_is_assigned_to_a_name_that_nobody_can_have(three: list[Review]) -> None:
    at = choose(open_page(), *three)
    at.button("bulk_assign").click().run()
    at.text_input("bulk_to").set_value("system").run()
    assert "system" in at.error[0].value
    assert "bulk_reserve" not in [button.key for button in at.button]


def test_who_has_not_given_a_name_is_asked_for_it_before_the_preview(drafts: Desk, three: list[Review]) -> None:
    at = choose(open_page(name=None), *three)
    at.button("bulk_claim").click().run()
    assert "Give your name to see more." in said(at)
    at.text_input("name_with_assign").set_value("dora").run()
    assert "3 of 3 would be yours for" in said(at)
    at.button("bulk_reserve").click().run()
    assert assignees(drafts, three) == ["dora"] * 3
