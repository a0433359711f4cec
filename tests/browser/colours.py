"""How well two colours can be told apart, as WCAG counts it, through grounds that let others through."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import Locator

Colour = tuple[float, float, float, float]

# The text's colour, and every ground behind it from the element up to the page, out of a component's own tree, too.
COLOURS = """element => {
  const grounds = []
  for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
    grounds.push(getComputedStyle(at).backgroundColor)
  }
  return [getComputedStyle(element).color, ...grounds]
}"""


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


def contrast(shown: str, grounds: Sequence[str]) -> float:
    """Of a colour with the grounds that it lies on, the nearest of them first."""
    ground: Colour = (0, 0, 0, 1)
    for each in reversed(grounds):
        ground = over(colour(each), ground)
    light, dark = sorted((luminance(over(colour(shown), ground)), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def legible(element: Locator) -> bool:
    """As WCAG asks of text at level AA."""
    text, *grounds = element.evaluate(COLOURS)
    return contrast(text, grounds) >= 4.5
