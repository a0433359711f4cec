"""What Streamlit lets float over the page: the choices of a select box and a field's help are regions with a name, Tab
leads into what a button opens, and who opens the field for the name types into it."""

from __future__ import annotations

from components.script import script

_floating = script("floating", "kept.js", "ahead.js", "floating.js")


def name_what_floats() -> None:
    """Once on a page: it is seen to whenever something floats, without the server."""
    _floating(key="floating")
