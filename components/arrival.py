"""Whoever comes to another page has the list of pages out of the way on a telephone."""

from __future__ import annotations

import streamlit as st

from components.places import ASSETS

_arrival = st.components.v2.component(
    "arrival", html="<span hidden></span>", js=(ASSETS / "arrival.js").read_text("utf-8")
)


def show_arrival(page: str) -> None:
    """`page` is the one that is drawn."""
    _arrival(data={"page": page}, key="arrival")
