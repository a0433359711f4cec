"""What Streamlit lets float over the page, the choices of a select box and a field's help, is a region with a name."""

from __future__ import annotations

import streamlit as st

from components.places import ASSETS

_floating = st.components.v2.component(
    "floating", html="<span hidden></span>", js=(ASSETS / "floating.js").read_text("utf-8")
)


def name_what_floats() -> None:
    """Once on a page: it is seen to whenever something floats, without the server."""
    _floating(key="floating")
