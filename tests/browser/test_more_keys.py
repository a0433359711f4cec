"""Keys beside those that decide: select, search, claim, stay, undo, apply."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from review.desk import open_desk
from review.settings import Settings
from tests.browser.conftest import Serve
from tests.browser.kinds import DRAFT
from tests.browser.screens import at_desk, known, on_screen, row, status
from tests.browser.servers import SECONDS
from tests.support import begin, pending, wait_for, write_graphs


def test_everything_beside_the_decision_has_a_key(serve: Serve, page: Page, tmp_path: Path) -> None:
    registry = write_graphs(tmp_path / "graphs", draft=DRAFT)
    desk = open_desk(Settings(data_dir=tmp_path / "data", graphs=registry))
    one, two = (pending(desk, begin(desk, "draft", {"topic": topic}).id) for topic in ("rye", "oats"))
    server = serve(REVIEW_GRAPHS=str(registry), REVIEW_UNDO_SECONDS="900")
    known(page, server)
    at_desk(page, server)
    assert on_screen(page) == one.id

    page.keyboard.press("s")
    expect(row(page, one)).to_have_class(re.compile("picked"))
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_text("1 selected")).to_have_count(0)

    search = page.get_by_role("textbox", name="Search")
    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("ms")
    expect(search).to_have_value("ms")  # typed, and nothing is claimed or selected by it
    search.fill("")
    expect(row(page, two)).to_be_visible()
    search.press("Escape")

    page.keyboard.press("m")
    expect(page.get_by_text("You have claimed this review.")).to_be_visible()
    page.keyboard.press("m")
    expect(page.get_by_text("Nobody has claimed this review.")).to_be_visible()

    stay = page.get_by_role("switch", name="Stay and watch the run").or_(page.get_by_label("Stay and watch the run"))
    page.keyboard.press("w")
    expect(stay.first).to_be_checked()
    page.keyboard.press("a")
    expect(page.get_by_text("Applied in")).to_be_visible()
    assert status(desk, one) == "decided"
    expect(page.locator("button[aria-keyshortcuts='U']")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_text("Your decision is undone.")).to_be_visible()
    assert status(desk, one) == "pending"

    assert on_screen(page) == one.id
    page.keyboard.press("w")
    expect(stay.first).not_to_be_checked()
    page.keyboard.press("a")
    assert on_screen(page, one.id) == two.id
    expect(page.get_by_text("Just decided")).to_be_visible()
    expect(page.locator("button[aria-keyshortcuts='P']")).to_be_visible()
    page.keyboard.press("p")
    wait_for(lambda: status(desk, one) == "resumed", "what was applied at once", SECONDS)
    desk.close()
