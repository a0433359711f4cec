"""`make screenshots`: every page in every state that matters, light and dark, on a desk and on a telephone.

All of them go to build/screenshots/; those that the README shows, to docs/pictures/. Each look has a server and example
reviews of its own, so that all of them show the same.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Playwright, ViewportSize, sync_playwright

from tests.screenshots import pages, queue
from tests.screenshots.camera import ALL, ROOT, Camera, Look
from tests.serving import CHROMIUM, FLAGS, serving

PICTURES = ROOT / "docs" / "pictures"
IN_README = ("queue", "edit", "decided", "run", "thread", "history")
IN_README_TOO = ("queue-1440-dark", "queue-390-light", "open-390-light")
LOOKS = [Look(width, height, scheme) for width, height in ((1440, 900), (390, 844)) for scheme in ("light", "dark")]


def main(*names: str) -> None:
    """All looks, and the README's pictures; of some looks, named as in "390-dark", nothing but theirs."""
    if not names:
        shutil.rmtree(ALL, ignore_errors=True)
    ALL.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        for look in LOOKS:
            if not names or look.name in names:
                _shoot(playwright, look)
    if names:
        return
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    for name in IN_README:
        shutil.copy(ALL / f"{name}-{LOOKS[0].name}.png", PICTURES / f"{name}.png")
    for name in IN_README_TOO:
        shutil.copy(ALL / f"{name}.png", PICTURES / f"{name}.png")


def _shoot(playwright: Playwright, look: Look) -> None:
    with tempfile.TemporaryDirectory() as home, serving(ROOT / "app.py", Path(home), REVIEW_EXAMPLES="true") as server:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        size = ViewportSize(width=look.width, height=look.height)
        page = browser.new_context(viewport=size, color_scheme=look.scheme).new_page()
        page.set_default_timeout(60_000)
        camera = Camera(page, look, server, Path(home))
        queue.walk(camera)
        pages.walk(camera)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
