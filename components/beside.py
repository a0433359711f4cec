"""The review that is open beside the queue's list: decided here, it makes room for the next one."""

from __future__ import annotations

import streamlit as st

from components import places
from components.announce import announce
from components.detail import Around, show_detail
from components.header import show_notice
from components.keys import IN_LIST, show_keys
from components.opened import (
    ORDER,
    chosen,
    current,
    following,
    has_others,
    leave_first,
    open_review,
    opened,
    put_in_tray,
    show_review,
)
from components.queue_filters import key_of
from components.session import desk, fetch
from components.tray import keys_of_undo
from components.words import escaped
from review.errors import ReviewError
from review.model import Review

TITLE = "Queue"
TOLD, STAY = "told_at_desk_text", "stay_and_watch"
SEARCH = {"search": key_of("search")}
LOOK_AGAIN = 2  # seconds after which an empty desk looks for what came
# On a narrow screen there is one pane at a time: the detail once a review was chosen, else the list. What the last
# action said is seen and heard in both, and the page's title is heard in both.
ONE_PANE = "<style>@media (max-width: 1000px) {{ {hidden} {{ display: none }} }}</style>"
DETAIL = ".st-key-detail_body"
LIST = ".st-key-pane_rows, .st-key-page_top > :not(:has(h1))"
UNSEEN = "position: absolute; inset-inline: 0; width: auto; clip-path: inset(50%)"
HEARD = f"<style>@media (max-width: 1000px) {{ .st-key-page_top {{ {UNSEEN} }} }}</style>"


def show_beside() -> None:
    """The open review, or what to do with an empty desk."""
    show_notice(TITLE)
    announce(st.session_state.get(TOLD, ""), key="told_at_desk")
    st.html(ONE_PANE.format(hidden=LIST) + HEARD if chosen() else ONE_PANE.format(hidden=DETAIL))
    with st.container(key="detail_body"):
        _show_review()


def _show_review() -> None:
    review = fetch(lambda: desk().review(shown)) if (shown := _there()) else None
    if review is None:
        _show_nothing()
        return
    with st.container(horizontal=True, vertical_alignment="center", key="detail_top"):
        st.button("Back to the queue", icon=":material/arrow_back:", type="tertiary", key="back", on_click=open_review,
                  args=(None,))  # fmt: skip
        st.header(escaped(review.title), anchor=False)
        st.page_link(places.REVIEW, label="Open alone", icon=":material/open_in_full:",
                     query_params={"review": review.id})  # fmt: skip
    show_detail(review, _around(review))


def _there() -> str | None:
    """What is open; one that was open by itself, and is gone, makes room for the first of those that are there."""
    order = st.session_state.get(ORDER, [])
    if chosen() is None and current() not in order:
        try:
            desk().review(current() or "")
        except ReviewError:
            leave_first()
            opened(order)
    return current()


def _around(review: Review) -> Around:
    def decided() -> None:
        other = following(review.id)
        if other is None or st.session_state.get(STAY):  # after the last one there is time to watch
            show_review(review.id)
        else:
            put_in_tray(review.id)
            show_review(other)
            st.session_state[TOLD] = f"{review.title}: decided. The next review is open."

    return Around(
        listed=IN_LIST,
        fields=SEARCH,
        buttons={"next": "next", "stay": STAY} | keys_of_undo(review.id),
        leave=lambda: None,  # the list is beside it
        decided=decided,
        show_below_submit=_show_stay,
        following=lambda: following(review.id),
        goes_on=lambda: has_others(review.id),
    )


def _show_stay() -> None:
    st.toggle("Stay and watch the run", key=STAY, persist_state="session")


def _show_nothing() -> None:
    show_keys(keys_of_undo(None), listed=IN_LIST, fields=SEARCH)
    st.info("Nothing is open. What comes into this view opens here.", icon=":material/inbox:")

    @st.fragment(run_every=LOOK_AGAIN, key="look_again")
    def tick() -> None:
        if chosen() is None and st.session_state.get(ORDER):
            st.rerun()

    tick()
