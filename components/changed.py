"""What you see is what you sign: a review that changed while it was open shows how, before it can be decided."""

from __future__ import annotations

import streamlit as st

from components.differences import show_differences
from review.model import Review
from review.redline import field_changes
from review.versions import canonical


def as_shown(review: Review) -> Review:
    """The review as this session first showed it, until its change was looked at. Decisions are bound to that one."""
    key = f"shown_{review.id}"
    shown: Review = st.session_state.setdefault(key, review)
    if shown.version != review.version and _reads_the_same(shown, review):
        # Put back to pending, by an undo say: nothing of what is on screen is another.
        shown = st.session_state[key] = review
    return shown


def show_change(shown: Review, review: Review) -> None:
    """The difference from what was shown, and the button that accepts it; nothing where there is none."""
    if shown.version == review.version:
        return
    with st.container(border=True, key=f"changed_{review.id}"):
        changes = field_changes(shown.payload, review.payload)
        what = "What is asked changed" if changes else "The state behind it changed"
        st.warning(
            f"{what} while you had this open. Nothing is decided on the new version before you have looked at it; "
            "what you wrote is still here.",
            icon=":material/difference:",
        )
        if changes:
            show_differences(changes, "When you opened it", "Now", "", key=f"changed_{review.id}_places")
        st.button("I have seen the change", icon=":material/visibility:", key=f"seen_{review.id}",
                  on_click=lambda: st.session_state.update({f"shown_{review.id}": review}))  # fmt: skip


def _reads_the_same(one: Review, other: Review) -> bool:
    return (canonical(one.payload), one.checkpoint_id) == (canonical(other.payload), other.checkpoint_id)
