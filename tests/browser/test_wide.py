"""On a wide screen everything is side by side, and lines stay as short as one reads with ease."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from review.desk import Desk
from tests.browser.conftest import Watched
from tests.browser.screens import (
    at_desk,
    button,
    choose,
    editor,
    heading,
    known,
    new_review,
    open_review,
    rewrite,
    row,
)
from tests.browser.servers import SECONDS, Server
from tests.support import wait_for

WIDE = {"width": 1920, "height": 1080}
WORDS = "Rye bread keeps for a week, and tastes best on the second day. " * 12
READABLE = 100  # characters in a line
# The most characters that a line of the element has, by where the browser breaks it.
LONGEST_LINE = """element => {
  const node = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode(), lines = {}
  for (let at = 0; at < node.length; at++) {
    const range = document.createRange()
    range.setStart(node, at)
    range.setEnd(node, at + 1)
    const { top } = range.getBoundingClientRect()
    lines[Math.round(top)] = (lines[Math.round(top)] ?? 0) + 1
  }
  return Math.max(...Object.values(lines))
}"""
# How many of the letters that the field's own font has fit between its edges.
FITS = """field => {
  const { font, paddingLeft, paddingRight } = getComputedStyle(field)
  const canvas = document.createElement("canvas").getContext("2d")
  canvas.font = font
  const room = field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)
  return field.value.length * room / canvas.measureText(field.value).width
}"""


@pytest.fixture
def wide(watched: Watched, server: Server) -> Page:
    page = watched.open(viewport=WIDE)
    known(page, server)
    return page


def box(element: Locator) -> dict[str, float]:
    expect(element).to_be_visible()
    found = element.bounding_box()
    assert found
    return {"left": found["x"], "right": found["x"] + found["width"], "bottom": found["y"] + found["height"]}


def becomes_readable(element: Locator, measure: str) -> None:
    """Once its font has come, which is narrower than the one before."""
    wait_for(lambda: element.evaluate(measure) <= READABLE, "lines that are no longer", SECONDS)


def test_the_list_the_draft_and_the_decision_are_side_by_side(server: Server, desk: Desk, wide: Page) -> None:
    review = new_review(desk, WORDS)
    at_desk(wide, server, f"review={review.id}")
    draft = wide.get_by_text(WORDS[:60]).filter(visible=True).first
    listed, read, decides = box(row(wide, review)), box(draft), box(button(wide, "Approve"))
    assert listed["right"] < read["left"] < read["right"] < decides["left"] < decides["right"] <= WIDE["width"]
    assert decides["bottom"] <= WIDE["height"]  # without scrolling
    becomes_readable(draft, LONGEST_LINE)


def test_lines_are_no_longer_where_a_draft_has_the_page_to_itself(server: Server, desk: Desk, wide: Page) -> None:
    review = new_review(desk, WORDS)
    open_review(wide, server, review)
    becomes_readable(wide.get_by_text(WORDS[:60]).filter(visible=True).first, LONGEST_LINE)
    choose(wide, "Edit")
    expect(editor(wide)).to_be_visible()
    rewrite(wide, f"{WORDS}And on the third.")
    becomes_readable(editor(wide), FITS)
    expect(heading(wide, review.title)).to_be_visible()
    added = wide.locator(".redline p", has_text="And on the third.").first
    expect(added).to_be_visible()
    becomes_readable(added, LONGEST_LINE)
