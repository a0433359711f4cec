"""The server goes away while a page is open, and comes back."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from review.desk import Desk
from tests.browser.conftest import Serve, Watched
from tests.browser.screens import choose, editor, give_name, heading, new_review, open_review, press
from tests.browser.servers import SECONDS, Server
from tests.pages.screens import DRAFTS
from tests.support import wait_for, write_graphs

AWAY = "The server is away. What you type stays on this device"
# What was ever shown: our words, and whether Streamlit opened a dialog of its own.
REMEMBER = """
window.seen = new Set()
window.dialogs = 0
setInterval(() => {
  const ours = [...document.querySelectorAll(".st-key-connection *")].find(each => each.shadowRoot)?.shadowRoot
  const said = ours?.querySelector(".banner.shown b")
  if (said) seen.add(said.textContent)
}, 50)
new MutationObserver(changes => {
  dialogs += changes.some(change => [...change.addedNodes].some(
    node => node.matches?.("[data-testid='stDialog']") || node.querySelector?.("[data-testid='stDialog']")))
}).observe(document, { subtree: true, childList: true })
"""
SEEN = "() => [...seen]"
STANDS = "() => document.querySelector('[data-testid=stMain] h1').getBoundingClientRect().top"


def test_a_page_says_that_the_server_is_away_until_it_is_back(
    serve: Serve, watched: Watched, page: Page, beside: Callable[[Server], Desk], tmp_path: Path
) -> None:
    graphs = {"REVIEW_GRAPHS": str(write_graphs(tmp_path / "graphs", drafts=DRAFTS)), "REVIEW_POLL_SECONDS": "0.1"}
    server = serve(**graphs)
    review = new_review(beside(server), "rye", "drafts")
    page.add_init_script(REMEMBER)
    watched.server_goes = True
    open_review(page, server, review)
    give_name(page, "Ada")
    choose(page, "Edit")
    expect(editor(page)).to_be_visible()
    assert page.evaluate(SEEN) == []  # nothing is told of the first connection
    told, place = page.locator(".connection"), page.evaluate(STANDS)
    expect(told).to_have_role("status")

    server.end(signal.SIGKILL)
    expect(told).to_contain_text(AWAY)
    expect(told.locator(".banner")).to_be_in_viewport()
    assert page.evaluate(STANDS) == place

    editor(page).fill("Written in between.")
    # Streamlit looks for its server six times before it opens its dialog.
    wait_for(lambda: page.evaluate("dialogs"), "Streamlit's own dialog", SECONDS)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.type(" And then.")
    expect(editor(page)).to_have_value("Written in between. And then.")

    serve(port=server.port, **graphs)
    expect(told.locator(".banner")).to_be_hidden()
    assert page.evaluate(SEEN) == ["The server is away.", "The server is back."]
    expect(told).to_have_text(re.compile(r"^\s*(Reload the page)?\s*$"))
    expect(page.get_by_text(re.compile("^Saved .* ago"))).to_be_visible()
    press(page, "Approve with my edits")
    expect(heading(page, review.title)).to_be_visible()
    expect(page.get_by_text("Written in between. And then.").first).to_be_visible()
