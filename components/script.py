"""Code that runs in the browser and draws nothing."""

from __future__ import annotations

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from components.places import ASSETS


def script(name: str, *files: str) -> ComponentRenderer:
    """A component of these files of the assets, in this order, the last of which has the default export."""
    js = "".join((ASSETS / file).read_text("utf-8") for file in files)
    return st.components.v2.component(name, html="<span hidden></span>", js=js)
