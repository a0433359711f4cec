"""Earlier revisions: what this node asked before in this thread, and what was said to it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.session import desk
from components.subject import show_subject
from components.times import clock
from components.words import PAST, escaped
from review.model import Decision, Review


def earlier(review: Review) -> list[Review]:
    """What the same node asked in this thread before, newest first; not what it asks beside it, in the same step."""
    same = [other for other in desk().ledger.reviews.of_thread(review.thread_id) if other.node == review.node]
    before = [other for other in same if other.created_at < review.created_at]
    return [other for other in before if other.checkpoint_id != review.checkpoint_id][::-1]


def show_revisions(reviews: Sequence[Review]) -> None:
    """The earlier reviews, newest first, each with its decision."""
    if not reviews:
        return
    st.subheader(f"Earlier revisions ({len(reviews)})", anchor=False)
    for number, review in zip(range(len(reviews), 0, -1), reviews, strict=True):
        said = sentence(review.decision) if review.decision else "No decision stands"
        with st.expander(f"Revision {number}: {escaped(said)}", icon=":material/history:"):
            if review.decision and review.decision.message:
                st.markdown(f"> {escaped(review.decision.message)}")
            show_subject(review.request)


def sentence(decision: Decision) -> str:
    """Who decided what, and when."""
    who = decision.reviewer if decision.signed_in else f"{decision.reviewer} (not signed in)"
    return f"{who} {PAST[decision.type]}, {clock(decision.decided_at)}"
