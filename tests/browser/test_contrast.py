"""In the dark, too, what is pressed, selected or pointed at can be read: 4.5 to 1, as WCAG asks of text."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from review.desk import Desk
from tests.browser.axe import DRAWN
from tests.browser.colours import legible
from tests.browser.conftest import Watched
from tests.browser.screens import button, new_review, open_review
from tests.browser.servers import SECONDS, Server
from tests.support import wait_for

UNDERLINED = "element => getComputedStyle(element).textDecorationLine === 'underline'"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_buttons_choices_and_tabs_can_be_read(server: Server, desk: Desk, watched: Watched, scheme: str) -> None:
    page = watched.open(color_scheme=scheme, reduced_motion="reduce", viewport={"width": 1280, "height": 900})
    review = new_review(desk, f"contrast {scheme}")
    open_review(page, server, review)
    page.mouse.move(0, 0)
    read = {
        "button": button(page, "Approve").locator("p"),
        "choice": page.get_by_role("radio", checked=True).locator("p"),
        "tab": page.get_by_role("tab", selected=True).locator("p"),
        "badge": page.get_by_test_id("stMain").locator(".stMarkdownBadge").first,
        "link": page.get_by_text("Back to the queue"),
    }
    for name, element in read.items():
        expect(element).to_be_visible()
        assert legible(element), name
    button(page, "Claim").hover()
    wait_for(lambda: button(page, "Claim").locator("p").evaluate(UNDERLINED), "the hover", SECONDS)
    page.evaluate(DRAWN)
    assert legible(button(page, "Claim").locator("p"))
    chosen = page.get_by_role("radio", checked=True).first
    chosen.hover()
    expect(chosen).to_have_attribute("data-hovered", "true")
    page.evaluate(DRAWN)
    assert legible(chosen.locator("p"))
