"""Queue: what waits for a person, oldest first."""

import streamlit as st

from components import places
from components.examples import show_examples_hint
from components.header import show_header
from components.kin import place_among
from components.review_rows import review_row
from components.rows import show_rows
from components.session import desk

PAGE_SIZE = 50


def open_review(review_id: str) -> None:
    st.session_state["open_review"] = review_id


def more() -> None:
    st.session_state["queue_size"] = st.session_state.get("queue_size", PAGE_SIZE) + PAGE_SIZE


@st.fragment(run_every=2, key="queue_list")
def show_queue() -> None:
    reviews = desk().ledger.reviews
    size = st.session_state.get("queue_size", PAGE_SIZE)
    waiting, total = reviews.page(limit=size), reviews.count()
    st.markdown(f":gray[{total} {'review waits' if total == 1 else 'reviews wait'}, oldest first]")
    if not waiting:
        st.info("Nothing waits for you. Start a graph, and what it asks will appear here.", icon=":material/inbox:")
        st.page_link(places.START, label="Start a graph", icon=":material/play_circle:")
    else:
        siblings = reviews.siblings(waiting)
        rows = [review_row(review, place_among(review, siblings[review.id])) for review in waiting]
        show_rows(rows, label="Pending reviews", key="queue", on_open=open_review)
    if total > len(waiting):
        st.button(f"Show more ({total - len(waiting)} left)", on_click=more, key="queue_more")
    if st.session_state.get("open_review"):
        st.rerun()


if chosen := st.session_state.pop("open_review", None):
    st.switch_page(places.REVIEW, query_params={"review": chosen})

show_header("Queue")
show_examples_hint()
show_queue()
