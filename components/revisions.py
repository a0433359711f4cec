"""Earlier revisions: what this node asked before in this thread, and what was said to it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.redline_view import show_field_changes, show_redline
from components.session import desk
from components.subject import show_subject
from components.times import clock
from components.words import PAST, escaped
from review.model import Decision, DecisionType, Review


def earlier(review: Review) -> list[Review]:
    """What the same node asked in this thread before, newest first; not what it asks beside it, in the same step."""
    same = [other for other in desk().ledger.reviews.of_thread(review.thread_id) if other.node == review.node]
    before = [other for other in same if other.created_at < review.created_at]
    return [other for other in before if other.checkpoint_id != review.checkpoint_id][::-1]


def show_revisions(now: Review, reviews: Sequence[Review]) -> None:
    """The earlier reviews, newest first, each with its decision and with what changed since until `now`."""
    if not reviews:
        return
    st.subheader(f"Earlier revisions ({len(reviews)})", anchor=False)
    for number, review in zip(range(len(reviews), 0, -1), reviews, strict=True):
        said = sentence(review.decision) if review.decision else "No decision stands"
        with st.expander(f"Revision {number}: {escaped(said)}", icon=":material/history:"):
            if review.decision and review.decision.message:
                st.markdown(f"> {escaped(review.decision.message)}")
            show_subject(review.request)
            show_edit(review)
            _show_since(review, now)


def _show_since(earlier: Review, now: Review) -> None:
    before, after = earlier.request.subject, now.request.subject
    if isinstance(before, str) and isinstance(after, str):
        show_redline(before, after, key=f"since_{earlier.id}", label="What changed since")


def show_edit(review: Review) -> None:
    """What an edit changed: word by word in a text, field by field in anything else."""
    if (made := review.decision) is None or made.type != DecisionType.EDIT or made.value is None:
        return
    before = review.request.subject
    if isinstance(before, str) and isinstance(made.value, str):
        show_redline(before, made.value, key=f"edited_{review.id}", label="What was edited")
    elif before is not None:
        show_field_changes(before, made.value, key=f"edited_{review.id}", label="What was edited")


def sentence(decision: Decision) -> str:
    """Who decided what, and when."""
    who = decision.reviewer if decision.signed_in else f"{decision.reviewer} (not signed in)"
    return f"{who} {PAST[decision.type]}, {clock(decision.decided_at)}"
