"""What the queue says of itself: how many there are, what is new, and why it is empty."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import places
from review.ledger.queries import QueueQuery, Sort, Tab

ORDER = {
    Sort.AGE: "oldest first",
    Sort.DUE: "due first",
    Sort.PRIORITY: "highest priority first",
    Sort.GRAPH: "by graph",
}
EMPTY = {
    Tab.MINE: "Nothing here is yours. What you claim, and what is escalated to you, appears here.",
    Tab.OPEN: "Nothing waits for you. Start a graph, and what it asks will appear here.",
    Tab.DUE: "Nothing is overdue or due within a day.",
    Tab.FAILED: "Nothing has failed.",
    Tab.DECIDED: "Nothing has been decided yet.",
}


def show_summary(query: QueueQuery, total: int, new: Sequence[str]) -> None:
    """How many there are and in which order, and how many of them came since one looked."""
    if query.tab == Tab.DECIDED:
        told = f"{total} decided, newest first"
    else:
        told = f"{total} {'review waits' if total == 1 else 'reviews wait'}, {ORDER[query.sort]}"
    came = f" :blue-badge[{len(new)} new {'review' if len(new) == 1 else 'reviews'}]" if new else ""
    st.markdown(f":gray[{told}]{came}", width="content")


def show_empty(query: QueueQuery) -> None:
    """Why there is nothing, and the way on."""
    if is_filtered(query):
        st.info("Nothing fits the search and the filters. Clear them to see the rest.", icon=":material/filter_list:")
        return
    st.info(EMPTY[query.tab], icon=":material/inbox:")
    if query.tab == Tab.OPEN:
        st.page_link(places.START, label="Start a graph", icon=":material/play_circle:")


def is_filtered(query: QueueQuery) -> bool:
    return query != QueueQuery(tab=query.tab, sort=query.sort)
