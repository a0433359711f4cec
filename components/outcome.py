"""After the decision: who made it, the resumed run's values as they arrive, and the way to the next review."""

from __future__ import annotations

import streamlit as st

from components import places
from components.badge import show_badge
from components.opened import open_review
from components.reasons import show_why
from components.revisions import sentence
from components.run import show_watch
from components.session import desk
from components.times import on_screen
from components.words import REVIEW, escaped
from review.model import Review, ReviewKind, ReviewStatus


def show_decision(review: Review) -> None:
    """One line: the decision, or why there is none."""
    word = REVIEW[review.status]
    with st.container(horizontal=True, vertical_alignment="center"):
        show_badge(word)
        if review.decision:
            shown = on_screen(review.decision.seconds_shown)
            st.markdown(escaped(sentence(review)) + (f" :gray[{shown}]" if shown else ""))
        elif review.status == ReviewStatus.SUPERSEDED:
            st.markdown("The thread moved on before anybody decided.")
    if review.decision:
        show_why(review.decision)


def show_run(review: Review) -> None:
    """The thread's run since the decision, renewed while it goes on."""
    st.header("The run", anchor=False)
    show_watch(review.thread_id, review.id)


def show_next(review: Review, following: str | None = None) -> None:
    """One click to the next review: of this thread, else what follows in the list, else what waits longest."""
    reviews = desk().ledger.reviews
    here = reviews.of_thread(review.thread_id, status=[ReviewStatus.PENDING])
    other = here[0].id if here else following or next((first.id for first in reviews.page(limit=1)), None)
    with st.container(horizontal=True, vertical_alignment="center"):
        if other:
            label = _leads_on(review, here[0]) if here else "Next review"
            st.button(label, type="primary", icon=":material/arrow_forward:", key="next", on_click=open_review,
                      args=(other,))  # fmt: skip
        st.page_link(places.THREADS, label="The whole thread", query_params={"thread": review.thread_id})


def _leads_on(review: Review, to: Review) -> str:
    if to.kind == ReviewKind.FAILED:
        return "See what failed"
    return "Review the new revision" if to.node == review.node else "Review what it asks next"
