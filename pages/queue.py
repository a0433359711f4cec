"""Queue: what waits for a person, in the order and with the filters that the address says."""

import streamlit as st

from components import places
from components.bulk import select, selected, show_bulk_bar, show_bulk_dialog, show_last_batch
from components.examples import show_examples_hint
from components.header import show_header
from components.kin import place_among
from components.queue_filters import read_query, show_filters, show_tabs
from components.queue_words import show_empty, show_summary
from components.review_rows import review_row
from components.rows import show_rows
from components.session import desk, reviewer
from review.ledger.queries import Tab
from review.model import now

PAGE_SIZE = 50


def open_review(review_id: str) -> None:
    st.session_state["open_review"] = review_id


def more() -> None:
    st.session_state["queue_size"] = st.session_state.get("queue_size", PAGE_SIZE) + PAGE_SIZE


def show_queue() -> None:
    me = who.name if (who := reviewer()) else ""
    query = read_query()  # a tab is chosen in this part of the page, which then runs alone
    show_tabs(desk().queue_counts(query, me))
    page = desk().queue(query, me, limit=st.session_state.get("queue_size", PAGE_SIZE))
    chosen = selected(page.reviews)
    with st.container(horizontal=True, vertical_alignment="center", key="queue_line"):
        show_summary(query, page.total, desk().arrived(st.session_state["queue_since"], query, me))
        show_bulk_bar(chosen)
    if not page.reviews:
        show_empty(query)
    else:
        siblings = desk().ledger.reviews.siblings(page.reviews)
        rows = [review_row(review, place_among(review, siblings[review.id])) for review in page.reviews]
        show_rows(rows, label="Pending reviews" if query.tab != Tab.DECIDED else "Decided reviews", key="queue",
                  on_open=open_review, on_select=select if query.tab != Tab.DECIDED else None,
                  selected=[review.id for review in chosen], keys=True)  # fmt: skip
    if page.after:
        st.button(f"Show more ({page.total - len(page.reviews)} left)", on_click=more, key="queue_more")
    show_bulk_dialog(chosen)
    if st.session_state.get("open_review"):
        st.rerun()


if chosen := st.session_state.pop("open_review", None):
    st.switch_page(places.REVIEW, query_params={"review": chosen})

st.session_state["queue_since"] = now()
show_header("Queue")
show_examples_hint()
show_last_batch()
searching = show_filters().search
# A search reads every title and payload, so it is not made anew with each tick.
st.fragment(show_queue, run_every=None if searching else 2, key="queue_list")()
