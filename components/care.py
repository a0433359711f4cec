"""What makes a decision a careful one: a word typed for what is critical, a reason, and how long it was on screen."""

from __future__ import annotations

import time

import streamlit as st

from components.answer import refused
from components.session import desk
from components.words import escaped
from review.critical import confirmation_word, needs_confirmation
from review.model import DecisionType, Review

AGAINST = (DecisionType.REJECT, DecisionType.RESPOND)
LONGEST = 24 * 3600.0


def show_confirmation(review: Review, kind: DecisionType | None = None) -> None:
    """Asks for the word that lets a critical review through; of several actions, whatever is decided on them."""
    kinds = [DecisionType.APPROVE] if kind is None else [kind]
    if not needs_confirmation(review, kinds):
        return
    st.warning("This is critical: what is let through here cannot be called back.", icon=":material/gpp_maybe:")
    st.text_input(
        f"Type {escaped(confirmation_word(review))} to confirm",
        key=f"confirmation_{review.id}",
        max_chars=200,
        autocomplete="off",
    )


def show_reasons(review: Review, kind: DecisionType) -> None:
    """The reasons of the graph's list, where it has one, for who rejects or asks for changes."""
    if kind in AGAINST and (reasons := desk().reasons(review.graph)):
        last = refused(review)
        before = last.reason if last and last.type == kind and last.reason in reasons else None
        st.pills("Reason", reasons, default=before, key=f"reason_{review.id}", format_func=escaped,
                 persist_state="session")  # fmt: skip


def chosen_reason(review_id: str, kind: DecisionType) -> str | None:
    """The reason that goes with a decision of that kind; one picked for another kind does not."""
    return st.session_state.get(f"reason_{review_id}") if kind in AGAINST else None


def note_shown(review: Review) -> None:
    """Begin to count how long the review is on screen."""
    st.session_state.setdefault(f"on_screen_since_{review.id}", time.monotonic())


def seconds_shown(review_id: str) -> float | None:
    """How long the review has been on screen in this session."""
    since = st.session_state.get(f"on_screen_since_{review_id}")
    return None if since is None else min(LONGEST, round(time.monotonic() - since, 1))
