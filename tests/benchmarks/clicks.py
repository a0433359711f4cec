"""From the key that approves to the next review on screen, in a real browser, beside a bare page's click."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from review.model import Review
from tests.benchmarks.homes import APP, CLICKED, bare, fill
from tests.benchmarks.table import Figure, pairs
from tests.browser.screens import on_screen
from tests.serving import CHROMIUM, FLAGS, served

DECISIONS, WARM_UP = 40, 3
# Milliseconds from the press until the frame that has the heading, by the browser's own clock.
UNTIL_SHOWN = """async ({ key, button, heading, text }) => {
  const begun = performance.now()
  if (key) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))
  else document.querySelector(button).click()
  while (document.querySelector(heading)?.textContent !== text) {
    if (performance.now() - begun > 30000) throw new Error(`${text} has not come on screen`)
    await new Promise(requestAnimationFrame)
  }
  return performance.now() - begun
}"""


def measure_clicks() -> list[Figure]:
    """Seconds from the key A until the next review's title heads the detail, and from a click until another heading."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        reviews = fill(home, DECISIONS + WARM_UP + 10)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            with (
                served(APP, home) as ours,
                served(bare(home, CLICKED), home) as blank,
                _page(browser, ours) as desk,
                _page(browser, blank) as item,
            ):
                following = _decide(desk, reviews)
                clicks = _click(item)
                name = "A approves, until the next review is on screen"
                return [pairs(name, lambda: next(following), lambda: next(clicks), DECISIONS, warm_up=WARM_UP)]
        finally:
            browser.close()


def _decide(page: Page, reviews: Sequence[Review]) -> Iterator[float]:
    """Approve one after the other. What has just come on screen takes no deciding key: that is waited for before."""
    on = ""
    for review, following in pairwise(reviews):
        page.bring_to_front()
        on = on_screen(page, on)
        assert on == review.id
        yield _until_shown(page, key="a", heading=".st-key-detail_top h2", text=following.title)


def _click(page: Page) -> Iterator[float]:
    number = 0
    while True:
        number += 1
        page.bring_to_front()
        yield _until_shown(page, button=".st-key-next button", heading="h2", text=f"Item {number}")


def _until_shown(page: Page, **what: str) -> float:
    taken: float = page.evaluate(UNTIL_SHOWN, what)
    return taken / 1000


@contextmanager
def _page(browser: Browser, port: int) -> Iterator[Page]:
    """A browser that knows who reviews, on the server's first page."""
    context = browser.new_context()
    context.add_cookies([{"name": "countersign_reviewer", "value": "Ada", "url": f"http://localhost:{port}"}])
    page = context.new_page()
    page.goto(f"http://localhost:{port}/")
    page.locator("h2").first.wait_for()
    yield page
    context.close()
