"""Whoever uses the keys sees where they are, and whoever asks for less motion gets none."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from review.desk import Desk
from tests.browser.axe import calm
from tests.browser.colours import contrast
from tests.browser.conftest import Watched
from tests.browser.screens import at_desk, choose, editor, known, new_review
from tests.browser.servers import Server
from tests.support import wait_for

# What has the keys, with the lines around it and around what holds it that are not there once it has them no more; each
# with the grounds that it lies on. A field that is hidden, and drawn by what stands beside it, shows no line itself.
STOP = """async () => {
  const drawn = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
  let at = document.activeElement
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  if (!at || at === document.body) return null
  const holder = each => each.parentElement ?? each.getRootNode().host
  const all = []
  for (let each = at; each; each = holder(each)) all.push(each)
  const own = at.matches("input") && at.parentElement.offsetWidth < 4 ? 2 : 0
  const lines = () => all.slice(0, 4).map(each => {
    const { outlineStyle, outlineColor, boxShadow, borderTopStyle, borderTopColor } = getComputedStyle(each)
    return [outlineStyle !== "none" && outlineColor, boxShadow !== "none" && boxShadow.match(/rgba?\\([^)]*\\)/)[0],
            borderTopStyle !== "none" && borderTopColor]
  })
  await drawn()
  const on = lines()
  at.blur()
  await drawn()
  const off = lines()
  at.focus()
  const shown = on.flatMap((each, place) => each.filter((line, kind) =>
    line && line !== off[place][kind] && place >= own
  ).map(line => [line, ...all.slice(place + 1).map(ground => getComputedStyle(ground).backgroundColor)]))
  const name = at.getAttribute("aria-label") ?? at.labels?.[0]?.innerText ?? at.innerText ?? ""
  return { name: `${at.tagName} ${name}`.slice(0, 60), page: at.matches("[data-testid='stMain']"), shown }
}"""
MOVES = """() => [document, ...[...document.querySelectorAll("*")].map(each => each.shadowRoot).filter(Boolean)]
  .flatMap(root => [...root.querySelectorAll("*")]).filter(each => {
    const { transitionDuration, animationDuration, animationName } = getComputedStyle(each)
    const lasts = text => text.split(", ").some(each => parseFloat(each) > 0.001)
    return lasts(transitionDuration) || (animationName !== "none" && lasts(animationDuration))
  }).map(each => each.outerHTML.slice(0, 120))"""
CONTROLS = ("Queue", "Search", "Filters", "Mine", "Select", "Open alone", "Draft", "Approve", "Your name",
            "Stay and watch", "Claim", "Notes", "Close", "Keys", "Your version")  # fmt: skip
MOST = 100


def stops(page: Page) -> list[dict[str, Any]]:
    """What Tab stops at, from the top of the page to its end."""
    found: list[dict[str, Any]] = []
    while len(found) < MOST:
        page.keyboard.press("Tab")
        if not (stop := page.evaluate(STOP)):
            break
        found.append(stop)
    return found


def clearness(stop: dict[str, Any]) -> float:
    """How well the line can be seen that says that the keys are there."""
    return max((contrast(line, grounds) for line, *grounds in stop["shown"]), default=0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_keys_are_seen_wherever_they_are(server: Server, desk: Desk, watched: Watched, scheme: str) -> None:
    page = watched.open(color_scheme=scheme, reduced_motion="reduce", viewport={"width": 1440, "height": 900})
    review = new_review(desk, f"focus {scheme}")
    at_desk(page, server, f"review={review.id}")
    expect(page.get_by_role("button", name="Keys")).to_be_visible()
    calm(page)
    found = stops(page)
    choose(page, "Edit")
    editor(page).focus()
    found.append(page.evaluate(STOP))
    names = "\n".join(stop["name"] for stop in found)
    assert not [name for name in CONTROLS if name not in names]
    assert not [stop["name"] for stop in found if not stop["page"] and clearness(stop) < 3]


def test_nothing_moves_for_who_asks_for_less_motion(server: Server, desk: Desk, watched: Watched) -> None:
    page = watched.open(reduced_motion="reduce")
    known(page, server)
    at_desk(page, server, f"edit=1&review={new_review(desk, 'still').id}")
    expect(editor(page)).to_be_visible()
    calm(page)
    wait_for(lambda: not page.evaluate(MOVES), "the end of what moves", 10)
