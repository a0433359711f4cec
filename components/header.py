"""The top of every page: its title, who is reviewing, and what the last action said."""

from __future__ import annotations

import streamlit as st

from components.session import name_reviewer, notice_on, reviewer, signed_in_name
from components.words import escaped

ICONS = {"success": ":material/check_circle:", "error": ":material/error:", "info": ":material/info:"}


def show_header(title: str, subtitle: str = "") -> None:
    """Draws the title row and reserves the place of the notice, so that nothing below it moves its identity."""
    left, right = st.columns([5, 2], vertical_alignment="center")
    left.title(escaped(title), anchor=False)
    if subtitle:
        left.markdown(f":gray[{subtitle}]")
    with right.container(horizontal=True, horizontal_alignment="right"):
        _who()
    show_notice(title)


def show_notice(title: str) -> None:
    place = st.container()
    if notice := notice_on(f"{title} {st.query_params.to_dict()}"):
        getattr(place, notice.kind)(escaped(notice.text), icon=ICONS[notice.kind])


def _who() -> None:
    who = reviewer()
    label = f"Reviewing as {who.name}" if who else "Who is reviewing?"
    with st.popover(label, icon=":material/person:", type="tertiary"):
        if signed_in_name():
            st.markdown("You are signed in; your decisions are recorded under this name.")
            st.button("Sign out", on_click=st.logout, key="sign_out")
            return
        st.text_input(
            "Your name",
            value=who.name if who else "",
            key="reviewer_name",
            on_change=lambda: name_reviewer(st.session_state["reviewer_name"]),
            max_chars=80,
            help="Recorded with each decision, as a name that was typed and not signed in.",
        )
