"""Which page of the queue's list is on screen: the one that comes after a key, which the address has, too."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components.session import redraw
from components.words import escaped
from review.ledger.queries import QueueQuery
from review.ledger.queue import Page

PLACE, AFTER = "queue_place", "after"


@dataclass(frozen=True)
class Place:
    """A page of what a query finds: the keys of the pages that lead there, its own last, none for the first page; and
    why it is another one than was asked for."""

    query: QueueQuery
    keys: tuple[str, ...] = ()
    why: str = ""

    @property
    def after(self) -> str | None:
        return self.keys[-1] if self.keys else None


def place_in(query: QueueQuery) -> Place:
    """Where the list is. Another query begins at its first page; a browser session, where its address says."""
    held: Place | None = st.session_state.get(PLACE)
    if held is None:
        named = st.query_params.get(AFTER)
        held = Place(query, (named,) if named else ())
    elif held.query != query:
        held = Place(query)
    return keep_place(held)


def keep_place(place: Place) -> Place:
    """In the session and in the address."""
    st.session_state[PLACE] = place
    if place.after is None:
        st.query_params.pop(AFTER, None)
    elif st.query_params.get(AFTER) != place.after:
        st.query_params[AFTER] = place.after
    return place


def show_place(place: Place) -> None:
    """Above the rows: why they are others than were asked for."""
    if place.why:
        st.warning(escaped(place.why), icon=":material/warning:")


def show_ways(place: Place, page: Page) -> None:
    """Below the rows: to the pages beside this one. Who came by an address knows none between it and the first."""
    if not place.keys and page.after is None:
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center",
                      key="queue_pages"):  # fmt: skip
        back = "Previous page" if len(place.keys) > 1 else "First page"
        st.button(back, icon=":material/chevron_left:", key="queue_before", disabled=not place.keys, type="tertiary",
                  on_click=_go, args=(place.query, place.keys[:-1]))  # fmt: skip
        st.button("Next page", icon=":material/chevron_right:", icon_position="right", key="queue_after",
                  disabled=page.after is None, type="tertiary",
                  on_click=_go, args=(place.query, (*place.keys, page.after)))  # fmt: skip


def _go(query: QueueQuery, keys: tuple[str, ...]) -> None:
    st.session_state[PLACE] = Place(query, keys)
    redraw("list")
