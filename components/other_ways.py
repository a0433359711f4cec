"""What can be done on a review's page beside deciding: edit the state, or end the thread."""

from __future__ import annotations

import streamlit as st

from components.lazily import show_popover
from components.session import act, desk, redraw
from components.state import show_state_folded, show_state_of
from components.state_form import Editing, show_edit_switch
from components.who import named
from review.model import Review, ReviewKind, ReviewStatus


def editing_of(review: Review) -> Editing:
    return Editing(review.thread_id, review.graph, review.id)


def is_editing(review: Review) -> bool:
    return review.status == ReviewStatus.PENDING and editing_of(review).is_on


def show_state_beside(review: Review) -> None:
    """The state: of a breakpoint or a failed node it is what is decided on, so it is open; elsewhere folded away."""
    if review.status == ReviewStatus.PENDING and review.kind in (ReviewKind.BREAKPOINT, ReviewKind.FAILED):
        st.header("The state", anchor=False)
        show_state_of(review.thread_id)
    else:
        show_state_folded(review.thread_id, review.id)


def show_other_ways(review: Review) -> None:
    """The switch to the state's form, and the way to end the thread, which asks first."""
    if review.status == ReviewStatus.PENDING:
        show_edit_switch(editing_of(review), "Edit the state first")
    show_popover("Close", "block", f"ways_to_close_{review.id}", lambda: _show_close(review))


def _show_close(review: Review) -> None:
    st.markdown(
        "Closing is not rejecting: the graph is told nothing and does not run on. The thread ends here, and its"
        " open reviews are superseded."
    )
    st.button("Close the thread", key=f"close_{review.id}", on_click=lambda: _close(review))


def _close(review: Review) -> None:
    if who := named():
        act(lambda: desk().close_thread(review.thread_id, who))
    redraw()
