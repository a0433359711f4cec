"""The time in which a decision can be taken back: how long it still is, and both ways to end it."""

from __future__ import annotations

import math

import streamlit as st

from components.session import act, desk, notify, reviewer
from review.model import Review, ReviewStatus, now

TICK = 0.5
ACTED = "undo_acted"


def show_undo(review: Review) -> None:
    """Nothing once the decision is applied; until then its countdown, for who made it with *Undo* and *Apply now*."""
    if _left(review) <= 0:
        return

    @st.fragment(run_every=TICK, key=f"undo_{review.id}")
    def tick() -> None:
        if st.session_state.pop(ACTED, False):  # what the page says of it stands outside this part of it
            st.rerun()
        now_ = desk().review(review.id)
        left, mine = _left(now_), _is_mine(now_)
        with st.container(horizontal=True, vertical_alignment="center", key=f"undo_row_{review.id}"):
            st.markdown(f"Applied in **{math.ceil(left)} s**" if left > 0 else "Being applied")
            if mine:
                over = left <= 0
                st.button("Undo", icon=":material/undo:", key=f"undo_{review.id}_button", disabled=over,
                          on_click=lambda: undo(review.id))  # fmt: skip
                st.button("Apply now", icon=":material/bolt:", key=f"apply_{review.id}", type="tertiary",
                          disabled=over, on_click=lambda: _apply(review.id))  # fmt: skip
        if now_.status != ReviewStatus.DECIDED:
            st.rerun()

    tick()


def undo(review_id: str) -> None:
    """Take the decision back; meant for a callback."""
    st.session_state[ACTED] = True
    who = reviewer()
    if who and act(lambda: desk().undo(review_id, who)):
        notify("info", "Your decision is undone. What you wrote is still here.")


def _apply(review_id: str) -> None:
    st.session_state[ACTED] = True
    if who := reviewer():
        act(lambda: desk().apply_now(review_id, who))


def _left(review: Review) -> float:
    """Seconds until the decision is applied; none where there is no such time."""
    if review.status != ReviewStatus.DECIDED or review.decision is None:
        return 0
    return (review.decision.apply_at - now()).total_seconds()


def _is_mine(review: Review) -> bool:
    who = reviewer()
    return bool(who and review.decision and review.decision.reviewer == who.name)
