"""What makes a decision a careful one: a word typed for what is critical, a reason, and how long it was on screen."""

from __future__ import annotations

from time import monotonic

import streamlit as st

from components.answer import refused
from components.session import desk
from components.words import escaped
from review.critical import confirmation_word, lacks_confirmation, needs_confirmation
from review.model import DecisionType, Review

AGAINST = (DecisionType.REJECT, DecisionType.RESPOND)
LONGEST = 24 * 3600.0
ON_SCREEN, SECONDS = "on_screen", "seconds_on_screen"  # which review since when; how long each of them was before


def confirmation_key(review_id: str) -> str:
    """The key of the field for the word."""
    return f"confirmation_{review_id}"


def is_unconfirmed(review: Review, kind: DecisionType) -> bool:
    """Whether that decision would be refused for the want of the review's word."""
    return lacks_confirmation(review, [kind], st.session_state.get(confirmation_key(review.id)))


def show_confirmation(review: Review, kind: DecisionType | None = None) -> None:
    """Asks for the word that lets a critical review through; of several actions, whatever is decided on them."""
    kinds = [DecisionType.APPROVE] if kind is None else [kind]
    if not needs_confirmation(review, kinds):
        return
    st.warning("This is critical: what is let through here cannot be called back.", icon=":material/gpp_maybe:")
    st.text_input(
        f"Type {escaped(confirmation_word(review))} to confirm",
        key=confirmation_key(review.id),
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
    """This review is on screen from now on, and no other; drawn again, it still is."""
    _count(review.id)


def note_still_shown(review: Review) -> None:
    """The browser is heard of, which has this review on screen unless another was opened since."""
    if (st.session_state.get(ON_SCREEN) or {}).get("review") == review.id:
        _count(review.id)


def note_none_shown() -> None:
    """Something else is on screen."""
    _count(None)


def seconds_shown(review_id: str) -> float | None:
    """How long the review has been on screen in this session, the times that others were left out."""
    known: float | None = st.session_state.get(SECONDS, {}).get(review_id)
    running = _running(review_id)
    return None if known is None and running is None else min(LONGEST, round((known or 0) + (running or 0), 1))


def _count(review_id: str | None) -> None:
    """Add what the one on screen has been there for, and begin anew."""
    before = st.session_state.get(ON_SCREEN)
    if before:
        seconds = st.session_state.setdefault(SECONDS, {})
        seconds[before["review"]] = seconds.get(before["review"], 0.0) + (_running(before["review"]) or 0)
    st.session_state[ON_SCREEN] = {"review": review_id, "since": monotonic()} if review_id else None


def _running(review_id: str) -> float | None:
    """Seconds since it was last heard of. A browser that was silent for longer was closed, or asleep."""
    shown = st.session_state.get(ON_SCREEN)
    if not shown or shown["review"] != review_id:
        return None
    seconds: float = monotonic() - shown["since"]
    return min(seconds, desk().settings.browser_seconds)
