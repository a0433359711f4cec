"""The Queue page: what waits for a person, oldest first."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from review.desk import Desk
from review.model import ReviewStatus
from tests.pages.conftest import PageDesk
from tests.pages.screens import DRAFTS, NAVIGATION, as_read, choose, decision, labels, links, open_page, rows, said
from tests.support import ADA, ASK, BEN, begin, pending


def opened_beside(at: AppTest) -> str:
    """The title of the review that is open beside the list."""
    return as_read(at.header[0].value)


def waiting(at: object) -> list[str]:
    return [row["title"] for row in rows(at, "Pending reviews")]  # type: ignore[arg-type]


def test_an_empty_queue_says_so_and_leads_to_start(drafts: Desk) -> None:
    at = open_page()
    assert "Nothing waits for you" in said(at)
    assert "Start a graph" in links(at)
    assert not waiting(at)


def test_reviews_stand_oldest_first_with_graph_kind_and_waiting_time(drafts: Desk) -> None:
    for topic in ("first", "second", "third"):
        begin(drafts, "drafts", {"topic": topic})
    at = open_page()
    assert waiting(at) == ["Draft: first", "Draft: second", "Draft: third"]
    assert "3 reviews wait, oldest first" in said(at)
    row = rows(at, "Pending reviews")[0]
    assert (row["badges"][0][0], row["note"], row["aside"][0][0]) == ("Review", "drafts", "new")


def test_what_a_row_says_by_colour_it_says_by_word_and_icon_too(drafts: Desk) -> None:
    review = pending(drafts, begin(drafts, "drafts").id)
    assert rows(open_page(), "Pending reviews")[0]["badges"] == [["Review", "violet", "rate_review"]]
    drafts.decide(review.id, "approve", ADA)
    drafts.finish(review.thread_id, review.id)
    at = open_page()
    at.segmented_control("queue_tab").set_value("decided").run()
    assert rows(at, "Decided reviews")[0]["badges"][1] == ["Resumed", "green", "check_circle"]
    threads = rows(open_page("threads"), "Threads")
    assert threads[0]["badges"] == [["Done", "green", "check_circle"]]


def test_what_is_decided_leaves_the_queue(drafts: Desk) -> None:
    review = pending(drafts, begin(drafts, "drafts").id)
    drafts.decide(review.id, "approve", ADA)
    assert not waiting(open_page())


def test_the_first_one_is_open_by_itself_and_a_row_opens_its_own(drafts: Desk) -> None:
    first, second = (pending(drafts, begin(drafts, "drafts", {"topic": topic}).id) for topic in ("rye", "oats"))
    at = open_page()
    assert opened_beside(at) == first.title
    assert "review" not in at.query_params
    at.query_params["review"] = second.id  # as the click on the row does
    at.run()
    assert opened_beside(at) == second.title


def test_after_a_decision_the_next_one_opens_and_the_decided_one_is_in_the_tray(drafts: Desk) -> None:
    topics = ("rye", "oats", "corn")
    reviews = [pending(drafts, begin(drafts, "drafts", {"topic": topic}).id) for topic in topics]
    drafts.claim(reviews[1].id, BEN)  # somebody else is at it
    at = open_page()
    at.button(f"submit_{reviews[0].id}").click().run()
    assert decision(drafts, reviews[0]) == ("approve", "ada", False)
    assert opened_beside(at) == reviews[2].title
    assert at.query_params["review"] == reviews[2].id
    assert "Just decided" in said(at)
    at.button(f"watch_{reviews[0].id}").click().run()
    assert opened_beside(at) == reviews[0].title
    assert "Just decided" not in said(at)


def test_who_stays_watches_the_run_of_what_was_decided(drafts: Desk) -> None:
    first, _ = (pending(drafts, begin(drafts, "drafts", {"topic": topic}).id) for topic in ("rye", "oats"))
    at = open_page()
    at.toggle("stay_and_watch").set_value(True).run()
    at.button(f"submit_{first.id}").click().run()
    assert opened_beside(at) == first.title
    assert "What was asked" in said(at)


def test_a_decision_is_undone_from_the_tray_and_its_review_is_open_again(
    page_desk: PageDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEW_UNDO_SECONDS", "600")
    desk = page_desk(drafts=DRAFTS)
    first, second = (pending(desk, begin(desk, "drafts", {"topic": topic}).id) for topic in ("rye", "oats"))
    at = open_page()
    at.button(f"submit_{first.id}").click().run()
    assert opened_beside(at) == second.title
    assert "Applied in" in said(at)
    at.button(f"undo_{first.id}_button").click().run()
    assert desk.review(first.id).status == ReviewStatus.PENDING
    assert opened_beside(at) == first.title
    assert "Your decision is undone." in said(at)


def test_what_was_decided_just_now_is_in_the_tray_of_a_new_session_too(
    page_desk: PageDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEW_UNDO_SECONDS", "600")
    desk = page_desk(drafts=DRAFTS)
    mine, other, _ = (pending(desk, begin(desk, "drafts", {"topic": topic}).id) for topic in ("rye", "oats", "corn"))
    desk.decide(mine.id, "approve", ADA, undo_seconds=600)
    desk.decide(other.id, "approve", BEN, undo_seconds=600)
    at = open_page()  # as after a reload, or a restart of the server
    assert f"watch_{other.id}" not in [button.key for button in at.button]
    at.button(f"undo_{mine.id}_button").click().run()
    assert desk.review(mine.id).status == ReviewStatus.PENDING
    assert opened_beside(at) == mine.title


def test_after_the_last_decision_its_run_stays_on_screen(drafts: Desk) -> None:
    review = pending(drafts, begin(drafts, "drafts").id)
    at = open_page()
    at.button(f"submit_{review.id}").click().run()
    assert opened_beside(at) == review.title
    assert "What was asked" in said(at)


def test_to_edit_stands_in_the_address_and_is_dropped_with_the_review(drafts: Desk) -> None:
    first, second = (pending(drafts, begin(drafts, "drafts", {"topic": topic}).id) for topic in ("rye", "oats"))
    at = choose(open_page(), first, "edit")
    assert at.query_params["edit"] == "1"
    at.button("next").click().run()
    assert opened_beside(at) == second.title
    assert "edit" not in at.query_params
    again = AppTest.from_file(NAVIGATION, default_timeout=60)
    again.query_params.update({"review": first.id, "edit": "1"})
    again.run()
    assert opened_beside(again) == first.title
    assert again.segmented_control(f"choice_{first.id}").value == "edit"


def test_examples_are_marked_and_one_click_removes_them_and_nothing_else(page_desk: PageDesk) -> None:
    desk = page_desk(ask=ASK)
    begin(desk, example=True)
    own = begin(desk, given={"topic": "own"})
    at = open_page()
    assert ["Example" in [text for text, *_ in row["badges"]] for row in rows(at, "Pending reviews")] == [True, False]
    at.button("remove_examples").click().run()
    assert "1 example" in at.success[0].value
    assert [thread.id for thread in desk.ledger.threads.page()] == [own.id]
    assert len(waiting(at)) == 1
    assert "Remove the examples" not in labels(at)


def test_a_title_is_given_as_text_and_never_as_markup(page_desk: PageDesk) -> None:
    asks = 'def ask(state): return {"answer": interrupt({"draft": "d", "prompt": "<b>**Now**</b>"})}\ngraph = wire(ask)'
    begin(page_desk(ask=asks))
    assert waiting(open_page()) == ["<b>**Now**</b>"]
