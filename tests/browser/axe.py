"""What axe-core finds on a page as it stands, at a desk and on a telephone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

DESK, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
# What comes and goes while the page is at work: each of them names itself so.
AT_WORK = "[data-testid='stStatusWidget'], [data-stale='true'], [aria-busy='true']"
# A look may fall into the moment in which something is drawn anew; a fault is there in each of them.
LOOKS = 3
SETTLED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass(frozen=True)
class Waiver:
    """A rule that markup of Streamlit's own breaks, and that no label, option, colour or style of ours can mend."""

    rule: str
    selector: str
    why: str


WAIVERS = (
    Waiver("region", "[role='listbox']", "the open list of a select box hangs beside the page's landmarks"),
    Waiver(
        "presentation-role-conflict",
        "[data-testid='stFileUploaderDropzone']",
        "the ground on which files are dropped is without a role, and labelled; the button on it is a button",
    ),
)


class Audit:
    """Collects what is wrong in each state of the pages, to be told at the end, and which waivers were needed."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.waived: set[Waiver] = set()

    def look(self, page: Page, state: str, sizes: Sequence[ViewportSize] = (DESK, PHONE)) -> None:
        for size in sizes:
            page.set_viewport_size(size)
            wrong: list[str] = []
            for _ in range(LOOKS):
                calm(page)
                if not (wrong := list(self._violations(page))):
                    break
            self.found += [f"{state}, {size['width']} wide: {each}" for each in wrong]
        page.set_viewport_size(sizes[0])

    def told(self) -> str:
        return "\n".join(self.found)

    def _violations(self, page: Page) -> Iterator[str]:
        for rule in Axe().run(page).response["violations"]:
            for node in rule["nodes"]:
                if waiver := _waiver_of(page, rule["id"], node["target"]):
                    self.waived.add(waiver)
                    continue
                why = "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])
                yield f"{rule['id']} of {node['html'][:200]} ({why})"


def calm(page: Page) -> None:
    """Until nothing is on its way to the page, with the pointer where it changes nothing."""
    page.mouse.move(0, 0)
    expect(page.locator(AT_WORK)).to_have_count(0)
    page.evaluate(SETTLED)


def _waiver_of(page: Page, rule: str, target: list[Any]) -> Waiver | None:
    """A target of several parts lies in a component of our own, for which nothing is waived."""
    if len(target) != 1 or not isinstance(target[0], str):
        return None
    for waiver in WAIVERS:
        if waiver.rule == rule and page.locator(target[0]).and_(page.locator(waiver.selector)).count():
            return waiver
    return None
