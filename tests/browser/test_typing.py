"""What a reviewer has typed outlives what goes on around it; a decision is made once."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from review.desk import Desk
from tests.browser.conftest import Watched
from tests.browser.screens import (
    at_desk,
    button,
    choose,
    editor,
    give_name,
    go_to,
    heading,
    known,
    new_review,
    open_review,
    press,
    rewrite,
    row,
    settled,
)
from tests.browser.servers import SECONDS, Server
from tests.support import BEN, actions, wait_for


def test_a_half_typed_edit_survives_ticks_other_decisions_a_page_switch_and_reruns(
    server: Server, desk: Desk, page: Page, watched: Watched
) -> None:
    review, other = new_review(desk, "half-typed"), new_review(desk, "other")
    queue = watched.open()
    queue.goto(server.url)
    waiting = queue.get_by_role("listitem")
    expect(waiting.first).to_be_visible()
    before = waiting.count()

    open_review(page, server, review)
    choose(page, "Edit")
    editor(page).press("Control+A")
    page.keyboard.type("Half a sen")
    desk.decide(other.id, "approve", BEN)
    third = new_review(desk, "third")
    # The queue elsewhere has ticked: one row went, another came.
    expect(queue.get_by_role("listitem").locator(f"a[href$='{third.id}']")).to_be_visible()
    expect(waiting).to_have_count(before)
    page.keyboard.type("tence")
    expect(editor(page)).to_have_value("Half a sentence")

    go_to(page, "Threads")
    expect(heading(page, "Threads")).to_be_visible()
    go_to(page, "Queue")
    row(page, review).get_by_role("link").click(delay=80)
    expect(editor(page)).to_have_value("Half a sentence")

    choose(page, "Approve")
    expect(editor(page)).to_have_count(0)
    choose(page, "Edit")
    expect(editor(page)).to_have_value("Half a sentence")


def test_the_second_of_two_reviewers_is_told_who_decided_and_keeps_the_text(
    server: Server, desk: Desk, page: Page, watched: Watched
) -> None:
    review = new_review(desk, "two reviewers")
    second = watched.open()
    for browser, name in ((page, "Ada"), (second, "Ben")):
        open_review(browser, server, review)
        give_name(browser, name)
        choose(browser, "Edit")
        rewrite(browser, f"The text of {name}")
        expect(browser.get_by_text(re.compile(r"Saved \d"))).to_be_visible()
    press(page, "Approve with my edits")
    expect(page.get_by_text("Ada (not signed in) edited and approved")).to_be_visible()
    expect(page.get_by_text("was not recorded")).to_have_count(0)
    press(second, "Approve with my edits")
    expect(second.get_by_text("Ada was first and edited and approved it on")).to_be_visible()
    expect(second.get_by_text("The text of Ben").first).to_be_visible()
    wait_for(lambda: desk.review(review.id).status == "resumed", "the resumed graph", SECONDS)
    assert desk.state(review.thread_id).values["answer"]["content"] == "The text of Ada"
    assert actions(desk, review.thread_id).count("decision.refused") == 1


def test_a_note_that_is_folded_away_half_written_by_who_has_given_no_name_stays_for_its_author_alone(
    server: Server, desk: Desk, page: Page
) -> None:
    review = new_review(desk, "a note")
    open_review(page, server, review)
    line = page.get_by_test_id("stExpander").filter(has_text="Notes").locator("summary")
    note, alone = page.get_by_role("textbox", name="A note"), page.get_by_role("checkbox", name="For me alone")
    line.click()
    note.fill("I doubt it")
    page.get_by_text("For me alone", exact=True).click(delay=80)
    expect(alone).to_be_checked()
    settled(page)
    line.click()
    expect(note).to_have_count(0)
    line.click()
    expect(note).to_have_value("I doubt it")
    expect(alone).to_be_checked()
    give_name(page, "Ada")
    expect(button(page, "Reviewing as Ada")).to_be_visible()
    press(page, "Add the note")
    expect(note).to_have_value("")
    (kept,) = desk.notes(review.id, "Ada")
    assert (kept.text, kept.private) == ("I doubt it", True)


def test_a_note_that_was_added_beside_the_list_leaves_its_field_empty(server: Server, desk: Desk, page: Page) -> None:
    known(page, server)
    review = new_review(desk, "two notes")
    at_desk(page, server, f"review={review.id}")
    expect(heading(page, review.title)).to_be_visible()
    page.get_by_test_id("stExpander").filter(has_text="Notes").locator("summary").click()
    note = page.get_by_role("textbox", name="A note")
    for text in ("I doubt it", "Not any more"):
        note.fill(text)
        press(page, "Add the note")
        expect(page.get_by_text(text, exact=True).and_(page.locator("[data-testid='stText'] *"))).to_be_visible()
        expect(note).to_have_value("")
    assert [each.text for each in desk.notes(review.id, "Ada")] == ["I doubt it", "Not any more"]


def test_a_double_click_decides_once(server: Server, desk: Desk, page: Page) -> None:
    review = new_review(desk, "double click")
    open_review(page, server, review)
    give_name(page, "Ada")
    button(page, "Approve").dblclick(delay=20)
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    happened = actions(desk, review.thread_id)
    assert happened.count("review.approved") == 1
    assert happened.count("decision.applied") == 1
    assert desk.state(review.thread_id).values["log"] == ["write", "ask", "publish"]


def test_the_reviewers_name_survives_a_reload_and_is_recorded_as_not_signed_in(
    server: Server, desk: Desk, page: Page
) -> None:
    first, then = new_review(desk, "before the reload"), new_review(desk, "after the reload")
    open_review(page, server, first)
    give_name(page, "Ada Lovelace")
    press(page, "Approve")
    expect(page.get_by_text("Ada Lovelace (not signed in) approved")).to_be_visible()
    wait_for(lambda: any(c.get("name") == "countersign_reviewer" for c in page.context.cookies()), "cookie", SECONDS)
    page.goto(f"{server.url}/review?review={then.id}")
    page.reload()
    expect(button(page, "Reviewing as Ada Lovelace")).to_be_visible()
    press(page, "Approve")
    expect(page.get_by_text("Ada Lovelace (not signed in) approved")).to_be_visible()
    made = desk.review(then.id).decision
    assert made is not None
    assert (made.reviewer, made.signed_in) == ("Ada Lovelace", False)


def test_a_reload_on_the_way_does_not_decide_again(server: Server, desk: Desk, page: Page) -> None:
    review = new_review(desk, "reload")
    open_review(page, server, review)
    give_name(page, "Ada")
    press(page, "Approve")
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("The graph has finished.")).to_be_visible()
    assert actions(desk, review.thread_id).count("review.approved") == 1
