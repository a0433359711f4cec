"""`make screenshots`: every page in every state that matters, light and dark, on a desk and on a telephone.

All of them go to build/screenshots/; those that the README shows, to docs/pictures/. Each look has a server and example
reviews of its own, so that all of them show the same.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, Playwright, ViewportSize, expect, sync_playwright

from tests.serving import CHROMIUM, FLAGS, served

ROOT = Path(__file__).parents[1]
PICTURES, ALL = ROOT / "docs" / "pictures", ROOT / "build" / "screenshots"
IN_README = ("queue", "edit", "decided", "run", "thread", "history")
IN_README_TOO = ("queue-1440-dark", "queue-390-light", "open-390-light")
EDITED = "\n\nThe first close on the new schedule is on the fourth of next month."


@dataclass(frozen=True)
class Look:
    width: int
    height: int
    scheme: Literal["light", "dark"]

    @property
    def name(self) -> str:
        return f"{self.width}-{self.scheme}"

    @property
    def narrow(self) -> bool:
        return self.width < 640


LOOKS = [Look(width, height, scheme) for width, height in ((1440, 900), (390, 844)) for scheme in ("light", "dark")]


def main() -> None:
    shutil.rmtree(ALL, ignore_errors=True)
    ALL.mkdir(parents=True)
    with sync_playwright() as playwright:
        for look in LOOKS:
            _shoot(playwright, look)
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    for name in IN_README:
        shutil.copy(ALL / f"{name}-{LOOKS[0].name}.png", PICTURES / f"{name}.png")
    for name in IN_README_TOO:
        shutil.copy(ALL / f"{name}.png", PICTURES / f"{name}.png")


def _shoot(playwright: Playwright, look: Look) -> None:
    with tempfile.TemporaryDirectory() as home, served(ROOT / "app.py", Path(home), REVIEW_EXAMPLES="true") as port:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        size = ViewportSize(width=look.width, height=look.height)
        page = browser.new_context(viewport=size, color_scheme=look.scheme).new_page()
        page.set_default_timeout(60_000)
        Tour(page, f"http://localhost:{port}", look).go()
        browser.close()


class Tour:
    """One walk through the app, in one look."""

    def __init__(self, page: Page, home: str, look: Look) -> None:
        self.page, self.home, self.look = page, home, look

    def go(self) -> None:
        self.page.goto(self.home)
        self.page.get_by_text("revision 2").wait_for()
        self.picture("tour")
        self.page.get_by_role("button", name="Skip the tour").click(delay=80)
        self.page.get_by_text("Skip the tour").wait_for(state="hidden")
        self.picture("queue")
        self.each_kind()
        self.decide()
        self.several()
        self.pages()

    def each_kind(self) -> None:
        for name, title in (
            ("critical", "Delete user"),
            ("breakpoint", "Breakpoint before send"),
            ("form", "Contacts to import"),
            ("actions", "2 actions"),
            ("review", "How we moved payroll"),
        ):
            self.open(title)
            self.picture(name if name != "review" else "open")
        self.page.goto(self.page.url.replace("/?", "/review?"))
        self.page.get_by_role("heading", level=1, name=re.compile("How we moved payroll")).first.wait_for()
        self.picture("review")
        self.page.goto(self.home)
        self.open("How we moved payroll")

    def decide(self) -> None:
        name = self.page.get_by_test_id("stMain").get_by_label("Your name").last
        name.fill("Ada Okafor")
        name.press("Tab")
        self.settle()
        self.choose("Reject")
        self.page.get_by_label("Why it is rejected").wait_for()
        self.picture("reject")
        self.choose("Edit")
        editor = self.page.get_by_label("Your version")
        editor.press("Control+End")
        editor.press_sequentially(EDITED)
        self.page.get_by_text("Saved").first.wait_for()
        editor.press("Escape")
        self.picture("edit")
        self.submit("Approve with my edits")
        self.page.get_by_text("Just decided").wait_for()
        self.picture("decided")
        self.page.get_by_role("button", name="Apply now").click(delay=80)
        self.page.get_by_text("Published", exact=False).first.wait_for()
        self.picture("tray")
        self.page.get_by_role("button", name=re.compile("^Draft: How we moved")).click(delay=80)
        self.page.get_by_role("heading", name="What was asked").wait_for()
        self.picture("run")
        if not self.look.narrow:
            self.page.keyboard.press("?")
            self.page.get_by_role("dialog", name="Keys").wait_for()
            self.picture("keys")
            self.page.keyboard.press("Escape")

    def several(self) -> None:
        self.page.goto(self.home)
        boxes = self.page.get_by_role("checkbox", name=re.compile("^Select Draft"))
        for place in range(2):
            boxes.nth(place).check()
            self.page.get_by_text(f"{place + 1} selected").wait_for()
        self.picture("selected")
        self.page.get_by_role("button", name="Approve…").click(delay=80)
        self.page.get_by_role("dialog").wait_for()
        self.picture("preview")
        self.page.keyboard.press("Escape")
        self.page.goto(f"{self.home}/?search=nothing+has+this")
        self.page.get_by_text("Nothing fits").wait_for()
        self.picture("nothing")

    def pages(self) -> None:
        self.page.goto(f"{self.home}/start")
        self.page.get_by_role("textbox", name="Topic").fill("A shorter on-call rota")
        self.page.get_by_role("button", name="Start", exact=True).click(delay=80)
        self.page.get_by_text("Open the review").wait_for()
        self.picture("start")
        self.page.goto(f"{self.home}/threads")
        self.page.get_by_text("newest first").wait_for()
        self.picture("threads")
        self.page.get_by_role("link", name="How we moved payroll").click(delay=80)
        self.page.get_by_role("heading", name="How we moved payroll").first.wait_for()
        self.page.locator(".st-key-graph_drawing").get_by_role("img").first.wait_for()
        self.picture("thread")
        for name in ("history", "insights", "doctor"):
            self.page.goto(f"{self.home}/{name}")
            self.page.get_by_role("heading", level=1, name=name.capitalize()).wait_for()
            self.picture(name)
        self.page.goto(f"{self.home}/review?review=nowhere")
        self.page.get_by_text("There is no review").wait_for()
        self.picture("unknown")

    def open(self, title: str) -> None:
        """On a telephone the list comes back first."""
        back = self.page.get_by_role("button", name="Back to the queue")
        if back.is_visible():
            back.click(delay=80)
        self.page.get_by_role("link", name=title).first.click(delay=80)
        self.page.get_by_role("heading", level=2, name=re.compile(re.escape(title))).wait_for()

    def choose(self, kind: str) -> None:
        if self.look.narrow:
            self.page.locator(".st-key-thumb_bar").get_by_role("button", name=kind).click(delay=80)
        else:
            self.page.get_by_role("radio", name=kind).click(delay=80)

    def submit(self, label: str) -> None:
        bar = self.page.locator(".st-key-thumb_bar").get_by_role("button", name="Send")
        (bar if self.look.narrow else self.page.get_by_role("button", name=label)).click(delay=80)

    def picture(self, name: str) -> None:
        self.settle()
        self.page.screenshot(path=ALL / f"{name}-{self.look.name}.png")

    def settle(self) -> None:
        """Until the script has finished and what it drew has moved into place."""
        expect(self.page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=60_000)
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 700)))")


if __name__ == "__main__":
    main()
