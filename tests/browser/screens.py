"""What a person does on the pages, by what they see."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from review.desk import Desk
from review.model import Review
from tests.browser.servers import SECONDS, Server
from tests.support import ADA, pending, wait_for

expect.set_options(timeout=SECONDS * 1000)


def new_review(desk: Desk, topic: str, graph: str = "ask") -> Review:
    """Start a thread that the server runs; returns the review that it waits with."""
    thread = desk.start(graph, {"topic": topic}, ADA)
    wait_for(lambda: desk.ledger.reviews.of_thread(thread.id, status=["pending"]), "the review", SECONDS)
    return pending(desk, thread.id)


def status(desk: Desk, review: Review) -> str:
    return desk.review(review.id).status


def open_review(page: Page, server: Server, review: Review) -> None:
    page.goto(f"{server.url}/review?review={review.id}")
    expect(heading(page, review.title)).to_be_visible()


def settled(page: Page) -> None:
    """Until the script has run and nothing of what it drew is still to come."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def heading(page: Page, title: str) -> Locator:
    return page.get_by_role("heading", name=title, exact=True)


def go_to(page: Page, name: str) -> None:
    """Another page, by the navigation at the top."""
    page.get_by_test_id("stTopNavLink").filter(has_text=name).click(delay=80)


def choose(page: Page, kind: str) -> None:
    page.get_by_test_id("stButtonGroup").get_by_text(kind, exact=True).click(delay=80)


def press(page: Page, label: str) -> None:
    button(page, label).click(delay=80)


def button(page: Page, label: str) -> Locator:
    return page.get_by_role("button", name=label, exact=True)


def editor(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your version")


def rewrite(page: Page, text: str) -> None:
    """Put it into the editor, in place of what is there."""
    editor(page).fill(text)
    expect(editor(page)).to_have_value(text)


def give_name(page: Page, name: str) -> None:
    """In the form, where it is asked for once."""
    box = page.get_by_test_id("stMain").get_by_role("textbox", name="Your name", exact=True)
    box.fill(name)
    box.press("Tab")


def known(page: Page, server: Server, name: str = "Ada") -> None:
    """The browser knows who reviews."""
    page.context.add_cookies([{"name": "countersign_reviewer", "value": name, "url": server.url}])


def at_desk(page: Page, server: Server, query: str = "") -> None:
    page.goto(f"{server.url}/?{query}")
    expect(heading(page, "Queue")).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def row(page: Page, review: Review) -> Locator:
    """Its row in the list."""
    return page.locator(f"li[data-id='{review.id}']")


def step(page: Page, node: str) -> Locator:
    """What a node of the run that is on screen has changed."""
    return page.get_by_test_id("stExpander").filter(has_text=re.compile(rf"{node}\W+changed"))


def on_screen(page: Page, but: str = "") -> str:
    """The id of the open review, once it is another one than `but` and the keys that decide are heard."""
    return str(wait_for(lambda: page.locator(".keys").evaluate_all(HEARS, but), "a review that keys decide", SECONDS))


def write(page: Page, text: str, pace: float = 0) -> None:
    """Type it, and see that it stands at the end of the field that has the keys."""
    page.keyboard.type(text, delay=pace)
    wait_for(lambda: page.evaluate(TYPED).endswith(text), f"{text!r} in a field", SECONDS)


# What has just come on screen is not decided by a key that was meant for the last one.
HEARS = """(all, but) => {
  const ids = all.map(each => each.keys).filter(keys => keys && performance.now() - keys.since > 300)
    .map(keys => keys.context.split(" ")[0])
  return ids.find(id => id && id !== but) ?? ""
}"""
TYPED = """() => {
  let at = document.activeElement
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  return at?.value ?? ""
}"""
