"""Who acts: the name asked for beside a button, where nobody has given one yet."""

from __future__ import annotations

import streamlit as st

from components.session import NAME_BESIDE_DECISION, name_reviewer, notify, reviewer
from review.reviewers import Reviewer


def show_name(place: str, field: str = NAME_BESIDE_DECISION) -> None:
    """Asks for the name. Once drawn at `place` it stays: were it to go as soon as the name is known, the button below
    it would move away from the click that leaves the field."""
    asked = f"name_asked_{place}"
    if (who := reviewer()) is None:
        st.session_state[asked] = True
    if st.session_state.get(asked):
        st.session_state.setdefault(field, who.name if who else "")
        st.text_input("Your name", key=field, max_chars=80, placeholder="As it stands in the history",
                      on_change=_name_given, args=(field,))  # fmt: skip


def ask_no_more(place: str) -> None:
    """What was asked there is done: should it be drawn once more, a known name is not asked for."""
    st.session_state.pop(f"name_asked_{place}", None)


def _name_given(field: str) -> None:
    """The whole page says who is reviewing."""
    take_name(field)
    st.rerun()


def take_name(field: str = NAME_BESIDE_DECISION) -> bool:
    """Keep the name just typed beside the button; False where nobody can have it."""
    return name_reviewer(st.session_state.get(field) or "")


def named(field: str = NAME_BESIDE_DECISION) -> Reviewer | None:
    """Who acts, the name just typed beside the button, too; nobody, and a notice, where there is none."""
    if not take_name(field):
        return None
    if (who := reviewer()) is None:
        notify("error", "Give your name first: the history says who did it.")
    return who
