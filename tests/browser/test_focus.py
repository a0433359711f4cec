"""Whoever uses the keys sees where they are, on every page and in what lies over it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from review.desk import Desk
from tests.browser.axe import SCHEMES, appear, calm
from tests.browser.colours import contrast
from tests.browser.conftest import Watched
from tests.browser.screens import at_desk, button, choose, editor, heading, known, new_review, row, settled
from tests.browser.servers import Server

# What has the keys, with the lines around it and around what holds it that are not there once it has them no more; each
# with the grounds that it lies on. A field that is hidden, and drawn by what stands beside it, shows no line itself.
STOP = """async () => {
  const drawn = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
  let at = document.activeElement
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  if (!at || at === document.body || stoppedAt.has(at)) return null
  stoppedAt.add(at)
  const holder = each => each.parentElement ?? each.getRootNode().host
  const all = []
  for (let each = at; each; each = holder(each)) all.push(each)
  const own = at.matches("input") && at.parentElement.offsetWidth < 4 ? 2 : 0
  const lines = () => all.slice(0, 6).map(each => {
    const { outlineStyle, outlineColor, boxShadow, borderTopStyle, borderTopColor } = getComputedStyle(each)
    return [outlineStyle !== "none" && outlineColor, boxShadow !== "none" && boxShadow.match(/rgba?\\([^)]*\\)/)[0],
            borderTopStyle !== "none" && borderTopColor]
  })
  await drawn()
  const on = lines()
  // A dialog does not let the keys go, so there they go to another stop of it.
  const others = [...at.closest("section[role='dialog']")?.querySelectorAll("button:enabled, input") ?? []]
  const other = others.find(each => each !== at)
  if (other) other.focus()
  else at.blur()
  await drawn()
  const off = lines()
  at.focus()
  const shown = on.flatMap((each, place) => each.filter((line, kind) =>
    line && line !== off[place][kind] && place >= own
  ).map(line => [line, ...all.slice(place + 1).map(ground => getComputedStyle(ground).backgroundColor)]))
  const name = at.getAttribute("aria-label") ?? at.labels?.[0]?.innerText ?? at.innerText ?? ""
  return { name: `${at.tagName} ${name}`.slice(0, 60), page: at.matches("[data-testid='stMain']"), shown }
}"""
CONTROLS = ("Queue", "Search", "Filters", "Mine", "Select", "Open alone", "Draft", "Approve", "Your name",
            "Stay and watch", "Claim", "Notes", "Close", "Keys", "Your version")  # fmt: skip
MOST = 100
# The next Tab stops at the first thing of the page.
TO_THE_TOP = """() => {
  document.body.tabIndex = -1
  document.body.focus()
  document.body.removeAttribute("tabindex")
}"""
# By address: the page's title, and some of what the keys come to on it.
PAGES = {
    "/start": ("Start", ["Queue", "Graph", "Topic", "Start many"]),
    "/threads": ("Threads", ["Search", "Publish?"]),
    "/threads?thread={thread}": ("Publish?", ["All threads", "What if", "Close"]),
    "/history": ("History", ["Download", "Action"]),
    "/insights": ("Insights", ["Graph", "Week"]),
    "/doctor": ("Doctor", ["Read again"]),
}
OVER_THE_PAGE = {
    "Filters": ["Graph"],
    "Views": ["Save", "Save what is shown now as"],
    "Reviewing as Ada": ["Your name"],
    "Close": ["Close"],
    "Assign…": ["Close", "To whom"],
    "Approve…": ["Approve"],
}


def stops(page: Page) -> list[dict[str, Any]]:
    """What Tab stops at, from where the keys are to the end of the page; in a dialog, once around."""
    found: list[dict[str, Any]] = []
    page.evaluate("window.stoppedAt = new Set()")
    while len(found) < MOST:
        page.keyboard.press("Tab")
        if not (stop := page.evaluate(STOP)):
            break
        found.append(stop)
    return found


def clearness(stop: dict[str, Any]) -> float:
    """How well the line can be seen that says that the keys are there."""
    return max((contrast(line, grounds) for line, *grounds in stop["shown"]), default=0)


def unseen(found: list[dict[str, Any]], names: Iterable[str]) -> list[str]:
    """What the keys do not come to, and where they are not seen."""
    all_names = "\n".join(stop["name"] for stop in found)
    missing = [f"no {name} among {all_names}" for name in names if name not in all_names]
    return missing + [stop["name"] for stop in found if not stop["page"] and clearness(stop) < 3]


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
    assert unseen(found, CONTROLS) == []


@pytest.mark.parametrize("address", PAGES)
def test_so_they_are_on_the_other_pages(server: Server, desk: Desk, watched: Watched, address: str) -> None:
    page = watched.open(color_scheme="light", reduced_motion="reduce", viewport={"width": 1440, "height": 900})
    review = new_review(desk, "pages")
    known(page, server)
    page.goto(server.url + address.format(thread=review.thread_id))
    title, names = PAGES[address]
    expect(heading(page, title)).to_be_visible()
    expect(page.get_by_text(names[-1]).first).to_be_visible()
    settled(page)
    for scheme in SCHEMES:
        appear(page, scheme)
        calm(page)
        page.evaluate(TO_THE_TOP)
        assert unseen(stops(page), names) == [], scheme


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_so_they_are_in_dialogs_and_popovers(server: Server, desk: Desk, watched: Watched, scheme: str) -> None:
    page = watched.open(color_scheme=scheme, reduced_motion="reduce", viewport={"width": 1440, "height": 900})
    review = new_review(desk, f"dialogs {scheme}")
    known(page, server)
    at_desk(page, server, f"review={review.id}")
    row(page, review).get_by_role("checkbox").check()
    expect(page.get_by_text("1 selected")).to_be_visible()
    for label, names in OVER_THE_PAGE.items():
        button(page, label).click(delay=80)
        over = page.get_by_role("dialog").filter(visible=True)
        expect(over).to_be_visible()
        expect(over.get_by_text(names[-1]).or_(over.get_by_label(names[-1])).first).to_be_visible()
        settled(page)
        calm(page)
        assert unseen(stops(page), names) == [], label
        page.keyboard.press("Escape")
        expect(over).to_have_count(0)
