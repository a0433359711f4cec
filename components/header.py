"""The top of every page: its title, who is reviewing, and what the last action said."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.lazily import show_popover
from components.session import dismiss_notice, drawn_in, name_reviewer, notice_on, reviewer, signed_in_name
from components.tab_title import show_tab_title
from components.words import escaped

SHOWN = "page_shown"
ICONS = {"success": ":material/check_circle:", "error": ":material/error:", "info": ":material/info:"}


def show_header(
    title: str, subtitle: str = "", tools: Callable[[], object] | None = None, parts: Sequence[str] = ()
) -> None:
    """The title, `tools` beside it where the page has some, who is reviewing, and the notice. A page of `parts`, which
    are the keys of its fragments, shows the notice in one of them."""
    st.session_state[SHOWN] = title
    drawn_in(parts)
    show_tab_title(title)
    with st.container(horizontal=True, vertical_alignment="center", key="page_top"):
        with st.container(key="page_title", width="content" if tools else "stretch"):
            st.title(escaped(title), anchor=False)
            if subtitle:
                st.markdown(f":gray[{subtitle}]")
        if tools:
            with st.container(horizontal=True, vertical_alignment="center", key="page_tools"):
                tools()
        with st.container(horizontal=True, horizontal_alignment="right", key="page_who", width="content"):
            _who()
    if not parts:
        show_notice(title)


def show_notice(title: str) -> None:
    """What the last action said, over the page: nothing below moves when it comes or goes. What is said in the place of
    what the page is about stands there."""
    notice = notice_on(f"{title} {st.query_params.to_dict()}")
    in_place = notice is not None and notice.once
    with st.container(key="in_place" if in_place else "notice", horizontal=True, vertical_alignment="center"):
        if notice:
            getattr(st, notice.kind)(escaped(notice.text), icon=ICONS[notice.kind])
        if notice and not in_place:
            st.button("Dismiss", icon=":material/close:", type="tertiary", key="dismiss", on_click=dismiss_notice)


def arrives_at(title: str) -> bool:
    """Whether another page, or none, was on screen before the one of this title; asked before its header is drawn."""
    return bool(st.session_state.get(SHOWN) != title)


def _who() -> None:
    who = reviewer()
    label = f"Reviewing as {who.name}" if who else "Who is reviewing?"
    show_popover(label, "person", "who_reviews", _show_name, type="tertiary")


def _show_name() -> None:
    if signed_in_name():
        st.markdown("You are signed in; your decisions are recorded under this name.")
        st.button("Sign out", on_click=st.logout, key="sign_out")
        return
    who = reviewer()
    st.text_input(
        "Your name",
        value=who.name if who else "",
        key="reviewer_name",
        on_change=_name_given,
        max_chars=80,
        help="Recorded with each decision, as a name that was typed and not signed in.",
    )


def _name_given() -> None:
    name_reviewer(st.session_state["reviewer_name"])
