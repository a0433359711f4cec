"""`make screenshots`: the pictures in the README, from the running app and its example reviews."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.serving import CHROMIUM, FLAGS, served

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
EDITED = "\n\nThe first close on the new schedule is on the fourth of next month."


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        served(ROOT / "app.py", Path(home), REVIEW_EXAMPLES="true") as port,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        _shoot(browser, f"http://localhost:{port}")
        browser.close()


def _shoot(browser: Browser, home: str) -> None:
    page = browser.new_context(viewport=WIDE, color_scheme="light").new_page()
    page.goto(home)
    page.get_by_text("revision 2").wait_for(timeout=60_000)
    _settle(page)
    _picture(page, "queue")
    _in_other_looks(browser, home, "queue")

    page.get_by_text("How we moved payroll").click()
    page.get_by_role("button", name="Approve", exact=True).wait_for()
    _picture(page, "review")
    _in_other_looks(browser, page.url, "review")

    name = page.get_by_label("Your name").last
    name.fill("Ada Okafor")
    name.press("Tab")
    page.get_by_role("radio", name="Edit").click()
    editor = page.get_by_label("Your version")
    editor.press("Control+End")
    editor.press_sequentially(EDITED)
    page.get_by_text("Saved").first.wait_for()
    page.get_by_label("Your version").press("Escape")
    _picture(page, "edit")

    page.get_by_role("button", name="Approve with my edits").click(delay=80)
    page.get_by_role("button", name="Apply now").click(delay=80)
    page.get_by_text("Published as").wait_for()
    page.get_by_role("button", name="Next review").wait_for()
    _picture(page, "run")

    page.get_by_role("link", name="Start").click()
    page.get_by_role("textbox", name="Topic").fill("A shorter on-call rota")
    page.get_by_role("button", name="Start", exact=True).click(delay=80)
    page.get_by_text("Open the review").wait_for()
    _picture(page, "start")

    page.get_by_role("link", name="Threads").click()
    page.get_by_text("newest first").wait_for()
    _picture(page, "threads")
    page.get_by_role("link", name="How we moved payroll").click(delay=80)
    page.get_by_role("heading", name="How we moved payroll").first.wait_for()
    _picture(page, "thread")
    page.get_by_role("link", name="History").click()
    page.get_by_text("entries").wait_for()
    _picture(page, "history")


def _in_other_looks(browser: Browser, address: str, name: str) -> None:
    """The same screen in the dark, and on a telephone."""
    looks: list[tuple[str, dict[str, int], Literal["light", "dark"]]] = [
        (f"{name}-dark", WIDE, "dark"),
        (f"{name}-phone", NARROW, "light"),
    ]
    for look, size, scheme in looks:
        context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(address)
        page.locator("h1").first.wait_for()
        _picture(page, look)
        context.close()


def _picture(page: Page, name: str) -> None:
    _settle(page)
    page.screenshot(path=PICTURES / f"{name}.png")


def _settle(page: Page) -> None:
    """Until the script has finished and what it drew has moved into place."""
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 700)))")


if __name__ == "__main__":
    main()
