"""The redlines on a page, whose browser half does not run in AppTest: what they were given to draw."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest


def redlines(at: AppTest) -> dict[str, tuple[str, str]]:
    """By label, the text before and after."""
    drawn = [json.loads(element.proto.json) for element in at.get("bidi_component") if element.proto.json]
    return {
        data["label"]: (_without(data, "added"), _without(data, "removed"))
        for data in drawn
        if "stretches" in (data.get("shown") or {})
    }


def _without(data: dict[str, dict[str, list[list[str]]]], mark: str) -> str:
    return "".join(text for kind, text in data["shown"]["stretches"] if kind != mark)
