"""The difference between two texts, or two payloads: what came is underlined, what went is struck through."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import streamlit as st

from components.places import ASSETS
from components.tree import outline, type_of, worded
from review.redline import ABSENT, FieldChange, field_changes, redline

Drawn = dict[str, Any]

SECTION = """
<section class="redline">
  <div class="title"></div><p class="remark"></p><div class="body"></div>
</section>
"""
CSS = (ASSETS / "redline.css").read_text("utf-8")
DRAW = (ASSETS / "redline.js").read_text("utf-8")
JS = """
export default function ({ data, parentElement }) {
  const section = parentElement.querySelector(".redline")
  section.setAttribute("aria-label", data.label)
  drawRedline(section, data.shown, data)
}
"""

_redline = st.components.v2.component("redline", html=SECTION, css=CSS, js=DRAW + JS)


def show_redline(
    before: str,
    after: str,
    *,
    key: str,
    side_by_side: bool = False,
    label: str = "Changes",
    names: tuple[str, str] | None = None,
) -> None:
    """Word by word, what did not change folded away; inline, or the old text at the left of the new one, each under
    its name."""
    shown = compared(before, after)
    _redline(key=key, data={"shown": shown, "sides": side_by_side, "label": label, "names": names})


def show_field_changes(
    before: Any, after: Any, *, key: str, side_by_side: bool = False, label: str = "Changes"
) -> None:
    """The fields in which two payloads differ; texts word by word, other values as what went and what came."""
    shown = {"fields": fields_compared(before, after)}
    _redline(key=key, data={"shown": shown, "sides": side_by_side, "label": label})


def fields_compared(before: Any, after: Any) -> list[Drawn]:
    """What the browser draws of each field that differs."""
    return [_field(change) for change in field_changes(before, after)]


@lru_cache(maxsize=64)
def compared(before: str, after: str) -> Drawn:
    """What the browser draws. A browser's text field knows one kind of line break, so both texts are taken so."""
    found = redline(unix_lines(before), unix_lines(after))
    return {
        "stretches": [[each.mark.value, each.text] for each in found.stretches],
        "added": found.words_added,
        "removed": found.words_removed,
        "coarse": found.coarse,
    }


def unix_lines(text: str) -> str:
    """With line breaks as a browser's text field has them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _field(change: FieldChange) -> Drawn:
    path = change.path or "The whole value"
    if isinstance(change.before, str) and isinstance(change.after, str):
        return {"path": path, "text": compared(change.before, change.after)}
    one, other = _words(change.before), _words(change.after)
    if one == other:  # what reads the same is of another type
        one, other = _typed(change.before), _typed(change.after)
    return {"path": path, "before": one, "after": other}


def _words(value: Any) -> str | list[str] | None:
    """A single value as a text, one of parts as the lines of an outline; None where there is none."""
    if value is ABSENT:
        return None
    return outline(value) or worded(value)


def _typed(value: Any) -> str:
    return f"{worded(value)} ({type_of(value)})"
