"""The time in which a decision can be taken back: how long it still is, and both ways to end it."""

from __future__ import annotations

import math

import streamlit as st

from components.last_batch import last_batch
from components.opened import show_review, take_from_tray, tray
from components.session import act, desk, notify, redraw, reviewer
from review.model import Review, ReviewStatus, now
from review.names import same_name

TICK = 1.0  # seconds, which the countdown tells whole


def show_undo(review: Review) -> None:
    """Nothing once the decision is applied; until then its countdown, for who made it with *Undo* and *Apply now*."""
    if seconds_left(review) <= 0:
        return

    @st.fragment(run_every=TICK, key=f"undo_{review.id}")
    def tick() -> None:
        now_ = desk().review(review.id)
        with st.container(horizontal=True, vertical_alignment="center", key="undo_strip"):
            show_countdown(now_)
        if now_.status != ReviewStatus.DECIDED:
            st.rerun()

    tick()


def show_countdown(review: Review) -> None:
    """In a line: when the decision is applied, and the buttons of who made it."""
    left = seconds_left(review)
    st.markdown(f"Applied in **{math.ceil(left)} s**" if left > 0 else "Being applied", width="content")
    if _is_mine(review):
        over = left <= 0
        st.button("Undo", icon=":material/undo:", key=f"undo_{review.id}_button", disabled=over,
                  on_click=_undo, args=(review.id,))  # fmt: skip
        st.button("Apply now", icon=":material/bolt:", key=f"apply_{review.id}", type="tertiary",
                  disabled=over, on_click=_apply, args=(review.id,))  # fmt: skip


def keys_of_decided(review: Review) -> dict[str, str]:
    """Which buttons the keys press while it can be taken back: of one that was decided with others, that for all."""
    if review.decision is None or seconds_left(review) <= 0:
        return {}
    if (batch := last_batch()) and review.decision.batch == batch.made.id:
        return {"undo": "undo_batch"}
    return {"undo": f"undo_{review.id}_button", "apply": f"apply_{review.id}"}


def seconds_left(review: Review) -> float:
    """Until the decision is applied; none where there is no such time."""
    if review.status != ReviewStatus.DECIDED or review.decision is None:
        return 0
    return (review.decision.apply_at - now()).total_seconds()


def _undo(review_id: str) -> None:
    who = reviewer()
    if who and act(lambda: desk().undo(review_id, who)):
        notify("info", "Your decision is undone. The review is open again.")
        if review_id in tray():  # the next review stands in its place by now
            take_from_tray(review_id)
            show_review(review_id)
    redraw()


def _apply(review_id: str) -> None:
    if who := reviewer():
        act(lambda: desk().apply_now(review_id, who))
    redraw()


def _is_mine(review: Review) -> bool:
    who = reviewer()
    return bool(who and review.decision and same_name(review.decision.reviewer, who.name))
