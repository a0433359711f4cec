"""What axe-core finds on a page as it stands, what is wider than the screen, and what moves for who asked for less
motion: at a desk and on a telephone, in the light and in the dark."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.servers import SECONDS
from tests.support import wait_for

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, Scheme] = ("light", "dark")
DESK, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
# What comes and goes while the page is at work: each of them names itself so. Without a server the first one stays.
STATUS = "[data-testid='stApp']:not([data-test-connection-state='PINGING_SERVER']) [data-testid='stStatusWidget']"
AT_WORK = f"{STATUS}, [data-stale='true'], [aria-busy='true']"
STANDS = 8  # seconds for which a fault is found again: one look may fall into the moment in which a part is drawn anew
# The appearance changes colours and nothing else, so that in the dark these are looked at again.
OF_COLOURS = ("color-contrast", "link-in-text-block")
# The ground of the page, of the bars beside it, and of each component of our own: a colour of the appearance each.
GROUNDS = """() => [...document.querySelectorAll(".stApp, [data-testid='stBidiComponentIsolated']")].map(each => {
  const style = getComputedStyle(each)
  return each.matches(".stApp") ? style.backgroundColor : style.getPropertyValue("--st-background-color")
})"""
# What moves, or would once it changes, also in the components of our own.
MOVES = """() => [document, ...[...document.querySelectorAll("*")].map(each => each.shadowRoot).filter(Boolean)]
  .flatMap(root => [...root.querySelectorAll("*")]).filter(each => {
    const { transitionDuration, animationDuration, animationName } = getComputedStyle(each)
    const lasts = text => text.split(", ").some(each => parseFloat(each) > 0.001)
    return lasts(transitionDuration) || (animationName !== "none" && lasts(animationDuration))
  }).map(each => each.outerHTML.slice(0, 120))"""
STILL = "matchMedia('(prefers-reduced-motion: reduce)').matches"
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
FIND = """async ({ within, rules }) => {
  const only = rules.length ? { runOnly: { type: "rule", values: rules } } : {}
  const pages = [document.scrollingElement, document.querySelector("[data-testid='stMain']")]
  const wide = pages.map(each => each.scrollWidth).filter(width => width > innerWidth).map(width => `${width} px wide`)
  const isBeside = each => each.getBoundingClientRect().right > innerWidth
  const beside = [...document.querySelectorAll("header button")].filter(isBeside)
  const { violations } = await axe.run(within, { resultTypes: ["violations"], ...only })
  const told = violations.flatMap(({ id, nodes }) => nodes.map(({ html, any, all, none }) =>
    `${id} of ${html.slice(0, 200)} (${[...any, ...all, ...none].map(each => each.message).join("; ")})`))
  return [...wide, ...beside.map(each => `beside the screen: ${each.outerHTML.slice(0, 200)}`), ...told]
}"""


class Audit:
    """Collects what is wrong in each state of the pages, to be told at the end."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def look(
        self, page: Page, state: str, *, sizes: Sequence[ViewportSize] = (DESK, PHONE), within: str = "html"
    ) -> None:
        """At each size in both appearances; `within` is the part of the page that is looked at."""
        schemes = SCHEMES
        for size in sizes:
            page.set_viewport_size(size)
            for scheme in schemes:
                appear(page, scheme)
                told = self._stands(page, within, OF_COLOURS if scheme == "dark" else ())
                self.found += [f"{state}, {size['width']} wide, {scheme}: {each}" for each in told]
            schemes = schemes[::-1]
        page.set_viewport_size(sizes[0])
        appear(page, "light")

    def told(self) -> str:
        return "\n".join(self.found)

    def _stands(self, page: Page, within: str, rules: Sequence[str]) -> list[str]:
        until = time.monotonic() + STANDS
        while True:
            calm(page)
            if not page.evaluate("'axe' in window"):
                page.evaluate(Axe().axe_script)
            found: list[str] = page.evaluate(FIND, {"within": within, "rules": list(rules)})
            if not rules and page.evaluate(STILL):
                found += [f"moves: {each}" for each in page.evaluate(MOVES)]
            if not found or time.monotonic() > until:
                return found


def appear(page: Page, scheme: Scheme) -> None:
    """Have the browser prefer this appearance, and wait until every part of the page has taken it."""
    if page.evaluate(f"matchMedia('(prefers-color-scheme: {scheme})').matches"):
        return
    before = set(page.evaluate(GROUNDS))
    page.emulate_media(color_scheme=scheme)
    wait_for(lambda: not before & set(page.evaluate(GROUNDS)), f"the {scheme} appearance", SECONDS)


def calm(page: Page) -> None:
    """Until nothing is on its way to the page, with the pointer where it changes nothing."""
    page.mouse.move(0, 0)
    expect(page.locator(AT_WORK)).to_have_count(0)
    page.evaluate(DRAWN)
