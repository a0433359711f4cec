"""The reviews that belong with one: its siblings of the same step, the one that it replaces, those that replace it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import places
from components.opened import open_review
from components.review_rows import review_row
from components.rows import show_rows
from components.words import escaped
from review.model import Review, ReviewStatus

FEW = 5  # more than these are folded away


def place_among(review: Review, siblings: list[str]) -> str:
    """Such as `1 of 3 from this thread`; nothing for a review that is alone."""
    if len(siblings) < 2 or review.id not in siblings:
        return ""
    return f"{siblings.index(review.id) + 1} of {len(siblings)} from this thread"


def show_siblings(review: Review, asked: Sequence[Review]) -> None:
    """Which of how many it is, with a link to each of the others, and what became of it; `asked` are the thread's
    reviews."""
    together = [each for each in asked if _is_sibling(each, review)]
    if not (told := place_among(review, [each.id for each in together])):
        return
    st.markdown(f"**{told}**")
    others = [other for other in together if other.id != review.id]
    rows = [review_row(other) for other in others]
    waiting = sum(other.status == ReviewStatus.PENDING for other in others)
    with st.container() if len(rows) <= FEW else st.expander(f"The others; {waiting} of them wait"):
        show_rows(rows, label="From the same thread", key=f"siblings_{review.id}", on_open=open_review)


def _is_sibling(other: Review, review: Review) -> bool:
    """Asked in the same step. What is superseded is left out."""
    return other.checkpoint_id == review.checkpoint_id and other.status != ReviewStatus.SUPERSEDED


def show_replaced(review: Review, asked: Sequence[Review]) -> None:
    """The way to the review that this one replaces, and to the one that replaced it; `asked` are the thread's
    reviews."""
    if review.replaces:
        label = "Asked anew after the state was edited; the earlier review"
        _link(label, "history", review.replaces)
    if review.status == ReviewStatus.SUPERSEDED or review.decision:
        for other in asked:
            if other.replaces == review.id:
                _link(f"Asked anew after the state was edited: {escaped(other.title)}", "forward", other.id)


def _link(label: str, icon: str, review_id: str) -> None:
    st.page_link(places.REVIEW, label=label, icon=f":material/{icon}:", query_params={"review": review_id})
