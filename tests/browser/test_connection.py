"""The server goes away while a page is open, and comes back."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from review.desk import Desk
from review.model import Review
from tests.browser.axe import DESK, SCHEMES, Audit, appear
from tests.browser.colours import legible
from tests.browser.conftest import Serve, Watched
from tests.browser.screens import choose, editor, give_name, heading, known, new_review, open_review, press, rewrite
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


def rewritten(page: Page, server: Server, review: Review, text: str) -> None:
    """Ada's edit of it, on a device of its own that is left once the text is told to be saved."""
    known(page, server)
    open_review(page, server, review)
    choose(page, "Edit")
    rewrite(page, text)
    expect(page.get_by_text(re.compile(r"^Saved \d"))).to_be_visible()
    page.context.close()


def test_a_page_says_that_the_server_is_away_until_it_is_back_and_what_was_saved_is_there_then(
    serve: Serve, watched: Watched, page: Page, beside: Callable[[Server], Desk], tmp_path: Path
) -> None:
    graphs = {"REVIEW_GRAPHS": str(write_graphs(tmp_path / "graphs", drafts=DRAFTS)), "REVIEW_POLL_SECONDS": "0.1"}
    server = serve(**graphs)
    review, other = (new_review(beside(server), topic, "drafts") for topic in ("rye", "oats"))
    rewritten(watched.open(), server, other, "Told to be saved.")
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
    audit = Audit()
    audit.look(page, "the server is away", sizes=[DESK], within=".st-key-connection")  # the rest can do nothing
    assert not audit.found, audit.told()
    for scheme in SCHEMES:  # axe leaves out the colours of what lies over the page
        appear(page, scheme)
        assert legible(told.locator("b")), scheme
        assert legible(told.locator("span")), scheme

    editor(page).fill("Written in between.")
    # Streamlit looks for its server six times before it opens its dialog.
    wait_for(lambda: page.evaluate("dialogs"), "Streamlit's own dialog", SECONDS)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.type(" And then.")
    expect(editor(page)).to_have_value("Written in between. And then.")

    serve(port=server.port, **graphs)
    elsewhere = watched.open()
    known(elsewhere, server)
    elsewhere.goto(f"{server.url}/review?review={other.id}&edit=1")
    expect(editor(elsewhere)).to_have_value("Told to be saved.")
    expect(told.locator(".banner")).to_be_hidden()
    assert page.evaluate(SEEN) == ["The server is away.", "The server is back."]
    expect(told).to_have_text(re.compile(r"^\s*(Reload the page)?\s*$"))
    expect(page.get_by_text(re.compile("^Saved .* ago"))).to_be_visible()
    press(page, "Approve with my edits")
    expect(heading(page, review.title)).to_be_visible()
    expect(page.get_by_text("Written in between. And then.").first).to_be_visible()
