"""The queue's list: its tabs, what it says of itself, its rows, and what can be done with those that are selected."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import streamlit as st

from components.announce import announce
from components.beside import TITLE
from components.bulk import select, selected, show_bulk_bar
from components.kin import place_among
from components.opened import READ, SINCE, have_looked, keep_opened, open_review, opened
from components.pace import pace
from components.queue_filters import keep_address, read_query, show_tabs
from components.queue_pages import Place, keep_place, place_in, show_place, show_ways
from components.queue_words import is_filtered, show_empty, show_summary
from components.review_rows import review_row
from components.rows import show_rows
from components.session import ACTED, desk, reviewer
from components.tab_title import show_tab_title
from components.turns import in_turn
from review.errors import BadInput
from review.ledger.queries import QueueQuery, Tab
from review.ledger.queue import Page
from review.model import now

PAGE_SIZE = 50
TICK = 2  # seconds between two looks at the queue
FOUND = "queue_found"
SEARCH_KEPT = 10.0  # seconds for which a search, which reads every title and payload, is not made anew


def show_list() -> None:
    """Renewed by itself, as often as the number of browsers lets it when it is drawn with what it is a part of."""
    st.fragment(in_turn(_show, later=True), run_every=pace(TICK), key="list_lines")()


def _show() -> None:
    me = who.name if (who := reviewer()) else ""
    query = read_query()
    keep_address(query)
    keep_opened()
    st.session_state[READ] = now()
    place, page = _page(query, me)
    show_tab_title(TITLE, None if is_filtered(query) else page.counts[Tab.OPEN])
    show_tabs(page.counts)
    chosen = selected(page.reviews)
    new = page.arrived
    announce(f"{len(new)} new" if new else "", key="told_of_queue")
    with st.container(horizontal=True, vertical_alignment="center", key="queue_line"):
        show_summary(query, page.total, new)
        show_bulk_bar(chosen)
    shown = opened([review.id for review in page.reviews])
    show_place(place)
    if page.reviews:
        _show_rows(page, place, [review.id for review in chosen], shown)
    else:
        show_empty(query)
    show_ways(place, page)


def _show_rows(page: Page, place: Place, chosen: list[str], shown: str | None) -> None:
    decided = page.tab == Tab.DECIDED
    siblings = desk().ledger.reviews.siblings(page.reviews)
    reminded = desk().ledger.timers.reminded([review.id for review in page.reviews if review.due_at and not decided])
    show_rows(
        [
            review_row(review, place_among(review, siblings[review.id]), reminded=review.id in reminded)
            for review in page.reviews
        ],
        label="Decided reviews" if decided else "Pending reviews",
        key="queue",
        on_open=open_review,
        on_select=None if decided else _select,
        selected=chosen,
        current=shown,
        keys=True,
        view=f"{place.query!r} {place.after}",
    )


def _select(picked: Mapping[str, bool]) -> None:
    have_looked()
    select(picked)


def _page(query: QueueQuery, me: str) -> tuple[Place, Page]:
    """Where the list is, and what is there. What was there and has nothing any more is left for the first page."""
    place = place_in(query)
    kept: dict[str, Any] = st.session_state.get(FOUND) or {}
    acted = st.session_state.pop(ACTED, False)
    if query.search and not acted and kept.get("asked") == (place, me) and time.monotonic() - kept["at"] < SEARCH_KEPT:
        found: Page = kept["page"]
        return place, found
    try:
        page = _read(place, me)
    except BadInput as error:
        place = keep_place(Place(query, why=error.message))
        page = _read(place, me)
    if place.keys and not page.reviews:
        place = keep_place(Place(query))
        page = _read(place, me)
    st.session_state[FOUND] = {"asked": (place, me), "at": time.monotonic(), "page": page} if query.search else None
    return place, page


def _read(place: Place, me: str) -> Page:
    return desk().queue(place.query, me, since=st.session_state[SINCE], limit=PAGE_SIZE, after=place.after)
