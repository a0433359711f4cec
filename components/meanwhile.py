"""While a review is open: word that it has been decided or changed elsewhere, with nothing on the page moved by it."""

from __future__ import annotations

import streamlit as st

from components.lazily import read_already
from components.pace import pace
from components.revisions import sentence
from components.session import desk
from components.turns import in_turn
from components.words import escaped
from review.model import Review

TICK = 2  # seconds between two looks


def show_meanwhile(review: Review) -> None:
    """Nothing as long as the review is what was drawn; then who decided it, and a button that shows it."""
    read = read_already(review, lambda: desk().review(review.id))

    def look() -> None:
        now = read()
        if (now.version, now.status) == (review.version, review.status):
            return
        told = f"{escaped(sentence(now))}." if now.decision else "This review has changed since it was shown."
        st.info(f"{told} What you wrote stays yours.", icon=":material/info:")
        if st.button("Show it as it is now", icon=":material/refresh:", key=f"meanwhile_show_{review.id}"):
            st.rerun()

    st.fragment(in_turn(look, later=True), run_every=pace(TICK), key=f"meanwhile_{review.id}")()
