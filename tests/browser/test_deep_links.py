"""Each page by its address, as the very first request of a fresh server."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from review.desk import open_desk
from review.settings import Settings
from tests.browser.conftest import Serve
from tests.browser.screens import heading
from tests.browser.servers import SECONDS
from tests.support import ADA, ASK, begin, pending, wait_for, write_graphs

PAGES = {
    "/": "Queue",
    "/start": "Start",
    "/threads": "Threads",
    "/history": "History",
    "/insights": "Insights",
    "/doctor": "Doctor",
    "/review?review={review}": "Publish?",
}
SCREENS = (390, 844), (1920, 1080)
WIDER_THAN_THE_SCREEN = """() => [...document.querySelectorAll('html, [data-testid="stMain"]')]
    .filter(part => part.scrollWidth > part.clientWidth).length"""


@pytest.mark.parametrize("address", PAGES)
def test_the_first_request_of_a_fresh_server_finds_the_whole_desk(
    serve: Serve, page: Page, tmp_path: Path, address: str
) -> None:
    registry = write_graphs(tmp_path / "graphs", ask=ASK)
    desk = open_desk(Settings(data_dir=tmp_path / "data", graphs=registry))
    review = pending(desk, begin(desk).id)
    desk.decide(pending(desk, begin(desk).id).id, "approve", ADA)  # of which Insights draws its charts
    desk.close()
    server = serve(REVIEW_GRAPHS=str(registry))

    answer = page.goto(server.url + address.format(review=review.id))
    assert answer is not None
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]

    expect(heading(page, PAGES[address])).to_be_visible()
    # navigation.py ran: these pages by these names, and no list of files.
    navigation = page.get_by_role("navigation", name="App pages")
    for name in ("Queue", "Start", "Threads", "History"):
        expect(navigation.get_by_role("link", name=name, exact=True)).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)

    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        expect(heading(page, PAGES[address])).to_be_visible()
        wait_for(lambda: page.evaluate(WIDER_THAN_THE_SCREEN) == 0, "a page no wider than the screen", SECONDS)
