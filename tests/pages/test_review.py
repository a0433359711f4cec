"""The Review page: what is asked, the decision, and what is told when it cannot be recorded."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from review.desk import Desk
from review.model import Review, ReviewStatus
from tests.pages.conftest import PageDesk
from tests.pages.screens import (
    choose,
    decision,
    heading,
    labels,
    links,
    open_page,
    opened,
    said,
    submit,
    told,
    unfold,
    write,
    written,
)
from tests.support import ASK, BEN, begin, pending, values


@pytest.fixture
def review(drafts: Desk) -> Review:
    return pending(drafts, begin(drafts, "drafts").id)


def test_without_an_id_it_leads_to_the_queue(drafts: Desk) -> None:
    assert links(open_page("review")) == ["Back to the queue"]


def test_to_ask_for_changes_is_called_so_where_it_is_chosen_sent_and_told(drafts: Desk, review: Review) -> None:
    at = choose(opened(review), review, "respond")
    assert "Ask for changes" in at.segmented_control(f"choice_{review.id}").options
    assert at.button(f"submit_{review.id}").label == "Ask for changes"
    at.text_area(f"message_respond_{review.id}").set_value("Shorter")
    at = submit(at, review)
    assert "asked for changes" in said(at)
    assert "Asked for changes by ada" in said(open_page("threads", thread=review.thread_id))


def test_an_unknown_id_is_named(drafts: Desk) -> None:
    at = open_page("review", review="review-nowhere")
    assert "There is no review 'review-nowhere'" in told(at)
    assert links(at) == ["Back to the queue"]


def test_it_shows_the_draft_its_source_and_where_it_comes_from(review: Review) -> None:
    at = opened(review)
    assert heading(at) == "Draft: bread"
    assert at.code[0].value == "First, about bread."
    assert all(word in said(at) for word in ("drafts", "Node", "less than a minute"))


def test_the_payload_is_drawn_for_who_opens_it(review: Review) -> None:
    at = opened(review)
    assert ":gray[allowed" not in said(at)
    assert ":gray[allowed" in said(unfold(at, f"payload_of_{review.id}"))


def test_approve_is_recorded_on_the_version_shown_and_reaches_the_graph(drafts: Desk, review: Review) -> None:
    at = submit(opened(review), review)
    assert decision(drafts, review) == ("approve", "ada", False)
    assert drafts.review(review.id).decision.version == review.version  # type: ignore[union-attr]
    drafts.finish(review.thread_id, review.id)
    at.run()
    assert "ada (not signed in) approved" in said(at)
    assert ": Finished]" in said(at)
    assert values(drafts, review.thread_id)["answer"] == "First, about bread."


def test_edit_hands_the_edited_text_to_the_graph(drafts: Desk, review: Review) -> None:
    at = choose(opened(review), review, "edit")
    assert written(at) == "First, about bread."
    write(at, review, "Mine, <b>about</b> bread.")
    submit(at, review)
    assert decision(drafts, review) == ("edit", "ada", False)
    drafts.finish(review.thread_id, review.id)
    assert values(drafts, review.thread_id)["answer"] == "Mine, <b>about</b> bread."


@pytest.mark.parametrize("kind", ["respond", "reject"])
def test_a_reason_leads_to_the_next_revision(drafts: Desk, review: Review, kind: str) -> None:
    at = choose(opened(review), review, kind)
    at.text_area(f"message_{kind}_{review.id}").set_value("Say more of rye.").run()
    submit(at, review)
    drafts.finish(review.thread_id, review.id)
    at.run()
    assert ": Asks again]" in said(at)
    assert at.button("next").label == "Review the new revision"
    at.button("next").click().run()
    assert at.code[0].value == "Again: Say more of rye."


@pytest.mark.parametrize("kind", ["respond", "reject"])
def test_an_empty_reason_is_refused_with_nothing_recorded(drafts: Desk, review: Review, kind: str) -> None:
    at = choose(opened(review), review, kind)
    at.text_area(f"message_{kind}_{review.id}").set_value("  \n ").run()
    submit(at, review)
    assert "say why: the message is empty" in told(at)
    assert at.text_area(f"message_{kind}_{review.id}").value == "  \n "
    assert drafts.review(review.id).status == ReviewStatus.PENDING


def test_without_a_name_nothing_is_recorded_and_the_text_is_kept(drafts: Desk, review: Review) -> None:
    at = choose(opened(review, name=None), review, "edit")
    write(at, review, "Mine")
    submit(at, review)
    assert told(at).startswith("Give your name first")
    assert written(at) == "Mine"
    assert drafts.review(review.id).status == ReviewStatus.PENDING
    at.text_input("name_with_decision").set_value("  Grace   Hopper ").run()
    submit(at, review)
    assert decision(drafts, review) == ("edit", "Grace Hopper", False)


def test_a_name_from_the_cookie_needs_no_asking(drafts: Desk, review: Review, cookies: dict[str, str]) -> None:
    cookies["countersign_reviewer"] = "Gr%C3%A4fin%20Ada"
    at = opened(review, name=None)
    assert not any(box.key == "name_with_decision" for box in at.text_input)
    submit(at, review)
    assert decision(drafts, review) == ("approve", "Gräfin Ada", False)


def test_a_signed_in_user_decides_under_that_name(drafts: Desk, review: Review) -> None:
    at = opened(review, name=None)
    at.user = {"is_logged_in": True, "name": "Grace Hopper", "email": "grace@example.org"}
    submit(at.run(), review)
    assert decision(drafts, review) == ("approve", "Grace Hopper", True)


def test_sign_in_comes_first_where_it_is_configured(review: Review) -> None:
    at = opened(review)
    at.user = {"is_logged_in": False}
    at.run()
    assert labels(at) == ["Sign in"]
    assert "bread" not in said(at)


@pytest.mark.parametrize("kind", ["edit", "respond"])
def test_second_reviewer_is_told_who_decided_and_keeps_the_text(drafts: Desk, review: Review, kind: str) -> None:
    at = choose(opened(review), review, kind)
    if kind == "edit":
        write(at, review, "An hour of work.")
    else:
        at.text_area(f"message_respond_{review.id}").set_value("An hour of work.").run()
    drafts.decide(review.id, "approve", BEN)
    submit(at, review)
    assert told(at).startswith("ben was first and approved it on ")
    assert decision(drafts, review) == ("approve", "ben", True)
    assert "An hour of work." in said(at)
    assert "An hour of work." in said(at.run())


def test_nobody_gives_a_name_for_what_was_decided_meanwhile(drafts: Desk, review: Review) -> None:
    at = opened(review, name=None)
    drafts.decide(review.id, "approve", BEN)
    submit(at, review)
    assert told(at).startswith("ben")
    assert told(at).endswith("Your decision was not recorded.")


def test_a_name_that_was_asked_for_and_given_is_asked_for_no_more(drafts: Desk, review: Review) -> None:
    at = submit(opened(review, name=None), review)
    assert told(at).startswith("Give your name first")
    at.text_input("name_with_decision").set_value("Cleo").run()
    assert not at.error


def test_who_approves_with_an_edit_begun_is_told_that_it_stays_behind(drafts: Desk, review: Review) -> None:
    at = opened(review)
    assert at.button(f"submit_{review.id}").label == "Approve"
    at = choose(write(choose(at, review, "edit"), review, "Mine"), review, "approve")
    assert at.button(f"submit_{review.id}").label == "Approve without my edit"
    assert "Your edit is kept, but not sent with this" in said(at)
    assert "not sent with this" in said(choose(at, review, "respond"))
    assert "not sent with this" not in said(choose(at, review, "reject"))
    submit(choose(at, review, "approve"), review)
    assert decision(drafts, review) == ("approve", "ada", False)


def test_text_of_ones_own_decision_is_not_shown_as_left_over(drafts: Desk, review: Review) -> None:
    at = choose(opened(review), review, "edit")
    write(at, review, "Mine")
    submit(at, review)
    assert "not recorded" not in said(at)


def test_a_review_that_changed_since_it_was_shown_is_not_decided(drafts: Desk, review: Review) -> None:
    at = choose(opened(review), review, "edit")
    write(at, review, "Mine")
    drafts.decide(review.id, "approve", BEN, undo_seconds=60)
    drafts.undo(review.id, BEN)  # pending again, as another version
    submit(at, review)
    assert "changed since it was shown" in told(at)
    assert written(at) == "Mine"
    assert drafts.review(review.id).status == ReviewStatus.PENDING
    submit(at, review)  # now that it has been shown
    assert decision(drafts, review) == ("edit", "ada", False)


def test_a_review_whose_thread_moved_on_says_so(drafts: Desk, review: Review) -> None:
    at = opened(review)
    drafts.close_thread(review.thread_id, BEN)
    submit(at, review)
    assert "its thread moved on" in told(at)
    assert "The thread moved on before anybody decided." in said(at)


def test_earlier_revisions_stand_below_with_what_was_said(drafts: Desk, review: Review) -> None:
    for kind in ("respond", "reject"):
        latest = pending(drafts, review.thread_id)
        drafts.decide(latest.id, kind, BEN, message=f"{kind}: more *rye*")
        drafts.finish(review.thread_id, latest.id)
    at = opened(pending(drafts, review.thread_id))
    assert "Earlier revisions (2)" in said(at)
    headings = [expander.label.replace("\\", "") for expander in at.expander if "Revision" in expander.label]
    assert [heading.partition(",")[0] for heading in headings] == [
        "Revision 2: ben rejected",
        "Revision 1: ben asked for changes",
    ]
    assert "> reject: more *rye*" in said(at)
    assert "First, about bread." in said(at)


def test_a_locked_ledger_is_named_and_the_text_is_kept(
    page_desk: PageDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEW_LOCK_SECONDS", "0.2")
    desk = page_desk(ask=ASK)
    review = pending(desk, begin(desk).id)
    at = choose(opened(review), review, "edit")
    write(at, review, "Mine")
    with closing(sqlite3.connect(tmp_path / "data" / "ledger.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        submit(at, review)
        assert "ledger.sqlite is locked by another program" in told(at)
        assert written(at) == "Mine"
    assert desk.review(review.id).status == ReviewStatus.PENDING
    submit(at, review)
    assert decision(desk, review) == ("edit", "ada", False)
