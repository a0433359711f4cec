"""The Review page: what is asked, the decision, and what is told when it cannot be recorded."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from review.desk import Desk
from review.model import Review, ReviewStatus
from tests.pages.conftest import PageDesk
from tests.pages.screens import heading, labels, links, open_page, said, told
from tests.support import ADA, ASK, BEN, FRAGILE, actions, begin, pending, values

BREAKPOINT = """
def write(state): return {"log": ["write"]}
def publish(state): return {"log": ["publish"]}
graph = wire(write, publish, interrupt_before=["publish"])
"""


def asking(payload: str) -> str:
    """A graph that asks with this payload."""
    return f'def ask(state): return {{"answer": interrupt({payload}), "log": ["asked"]}}\ngraph = wire(ask)'


@pytest.fixture
def review(drafts: Desk) -> Review:
    return pending(drafts, begin(drafts, "drafts").id)


def opened(review: Review, **more: Any) -> AppTest:
    return open_page("review", review=review.id, **more)


def choose(at: AppTest, review: Review, kind: str) -> AppTest:
    return at.segmented_control(f"choice_{review.id}").set_value(kind).run()


def submit(at: AppTest, review: Review) -> AppTest:
    at.button(f"submit_{review.id}").click().run()
    assert not at.exception, at.exception
    return at


def decision(desk: Desk, review: Review) -> tuple[str, str, bool] | None:
    made = desk.review(review.id).decision
    return (made.type, made.reviewer, made.signed_in) if made else None


def test_without_an_id_it_leads_to_the_queue(drafts: Desk) -> None:
    assert links(open_page("review")) == ["Back to the queue"]


def test_an_unknown_id_is_named(drafts: Desk) -> None:
    at = open_page("review", review="review-nowhere")
    assert "There is no review 'review-nowhere'" in told(at)
    assert links(at) == ["Back to the queue"]


def test_it_shows_the_draft_its_source_and_where_it_comes_from(review: Review) -> None:
    at = opened(review)
    assert heading(at) == "Draft: bread"
    assert at.code[0].value == "First, about bread."
    assert all(word in said(at) for word in ("drafts", "Node", "less than a minute"))


def test_approve_is_recorded_on_the_version_shown_and_reaches_the_graph(drafts: Desk, review: Review) -> None:
    at = submit(opened(review), review)
    assert decision(drafts, review) == ("approve", "ada", False)
    assert drafts.review(review.id).decision.version == review.version  # type: ignore[union-attr]
    drafts.finish(review.thread_id, review.id)
    at.run()
    assert "ada (not signed in) approved" in said(at)
    assert "The graph has finished." in said(at)
    assert values(drafts, review.thread_id)["answer"] == "First, about bread."


def test_edit_hands_the_edited_text_to_the_graph(drafts: Desk, review: Review) -> None:
    at = choose(opened(review), review, "edit")
    assert at.text_area(f"draft_{review.id}").value == "First, about bread."
    at.text_area(f"draft_{review.id}").set_value("Mine, <b>about</b> bread.").run()
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
    assert "The graph asks again." in said(at)
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
    at.text_area(f"draft_{review.id}").set_value("Mine").run()
    submit(at, review)
    assert told(at).startswith("Give your name first")
    assert at.text_area(f"draft_{review.id}").value == "Mine"
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


@pytest.mark.parametrize(("kind", "box"), [("edit", "draft"), ("respond", "message_respond")])
def test_second_reviewer_is_told_who_decided_and_keeps_the_text(
    drafts: Desk, review: Review, kind: str, box: str
) -> None:
    at = choose(opened(review), review, kind)
    at.text_area(f"{box}_{review.id}").set_value("An hour of work.").run()
    drafts.decide(review.id, "approve", BEN)
    submit(at, review)
    assert told(at).startswith(f"ben decided review {review.id} already: approve")
    assert decision(drafts, review) == ("approve", "ben", True)
    assert "An hour of work." in said(at)
    assert "An hour of work." in said(at.run())


def test_text_of_ones_own_decision_is_not_shown_as_left_over(drafts: Desk, review: Review) -> None:
    at = choose(opened(review), review, "edit")
    at.text_area(f"draft_{review.id}").set_value("Mine").run()
    submit(at, review)
    assert "not recorded" not in said(at)


def test_a_review_that_changed_since_it_was_shown_is_not_decided(drafts: Desk, review: Review) -> None:
    at = choose(opened(review), review, "edit")
    at.text_area(f"draft_{review.id}").set_value("Mine").run()
    drafts.decide(review.id, "approve", BEN, undo_seconds=60)
    drafts.undo(review.id, BEN)  # pending again, as another version
    submit(at, review)
    assert "changed since it was shown" in told(at)
    assert at.text_area(f"draft_{review.id}").value == "Mine"
    assert drafts.review(review.id).status == ReviewStatus.PENDING
    submit(at, review)  # now that it has been shown
    assert decision(drafts, review) == ("edit", "ada", False)


def test_a_review_that_another_holds_names_them(drafts: Desk, review: Review) -> None:
    drafts.claim(review.id, BEN)
    at = opened(review)
    assert "Claimed by ben" in said(at).replace("  ", " ").replace(":gray[Claimed by]", "Claimed by")
    submit(at, review)
    assert "ben has claimed review" in told(at)


def test_a_review_whose_thread_moved_on_says_so(drafts: Desk, review: Review) -> None:
    at = opened(review)
    drafts.close_thread(review.thread_id, BEN)
    submit(at, review)
    assert "its thread moved on" in told(at)
    assert "The thread moved on before anybody decided." in said(at)


def test_a_breakpoint_is_continued(page_desk: PageDesk) -> None:
    desk = page_desk(stops=BREAKPOINT)
    review = pending(desk, begin(desk, "stops").id)
    at = opened(review)
    assert heading(at) == "Breakpoint before publish"
    assert at.button(f"submit_{review.id}").label == "Continue"
    assert not at.segmented_control
    submit(at, review)
    desk.finish(review.thread_id, review.id)
    assert values(desk, review.thread_id)["log"] == ["write", "publish"]


def test_a_failed_node_shows_its_error_and_is_retried(page_desk: PageDesk, tmp_path: Path) -> None:
    desk = page_desk(fragile=FRAGILE)
    broken = tmp_path / "graphs" / "broken"
    broken.touch()
    review = pending(desk, begin(desk, "fragile").id)
    at = opened(review)
    assert told(at).replace("\\", "") == "The printer is on fire."
    assert at.button(f"submit_{review.id}").label == "Retry"
    broken.unlink()
    submit(at, review)
    desk.finish(review.thread_id, review.id)
    assert values(desk, review.thread_id)["log"] == ["first", "fragile"]


def test_a_decision_that_the_graph_could_not_take_is_kept_and_retried(page_desk: PageDesk) -> None:
    desk = page_desk(ask=ASK)
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", BEN)
    page_desk_gone = page_desk(ask=ASK.replace("ask", "asks"))  # the node that asked is called otherwise now
    assert page_desk_gone is desk
    desk.close()
    desk = page_desk()
    desk.finish(review.thread_id, review.id)
    at = opened(review)
    assert "The graph changed: it no longer has the node 'ask'" in said(at)
    assert at.button(f"submit_{review.id}").label == "Retry"
    submit(at, review)
    assert "review.retried" in actions(desk, review.thread_id)
    assert decision(desk, review) == ("approve", "ben", True)


def test_markup_in_a_payload_is_text(page_desk: PageDesk) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    desk = page_desk(ask=asking(repr({"draft": evil, "prompt": evil, "note": evil})))
    review = pending(desk, begin(desk).id)
    at = opened(review)
    assert heading(at) == evil
    assert at.code[0].value == evil
    assert not any(element.proto.allow_html for element in at.markdown)
    assert not at.get("html")
    assert not at.get("iframe")


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


@pytest.mark.parametrize(
    ("payload", "shown"),
    [('{"amount": 12, "to": "Ada", "parts": [1, 2]}', '"amount": 12'), ("[1, 2, 3]", "1"), ("42", "42")],
)
def test_a_subject_that_is_no_text_is_edited_as_json_and_keeps_its_types(
    page_desk: PageDesk, payload: str, shown: str
) -> None:
    desk = page_desk(ask=asking(payload))
    review = pending(desk, begin(desk).id)
    at = choose(opened(review), review, "edit")
    editor = at.text_area(f"draft_{review.id}")
    assert editor.label == "Your value, as JSON"
    assert shown in str(editor.value)
    editor.set_value('{"amount": 13.5, "to": null}').run()
    submit(at, review)
    desk.finish(review.thread_id, review.id)
    assert values(desk, review.thread_id)["answer"] == {"amount": 13.5, "to": None}


def test_an_edit_that_is_no_json_is_refused_and_kept(page_desk: PageDesk) -> None:
    desk = page_desk(ask=asking("[1, 2, 3]"))
    review = pending(desk, begin(desk).id)
    at = choose(opened(review), review, "edit")
    at.text_area(f"draft_{review.id}").set_value("[1, 2").run()
    submit(at, review)
    assert told(at).startswith("Your value is not JSON")
    assert at.text_area(f"draft_{review.id}").value == "[1, 2"
    assert desk.review(review.id).status == ReviewStatus.PENDING


def test_a_payload_that_json_cannot_hold_is_shown_all_the_same(page_desk: PageDesk) -> None:
    values = '{"raw": b"bytes", "price": Decimal("1.10"), "on": date(2026, 1, 2), "rate": float("nan"), "tags": {"a"}}'
    imports = "from decimal import Decimal\nfrom datetime import date\n"
    desk = page_desk(ask=imports + asking(f'{{"prompt": "Which?", "draft": {values}}}'))
    at = opened(pending(desk, begin(desk).id))
    assert heading(at) == "Which?"
    assert not {word for word in ("1.10", "2026-01-02", "nan", "Ynl0ZXM=") if word not in said(at)}


def test_a_locked_ledger_is_named_and_the_text_is_kept(
    page_desk: PageDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEW_LOCK_SECONDS", "0.2")
    desk = page_desk(ask=ASK)
    review = pending(desk, begin(desk).id)
    at = choose(opened(review), review, "edit")
    at.text_area(f"draft_{review.id}").set_value("Mine").run()
    with closing(sqlite3.connect(tmp_path / "data" / "ledger.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        submit(at, review)
        assert "ledger.sqlite is locked by another program" in told(at)
        assert at.text_area(f"draft_{review.id}").value == "Mine"
    assert desk.review(review.id).status == ReviewStatus.PENDING
    submit(at, review)
    assert decision(desk, review) == ("edit", "ada", False)


def test_a_draft_of_two_megabytes_is_shown_and_edited(page_desk: PageDesk) -> None:
    desk = page_desk(ask=asking('{"draft": "wörds " * 350_000, "prompt": "Long"}'))
    review = pending(desk, begin(desk).id)
    at = choose(opened(review), review, "edit")
    assert len(str(at.text_area(f"draft_{review.id}").value)) == 2_100_000
    at.text_area(f"draft_{review.id}").set_value("wörds!" * 350_000).run()
    submit(at, review)
    assert decision(desk, review) == ("edit", "ada", False)


def test_a_review_of_a_graph_that_is_gone_is_still_shown(page_desk: PageDesk, tmp_path: Path) -> None:
    desk = page_desk(ask=ASK)
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA)
    desk.close()
    (tmp_path / "graphs" / "langgraph.json").write_text('{"graphs": {}}', "utf-8")
    desk = page_desk()
    desk.finish(review.thread_id, review.id)
    at = opened(review)
    assert "There is no graph 'ask'" in said(at)
    assert "About bread" in said(at)
    assert at.button(f"submit_{review.id}").label == "Retry"
