"""In the dark, too, what is pressed and what is selected can be read: 4.5 to 1, as WCAG asks of text."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from review.desk import Desk
from tests.browser.conftest import Watched
from tests.browser.screens import button, new_review, open_review
from tests.browser.servers import Server

# The text's colour, and every ground behind it from the element up to the page.
COLOURS = """element => {
  const grounds = []
  for (let at = element; at; at = at.parentElement) grounds.push(getComputedStyle(at).backgroundColor)
  return [getComputedStyle(element).color, ...grounds]
}"""

Colour = tuple[float, float, float, float]


def colour(text: str) -> Colour:
    red, green, blue, *alpha = (float(part) for part in re.findall(r"[\d.]+", text))
    return red, green, blue, alpha[0] if alpha else 1.0


def over(above: Colour, below: Colour) -> Colour:
    alpha = above[3]
    red, green, blue = (one * alpha + other * (1 - alpha) for one, other in zip(above[:3], below[:3], strict=True))
    return red, green, blue, 1.0


def luminance(shade: Colour) -> float:
    parts = [part / 255 for part in shade[:3]]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(element: Locator) -> float:
    text, *grounds = (colour(each) for each in element.evaluate(COLOURS))
    ground: Colour = (0, 0, 0, 1)
    for each in reversed(grounds):
        ground = over(each, ground)
    light, dark = sorted((luminance(over(text, ground)), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_buttons_choices_and_tabs_can_be_read(server: Server, desk: Desk, watched: Watched, scheme: str) -> None:
    page = watched.open(color_scheme=scheme, viewport={"width": 1280, "height": 900})
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
        assert contrast(element) >= 4.5, name
