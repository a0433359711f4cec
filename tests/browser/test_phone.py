"""On a telephone: one pane at a time, and decisions within reach of a thumb."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from review.desk import Desk
from review.model import Review
from tests.browser.conftest import Serve, Watched
from tests.browser.screens import at_desk, editor, heading, known, new_review, row, settled
from tests.browser.servers import SECONDS, Server, server_of
from tests.pages.screens import DRAFTS, decision
from tests.support import ADA, wait_for, write_graphs

PHONE = {"width": 390, "height": 844}
NOTE_PLACE = """main => document.addEventListener(
  "click", () => { main.was = main.scrollTop }, { capture: true, once: true })"""


@pytest.fixture
def page(watched: Watched) -> Page:
    return watched.open(viewport=PHONE, has_touch=True, is_mobile=True)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server_of(tmp_path_factory.mktemp("server"), {"drafts": DRAFTS}, REVIEW_UNDO_SECONDS="600") as started:
        yield started


def bar(page: Page) -> Locator:
    return page.locator(".st-key-thumb_bar")


def tap(page: Page, review: Review, kind: str, label: str) -> None:
    """The button of this review's bar, once it is the one on screen."""
    button = bar(page).locator(f".st-key-thumb_{kind}_{review.id}").get_by_role("button", name=label, exact=True)
    expect(button).to_be_visible()
    # Two taps on one place are a double tap, of which the second half is not meant for what has come there.
    button.tap(position={"x": 12, "y": 12} if label == "Send" else None)


def test_three_reviews_are_approved_edited_and_rejected_with_the_thumb(server: Server, desk: Desk, page: Page) -> None:
    rye, oats, corn = (new_review(desk, f"thumb {topic}", "drafts") for topic in ("rye", "oats", "corn"))
    known(page, server)
    at_desk(page, server, "search=thumb")
    expect(row(page, corn)).to_be_visible()
    row(page, rye).get_by_role("link").tap()
    expect(heading(page, rye.title)).to_be_visible()
    tap(page, rye, "approve", "Approve")
    expect(heading(page, oats.title)).to_be_visible()
    assert decision(desk, rye) == ("approve", "Ada", False)

    tap(page, oats, "edit", "Edit")
    expect(editor(page)).to_be_focused()  # which puts the caret behind the text, also while it is being filled
    editor(page).fill("With the thumb.")
    expect(page.get_by_text("With the thumb.", exact=True).first).to_be_visible()
    tap(page, oats, "approve", "Approve")
    expect(bar(page).get_by_text("Your edit is kept, but not sent with this.")).to_be_visible()
    tap(page, oats, "edit", "Edit")
    expect(editor(page)).to_have_value("With the thumb.")
    tap(page, oats, "edit", "Send")
    expect(heading(page, corn.title)).to_be_visible()
    edited = desk.review(oats.id).decision
    assert edited is not None
    assert (edited.type, edited.value) == ("edit", "With the thumb.")

    tap(page, corn, "reject", "Reject")
    reason = page.locator(f".st-key-message_reject_{corn.id} textarea")
    reason.fill("Not this one.")
    reason.blur()
    tap(page, corn, "reject", "Reject")
    wait_for(lambda: decision(desk, corn) == ("reject", "Ada", False), "the rejection", SECONDS)
    rejected = desk.review(corn.id).decision
    assert rejected is not None
    assert rejected.message == "Not this one."


def test_the_browsers_back_leads_to_the_list_at_once_and_stays_there(server: Server, desk: Desk, page: Page) -> None:
    rye, oats = (new_review(desk, topic, "drafts") for topic in ("rye", "oats"))
    known(page, server)
    at_desk(page, server)
    for review in (rye, oats):
        row(page, review).get_by_role("link").tap()
        expect(page).to_have_url(re.compile(f"review={review.id}"))
        expect(heading(page, review.title)).to_be_visible()
        settled(page)
        page.go_back()
        expect(row(page, rye)).to_be_visible()
        settled(page)
        expect(row(page, oats)).to_be_visible()
        expect(page).not_to_have_url(re.compile("review="))
    page.go_forward()
    expect(heading(page, oats.title)).to_be_visible()
    expect(page).to_have_url(re.compile(f"review={oats.id}"))


def test_the_bar_has_three_actions_and_the_rest_is_under_more(server: Server, desk: Desk, page: Page) -> None:
    review = new_review(desk, "rye", "drafts")
    known(page, server)
    at_desk(page, server, f"review={review.id}")
    actions = bar(page).get_by_test_id("stButton").get_by_role("button")
    expect(actions).to_have_text([re.compile(f"{name}$") for name in ("Approve", "Edit", "Reject")])
    for action in (*actions.all(), bar(page).get_by_role("button", name="More")):
        expect(action).to_be_in_viewport(ratio=1)
    expect(page.locator(".st-key-choice_wide")).to_be_hidden()
    expect(page.locator(".st-key-submit_wide")).to_be_hidden()
    bar(page).get_by_role("button", name="More").tap()
    page.get_by_role("button", name="Ask for changes", exact=True).tap()
    expect(page.get_by_role("textbox", name="Which changes you ask for")).to_be_visible()
    expect(actions).to_have_count(3)


def test_the_tour_tells_of_keys_to_who_has_some(
    serve: Serve, beside: Callable[[Server], Desk], page: Page, watched: Watched, tmp_path: Path
) -> None:
    server = serve(REVIEW_GRAPHS=str(write_graphs(tmp_path / "graphs", drafts=DRAFTS)), REVIEW_POLL_SECONDS="0.1")
    desk = beside(server)
    thread = desk.start("drafts", {"topic": "rye"}, ADA, example=True)
    wait_for(lambda: desk.thread(thread.id).status == "interrupted", "the example", SECONDS)
    at_desk(page, server)
    expect(page.get_by_text("1 of 4")).to_be_visible()
    expect(page.get_by_text("walk through it")).to_be_hidden()
    wide = watched.open(viewport={"width": 1280, "height": 900})
    at_desk(wide, server)
    expect(wide.get_by_text("walk through it")).to_be_visible()


def test_what_opens_the_pages_says_so(server: Server, page: Page) -> None:
    at_desk(page, server)
    opens = page.get_by_role("button", name="Expand sidebar")
    assert opens.evaluate("button => getComputedStyle(button, '::after').content").startswith('"Pages"')


def test_a_step_opens_over_the_whole_width_and_its_what_if_stays_in_sight(
    server: Server, desk: Desk, page: Page
) -> None:
    review = new_review(desk, "rye", "drafts")
    page.goto(f"{server.url}/threads?thread={review.thread_id}")
    step = page.locator(".st-key-story [class*='st-key-beside_']").filter(has_text="write")
    step.locator("summary").tap()
    expect(step.get_by_role("tab", name="The state after it")).to_be_in_viewport(ratio=1)
    asks = step.get_by_role("button", name="What if")
    expect(asks).to_be_in_viewport(ratio=1)
    assert (box := step.locator("details").first.bounding_box())
    assert (button := asks.bounding_box())
    assert button["x"] + button["width"] < box["x"] + box["width"]
    asks.tap()
    expect(page.get_by_role("dialog", name="What if, after write")).to_be_visible()


def test_one_pane_is_on_screen_and_back_leads_to_the_list(server: Server, desk: Desk, page: Page) -> None:
    review = new_review(desk, "rye", "drafts")
    known(page, server)
    at_desk(page, server)
    expect(row(page, review)).to_be_visible()
    expect(heading(page, review.title)).to_be_hidden()
    expect(bar(page)).to_be_hidden()
    row(page, review).get_by_role("link").tap()
    expect(heading(page, review.title)).to_be_visible()
    expect(row(page, review)).to_be_hidden()
    page.get_by_role("button", name="Back to the queue").tap()
    expect(row(page, review)).to_be_visible()
    expect(heading(page, review.title)).to_be_hidden()


def test_the_list_of_pages_is_gone_behind_the_page_that_was_chosen(server: Server, page: Page) -> None:
    known(page, server)
    at_desk(page, server)
    pages = page.get_by_test_id("stSidebar")
    for name in ("Threads", "History"):
        page.get_by_test_id("stExpandSidebarButton").tap()
        expect(pages).to_have_attribute("data-collapsed", "false")
        pages.get_by_role("link", name=name).tap()
        expect(heading(page, name)).to_be_visible()
        expect(pages).to_have_attribute("data-collapsed", "true")
    page.reload()
    expect(heading(page, "History")).to_be_visible()
    expect(pages).to_have_attribute("data-collapsed", "true")


def test_what_is_opened_from_far_down_begins_at_its_top_and_back_leads_to_where_one_was(
    server: Server, desk: Desk, page: Page
) -> None:
    review = new_review(desk, "rye", "drafts")
    known(page, server)
    page.goto(f"{server.url}/threads")
    link = page.locator(f"li[data-id='{review.thread_id}']").get_by_role("link")
    expect(link).to_be_visible()
    # As with a long list and a long thread, where nothing is short for a moment and begins at the top by that.
    page.add_style_tag(content="[data-testid='stMainBlockContainer'] { min-height: 3000px; }")
    scrolls = page.get_by_test_id("stMain")
    scrolls.evaluate("main => main.scrollTo(0, 60)")
    # A tap may itself have the page scroll, to reach the link; one was where one's finger came down.
    scrolls.evaluate(NOTE_PLACE)
    link.tap()
    expect(heading(page, review.title)).to_be_visible()
    settled(page)
    expect(scrolls).to_have_js_property("scrollTop", 0)
    scrolls.evaluate("main => main.scrollTo(0, 90)")
    page.get_by_role("button", name="All threads").tap()
    expect(heading(page, "Threads")).to_be_visible()
    was = scrolls.evaluate("main => main.was")
    assert was >= 60
    expect(scrolls).to_have_js_property("scrollTop", was)
