"""Says on every page that the server is away, and when it is back; Streamlit's own word for it speaks of a terminal."""

from __future__ import annotations

import streamlit as st

from components.places import ASSETS

HTML = """
<div class="connection" role="status" aria-live="polite">
  <div class="banner" popover="manual">
    <svg viewBox="0 0 24 24" aria-hidden="true"><path/></svg>
    <p><b></b> <span></span></p>
    <button type="button">Reload the page</button>
  </div>
</div>
"""
_banner = st.components.v2.component(
    "connection",
    html=HTML,
    css=(ASSETS / "connection.css").read_text("utf-8"),
    js="".join((ASSETS / name).read_text("utf-8") for name in ("network.js", "connection.js")),
)


def show_connection() -> None:
    """Once on a page. It takes no room, and shows nothing before the page was connected for the first time."""
    _banner(key="connection")
