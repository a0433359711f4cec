"""The title of the browser's tab: how many reviews wait for somebody, whichever page it shows."""

from __future__ import annotations

import streamlit as st

from components.session import desk
from review.errors import ReviewError

NAME = "Countersign"


def show_tab_title(page: str, waiting: int | None = None) -> None:
    """`waiting` is how many there are in all, where the page knows it already."""
    try:
        count = desk().ledger.reviews.count() if waiting is None else waiting
    except ReviewError:  # the page itself says so
        count = 0
    st.set_page_config(page_title=f"({count}) {page} · {NAME}" if count else f"{page} · {NAME}")
