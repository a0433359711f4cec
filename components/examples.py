"""The example reviews: what they are, and one click to be rid of them."""

from __future__ import annotations

import streamlit as st

from components.session import act, desk, notify, reviewer
from review.reviewers import Reviewer


def show_examples_hint() -> None:
    """A line at the queue's end, for while there are examples."""
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(
            ":material/lightbulb: The reviews marked *Example* are here to try the desk on: open one, and decide."
        )
        st.button("Remove the examples", on_click=_remove, key="remove_examples", icon=":material/delete:")


def _remove() -> None:
    who = reviewer() or Reviewer("someone")
    removed = act(lambda: desk().remove_examples(who))
    if removed is not None:
        notify("success", f"{removed} example threads are gone, with their reviews.")
