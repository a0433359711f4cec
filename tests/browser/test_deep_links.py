"""Each page by its address, as the very first request of a fresh server."""

from __future__ import annotations

from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from review.desk import open_desk
from review.settings import Settings
from tests.browser.conftest import Serve
from tests.browser.screens import heading
from tests.browser.servers import SECONDS, Server
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
# Counts the frames in which something is there and its style is not.
COUNT_UNSTYLED = """window.unstyled = 0
const look = () => {
  const app = document.querySelector(".stApp")
  if (app && !getComputedStyle(app).getPropertyValue("--measure")) window.unstyled++
  requestAnimationFrame(look)
}
look()"""
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

    page.add_init_script(COUNT_UNSTYLED)
    answer = page.goto(server.url + address.format(review=review.id))
    assert answer is not None
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]

    expect(heading(page, PAGES[address])).to_be_visible()
    assert page.evaluate("window.unstyled") == 0
    # navigation.py ran: these pages by these names, and no list of files.
    navigation = page.get_by_role("navigation", name="App pages")
    for name in ("Queue", "Start", "Threads", "History"):
        expect(navigation.get_by_role("link", name=name, exact=True)).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)

    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        expect(heading(page, PAGES[address])).to_be_visible()
        wait_for(lambda: page.evaluate(WIDER_THAN_THE_SCREEN) == 0, "a page no wider than the screen", SECONDS)


def test_a_page_that_the_browser_has_is_sent_with_its_style_of_today(server: Server) -> None:
    asked = {"accept": "text/html", "accept-encoding": "gzip", "if-none-match": "*", "range": "bytes=0-9"}
    with urlopen(Request(f"{server.url}/threads", headers=asked)) as answer:
        page = answer.read().decode()
    assert answer.status == 200
    assert page.count("--measure:") == 1
    assert page.index("--measure:") < page.index("</body>")
    assert answer.headers["etag"] is None
    assert answer.headers["x-frame-options"] == "DENY"
