"""Whoever comes to another page, or to another thing on it, begins at its top, with nothing left over it."""

from __future__ import annotations

import streamlit as st

from components.places import ASSETS

JS = "".join((ASSETS / name).read_text("utf-8") for name in ("top.js", "arrival.js"))
_arrival = st.components.v2.component("arrival", html="<span hidden></span>", js=JS)


def show_arrival(page: str) -> None:
    """`page` is the one that is drawn."""
    _arrival(data={"at": "page", "shown": page}, key="arrival_page")


def show_arrival_at(thing: str) -> None:
    """`thing` is which of all that a page has for itself it shows; drawn before that."""
    _arrival(data={"at": "thing", "shown": thing}, key="arrival_thing")
