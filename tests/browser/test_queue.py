"""The queue in the browser: nothing moves under the pointer, keys walk the rows, boxes are ticked."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from review.desk import Desk
from review.model import Review
from review.reviewers import Reviewer
from tests.browser.screens import (
    at_desk,
    button,
    choose,
    go_to,
    heading,
    known,
    new_review,
    on_screen,
    press,
    settled,
    status,
    step,
)
from tests.browser.servers import SECONDS, Server
from tests.support import ADA, BEN, wait_for


def row(page: Page, review: Review) -> Locator:
    return page.locator(f"li[data-id='{review.id}']")


def show_only(page: Page, server: Server, topic: str) -> None:
    """The queue with the reviews whose payload has this word."""
    page.goto(f"{server.url}/?search={topic}")
    expect(heading(page, "Queue")).to_be_visible()


def test_a_row_that_is_decided_elsewhere_fades_under_the_pointer_and_goes_when_it_leaves(
    server: Server, desk: Desk, page: Page
) -> None:
    first, second = new_review(desk, "fading one"), new_review(desk, "fading two")
    at_desk(page, server)
    expect(row(page, second)).to_be_visible()
    row(page, second).hover()
    place = row(page, second).bounding_box()
    desk.decide(first.id, "approve", BEN)
    expect(row(page, first)).to_have_class(re.compile("gone"))
    assert row(page, second).bounding_box() == place
    heading(page, "Queue").hover()
    expect(row(page, first)).to_have_count(0)
    expect(row(page, second)).to_be_visible()


def test_j_and_k_open_the_next_and_the_one_before(server: Server, desk: Desk, page: Page) -> None:
    word = f"walked{uuid.uuid4().hex[:6]}"
    first, second = new_review(desk, f"{word} one"), new_review(desk, f"{word} two")
    show_only(page, server, word)
    expect(row(page, second)).to_be_visible()
    page.get_by_text("2 reviews wait").click()  # the page is there, and no field has the keys
    expect(row(page, first).get_by_role("link")).to_have_attribute("aria-current", "true")
    expect(button(page, "Approve")).to_be_visible()
    for key, there in (("j", second), ("j", second), ("k", first), ("j", second)):
        page.keyboard.press(key)
        expect(row(page, there).get_by_role("link")).to_be_focused()
        expect(page).to_have_url(re.compile(f"review={there.id}"))
    search = page.get_by_role("textbox", name="Search")
    search.press("End")
    search.press("j")  # typed, not taken for a key
    expect(search).to_have_value(f"{word}j")
    expect(search).to_be_focused()
    search.fill(word)
    expect(row(page, first)).to_be_visible()
    row(page, first).get_by_role("link").press("Enter")
    expect(heading(page, first.title)).to_be_visible()


def test_boxes_are_ticked_by_key_and_all_that_is_ticked_is_approved_after_a_preview(
    server: Server, desk: Desk, page: Page
) -> None:
    word = f"ticked{uuid.uuid4().hex[:6]}"
    mine = [new_review(desk, f"{word} {n}") for n in range(3)]
    show_only(page, server, word)
    for review in mine[:2]:
        row(page, review).get_by_role("checkbox").focus()
        page.keyboard.press("Space")
        expect(row(page, review)).to_have_class(re.compile("picked"))
    expect(page.get_by_text("2 selected")).to_be_visible()
    press(page, "Approve…")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Your name").fill("Ada")
    dialog.get_by_role("textbox", name="Your name").press("Tab")
    expect(dialog.get_by_text("2 of 2 would be decided")).to_be_visible()
    press(page, "Approve 2")
    expect(page.get_by_text("2 decided")).to_be_visible()
    wait_for(lambda: [status(desk, review) for review in mine] == ["resumed", "resumed", "pending"], "both", SECONDS)


def test_tab_and_search_stand_in_the_address_and_survive_a_reload(server: Server, desk: Desk, page: Page) -> None:
    review = new_review(desk, "addressed")
    desk.decide(review.id, "approve", BEN)
    page.goto(server.url)
    page.get_by_test_id("stButtonGroup").get_by_text(re.compile("^Decided")).click(delay=80)
    expect(page.get_by_text("decided, newest first")).to_be_visible()
    expect(row(page, review)).to_be_visible()
    expect(page).to_have_url(re.compile("tab=decided"))
    page.goto(f"{server.url}/?tab=decided&search=addressed")
    page.reload()
    expect(row(page, review)).to_be_visible()
    expect(page.get_by_role("textbox", name="Search")).to_have_value("addressed")
    expect(page.get_by_text("1 decided, newest first")).to_be_visible()


def test_the_next_page_begins_where_it_is_seen(server: Server, desk: Desk, page: Page) -> None:
    word = f"paged{uuid.uuid4().hex[:6]}"
    thread = desk.start("many", {"topic": word}, ADA)
    wait_for(lambda: len(desk.ledger.reviews.of_thread(thread.id)) == 53, "the reviews", SECONDS)
    show_only(page, server, word)
    links = page.get_by_role("list", name="Pending reviews").get_by_role("link")
    expect(links).to_have_count(50)
    last = links.last.inner_text()
    press(page, "Next page")
    expect(links).to_have_count(3)
    expect(links.first).to_be_in_viewport()
    expect(page).to_have_url(re.compile("after="))
    page.reload()
    expect(links).to_have_count(3)
    assert last not in links.all_inner_texts()
    press(page, "First page")
    expect(links).to_have_count(50)
    expect(links.first).to_be_in_viewport()
    desk.close_thread(thread.id, ADA)  # else other tests find theirs on another page


def test_rows_that_do_not_fit_leave_while_one_types_and_come_back(server: Server, desk: Desk, page: Page) -> None:
    word = f"typed{uuid.uuid4().hex[:6]}"
    rye, oats = new_review(desk, f"{word} rye"), new_review(desk, f"{word} oats")
    show_only(page, server, word)
    expect(row(page, oats)).to_be_visible()
    search = page.get_by_role("textbox", name="Search")
    search.press("End")
    page.keyboard.type(" ry")
    expect(row(page, oats)).to_have_count(0)
    expect(row(page, rye)).to_be_visible()
    expect(page.get_by_text("1 review waits")).to_be_visible()
    page.keyboard.type("e")
    expect(page).to_have_url(re.compile(f"{word}.rye"))
    expect(search).to_be_focused()
    for _ in " rye":
        search.press("Backspace")
    expect(row(page, oats)).to_be_visible()
    expect(search).to_have_value(word)


def test_who_stays_watches_to_the_end_and_the_tray_tells_of_a_run_that_goes_on(
    server: Server, desk: Desk, page: Page
) -> None:
    graphs = Path(server.env["REVIEW_GRAPHS"]).parent
    word = f"stays{uuid.uuid4().hex[:6]}"
    first, second, third = (new_review(desk, f"{word}{n}", "patient") for n in range(3))
    known(page, server)
    show_only(page, server, word)
    assert on_screen(page) == first.id
    stay = page.get_by_label("Stay and watch the run").first
    expect(stay).to_be_visible()
    settled(page)
    page.keyboard.press("w")
    expect(stay).to_be_checked()
    page.keyboard.press("a")
    expect(step(page, "ask")).to_be_visible()
    expect(step(page, "wait")).to_have_count(0)
    (graphs / f"{word}0.go").touch()
    expect(step(page, "publish")).to_be_visible()
    expect(page.get_by_text("The graph has finished.")).to_be_attached()
    expect(heading(page, first.title)).to_be_visible()

    row(page, second).get_by_role("link").click(delay=80)
    assert on_screen(page, first.id) == second.id
    expect(stay).to_be_visible()
    settled(page)
    page.keyboard.press("w")
    expect(stay).not_to_be_checked()
    page.keyboard.press("a")
    assert on_screen(page, second.id) == third.id
    line = page.locator(f".st-key-tray_{second.id}")
    expect(line).to_contain_text("ask wrote answer")
    expect(line).to_contain_text("Running")
    (graphs / f"{word}1.go").touch()
    expect(line).to_contain_text("publish wrote log")
    expect(line).to_contain_text("Finished")
    expect(heading(page, third.title)).to_be_visible()


def test_back_takes_back_what_was_opened_and_not_how_it_was_looked_at(server: Server, desk: Desk, page: Page) -> None:
    word = f"steps{uuid.uuid4().hex[:6]}"
    review = new_review(desk, word)
    known(page, server)
    page.goto(f"{server.url}/threads")
    expect(heading(page, "Threads")).to_be_visible()
    go_to(page, "Queue")
    page.get_by_role("textbox", name="Search").fill(word)
    expect(page).to_have_url(re.compile(f"search={word}"))
    row(page, review).get_by_role("link").click(delay=80)
    expect(page).to_have_url(re.compile(f"review={review.id}"))
    choose(page, "Edit")
    expect(page).to_have_url(re.compile("edit=1"))
    settled(page)
    page.go_back()
    expect(page).not_to_have_url(re.compile("review="))
    settled(page)
    page.go_back()
    expect(heading(page, "Threads")).to_be_visible()


def test_a_mention_comes_by_itself_and_leads_to_its_review(server: Server, desk: Desk, page: Page) -> None:
    word = f"mentioned{uuid.uuid4().hex[:6]}"
    first, second = new_review(desk, f"{word} one"), new_review(desk, f"{word} two")
    name = f"ben{word}"
    desk.claim(second.id, Reviewer(name))  # who has done something here can be mentioned
    known(page, server, name)
    show_only(page, server, word)
    expect(page.get_by_text("2 reviews wait")).to_be_visible()
    expect(row(page, first).get_by_role("link")).to_have_attribute("aria-current", "true")
    desk.add_note(second.id, ADA, f"@{name} look at this")
    page.get_by_role("button", name="ada mentions you").click(delay=80)
    expect(page).to_have_url(re.compile(f"review={second.id}"))
    expect(page.get_by_text("ada mentions you")).to_have_count(0)


def test_a_badge_has_its_icon_as_a_sign_and_not_as_a_word(server: Server, desk: Desk, page: Page) -> None:
    review = new_review(desk, f"signed {uuid.uuid4().hex[:6]}")
    page.goto(server.url)
    icon = row(page, review).locator(".badge .icon")
    expect(icon).to_have_attribute("data-icon", "rate_review")
    page.evaluate("document.fonts.ready")
    wait_for(lambda: page.evaluate("""document.fonts.check('16px "Material Symbols Rounded"')"""), "the font of signs")
    # Where the font has no such sign, the letters of its name would run on beyond its place.
    assert icon.evaluate("each => each.scrollWidth <= each.clientWidth + 1")
    assert row(page, review).get_by_role("link").inner_text().splitlines()[1] == "Review"
    assert "rate_review" not in row(page, review).get_by_role("link").aria_snapshot()
