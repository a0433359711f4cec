"""What if and redlines in the browser: by keyboard, told apart without colour, legible in the light and in the dark."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Literal

import pytest
from PIL import Image, ImageColor
from playwright.sync_api import Locator, Page, expect

from components.graph_drawing import ARROWS, LOOKS
from review.desk import Desk
from review.model import Review
from tests.browser.colours import legible
from tests.browser.conftest import Watched
from tests.browser.screens import heading, known, new_review, settled
from tests.browser.servers import SECONDS, Server, server_of
from tests.pages.screens import DRAFTS
from tests.support import ADA, pending, wait_for


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server_of(tmp_path_factory.mktemp("server"), {"drafts": DRAFTS}) as started:
        yield started


@pytest.fixture
def word() -> str:
    """In the title of every thread of a test, and of no other's."""
    return f"rye{uuid.uuid4().hex[:6]}"


@pytest.fixture
def review(desk: Desk, word: str) -> Review:
    """The second draft of a thread, with the redline to the first."""
    first = new_review(desk, f"<b>bread</b> & {word}", "drafts")
    desk.decide(first.id, "respond", ADA, message=f"more of {word}.")
    wait_for(lambda: desk.review(first.id).status == "resumed", "the decision's end", SECONDS)
    wait_for(lambda: desk.ledger.reviews.of_thread(first.thread_id, status=["pending"]), "the review", SECONDS)
    return pending(desk, first.thread_id)


def decoration(element: Locator) -> str:
    return str(element.evaluate("element => getComputedStyle(element).textDecorationLine"))


def test_what_if_is_opened_left_and_answered_by_keyboard(server: Server, review: Review, page: Page) -> None:
    known(page, server)
    page.goto(f"{server.url}/threads?thread={review.thread_id}")
    expect(heading(page, review.title)).to_be_visible()
    button = page.get_by_role("button", name="What if").last
    expect(button).to_be_visible()
    page.get_by_role("button", name=re.compile("All threads")).focus()
    for _ in range(60):
        page.keyboard.press("Tab")
        if button.evaluate("element => element === document.activeElement"):
            break
    else:
        raise AssertionError("the button cannot be reached by the Tab key")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=re.compile("What if, after"))
    expect(dialog).to_be_visible()
    expect(page).to_have_url(re.compile("what_if="))
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page).not_to_have_url(re.compile("what_if="))
    button.press("Enter")
    dialog.get_by_role("button", name="Decide in a new thread").press("Enter")
    expect(page.get_by_text("This is asked again, in a new thread.")).to_be_visible()
    expect(page).to_have_url(re.compile("/review.review="))
    expect(page).not_to_have_url(re.compile(review.id))
    expect(page.get_by_role("button", name="Approve", exact=True)).to_be_visible()


@pytest.mark.parametrize(("look", "motion"), [("light", "no-preference"), ("dark", "reduce")])
def test_the_graph_is_drawn_where_it_stands_and_as_large_as_it_is(
    server: Server,
    review: Review,
    watched: Watched,
    look: Literal["light", "dark"],
    motion: Literal["no-preference", "reduce"],
) -> None:
    page = watched.open(color_scheme=look, reduced_motion=motion, viewport={"width": 1280, "height": 900})
    page.goto(f"{server.url}/threads?thread={review.thread_id}")
    drawing = page.get_by_role("img", name=re.compile("^The graph; it stands at review"))
    expect(drawing).to_be_visible()
    wait_for(lambda: drawing.evaluate("image => image.complete && image.naturalWidth"), "the drawing", SECONDS)
    settled(page)
    assert drawing.evaluate("image => image.clientWidth / image.naturalWidth") > 0.95  # else its names are small
    picture = Image.open(BytesIO(drawing.screenshot())).convert("RGB")
    right, bottom = picture.width - 3, picture.height - 3
    for edge in ((0, 0, 2, bottom), (right, 0, right + 2, bottom), (0, 0, right, 2), (0, bottom, right, bottom + 2)):
        assert len(picture.crop(edge).getcolors()) == 1, f"something is cut off at {edge}"
    seen = Counter(picture.get_flattened_data())
    for mark, nodes in {"now": 1, "done": 2, "idle": 2}.items():  # review; start, write; publish, end
        fill, line, text = (ImageColor.getrgb(each) for each in LOOKS[look][mark])
        assert seen[fill] > 1000 * nodes, f"the ground of {mark}"
        assert mark == "idle" or seen[line] > 15 * nodes, f"the line of {mark}"  # one pixel is a blend
        assert seen[text] > 5 * nodes, f"the text of {mark}"
    assert not seen[ImageColor.getrgb(LOOKS[look]["failed"][0])]
    assert seen[ImageColor.getrgb(ARROWS[look])] > 20


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_came_and_what_went_are_told_apart(
    server: Server, review: Review, watched: Watched, scheme: str, word: str
) -> None:
    page = watched.open(color_scheme=scheme, viewport={"width": 1280, "height": 900})
    page.goto(f"{server.url}/review?review={review.id}")
    redline = page.get_by_role("region", name="What changed")
    went, came = redline.locator("del").first, redline.locator("ins").first
    expect(went).to_be_visible()
    assert (decoration(went), decoration(came)) == ("line-through", "underline")
    assert legible(went) and legible(came)
    assert redline.locator("b").count() == 0  # what is in a draft is text
    inline = redline.inner_text()
    page.get_by_test_id("stButtonGroup").get_by_text("Side by side").click(delay=80)
    before, after = redline.locator(".changed .before").first, redline.locator(".changed .after").first
    expect(before).to_be_visible()
    assert f"<b>bread</b> & {word}" in before.inner_text()
    assert "Again" not in before.inner_text()
    assert "First" not in after.inner_text()
    expect(redline.get_by_text("Revision 1", exact=True)).to_be_visible()
    assert inline != redline.inner_text()


def test_back_from_a_review_leads_to_the_thread_that_it_was_opened_from(
    server: Server, review: Review, page: Page
) -> None:
    thread = f"{server.url}/threads?thread={review.thread_id}"
    page.goto(thread)
    page.locator(f"li[data-id='{review.id}']").get_by_role("link").click(delay=80)
    expect(page).to_have_url(f"{server.url}/review?review={review.id}")
    expect(page.get_by_text("Back to the queue")).to_be_visible()
    settled(page)
    page.go_back()
    expect(page.get_by_text("All threads")).to_be_visible()
    expect(page.get_by_text(review.thread_id)).to_be_visible()
    expect(page.get_by_text("What if").first).to_be_visible()


def test_threads_are_found_while_one_types_and_found_again_behind_the_one_that_was_opened(
    server: Server, review: Review, page: Page, word: str
) -> None:
    page.goto(f"{server.url}/threads")
    search = page.get_by_role("textbox", name="Search")
    search.click()
    page.keyboard.type(f"{word} bread", delay=50)
    expect(page.get_by_text(f"No thread has “{word} bread” in its title.")).to_be_visible()
    for _ in " bread":
        page.keyboard.press("Backspace", delay=50)
    expect(page.get_by_text(re.compile(r"^1 of \d+ threads?, newest first$"))).to_be_visible()
    expect(search).to_have_value(word)
    expect(search).to_be_focused()
    expect(page).to_have_url(f"{server.url}/threads?search={word}")
    page.locator(f"li[data-id='{review.thread_id}']").get_by_role("link").click(delay=80)
    expect(heading(page, review.title)).to_be_visible()
    settled(page)
    page.go_back()
    expect(page.get_by_text(re.compile(r"^1 of \d+ threads?, newest first$"))).to_be_visible()
    expect(search).to_have_value(word)


def test_another_order_is_drawn_although_the_pointer_is_on_the_list(
    server: Server, desk: Desk, page: Page, word: str
) -> None:
    first, second = (new_review(desk, f"{word} {topic}", "drafts") for topic in ("first", "second"))
    desk.decide(first.id, "approve", ADA)
    wait_for(lambda: desk.thread(first.thread_id).status == "done", "the thread's end", SECONDS)
    page.goto(f"{server.url}/threads?search={word}")
    items = page.get_by_role("list", name="Threads").get_by_role("listitem")
    expect(items.first).to_have_attribute("data-id", second.thread_id)
    page.get_by_test_id("stSelectbox").click()
    page.get_by_role("option", name="Last moved first").click()  # over the list, on which the pointer is left
    expect(items.first).to_have_attribute("data-id", first.thread_id)
    expect(items).to_have_count(2)
