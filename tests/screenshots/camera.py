"""A browser in one look, what a person does in it, and a picture of what they see then."""

from __future__ import annotations

import os
import re
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, expect

from tests.serving import Server

ROOT = Path(__file__).parents[2]
ALL = ROOT / "build" / "screenshots"
# What Streamlit asks for before it draws anything.
FIRST_ASKED = "**/_stcore/host-config"


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


class Camera:
    """One walk through the app is made of walks like this one's."""

    def __init__(self, page: Page, look: Look, server: Server, folder: Path) -> None:
        self.page, self.look, self._server = page, look, server
        self.home, self.data = f"http://localhost:{server.port}", folder / "data"

    def go_to(self, path: str = "") -> None:
        self.page.goto(f"{self.home}/{path}")
        self.page.get_by_role("heading", level=1).first.wait_for(state="attached")
        self.settle()

    def click(self, name: str | re.Pattern[str], *, exact: bool = True) -> None:
        self.page.get_by_role("button", name=name, exact=exact).first.click(delay=80)

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

    def submit(self, label: str, short: str = "Send") -> None:
        bar = self.page.locator(".st-key-thumb_bar").get_by_role("button", name=short)
        wide = self.page.locator(".st-key-submit_wide").get_by_role("button", name=label)
        (bar if self.look.narrow else wide).click(delay=80)

    def leave_dialog(self) -> None:
        self.page.keyboard.press("Escape")
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def picture(self, name: str) -> None:
        self.settle()
        self.take(name)

    def take(self, name: str) -> None:
        self.page.screenshot(path=ALL / f"{name}-{self.look.name}.png")

    def picture_of_loading(self, name: str) -> None:
        """What is there before the server has said anything."""
        self.page.route(FIRST_ASKED, lambda route: None)  # answered once that is over
        self.page.goto(self.home, wait_until="commit")
        self.page.get_by_test_id("stAppSkeleton").first.wait_for()
        self.take(name)
        self.page.unroute(FIRST_ASKED)

    def end_server(self) -> None:
        os.kill(self._server.pid, signal.SIGKILL)

    def settle(self) -> None:
        """Until the script has finished and what it drew has moved into place."""
        expect(self.page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=60_000)
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 700)))")
