"""Threads: all of them with their status; one of them whole, to retry, cancel or close."""

import streamlit as st

from components.arrival import show_arrival_at
from components.header import show_header
from components.session import desk
from components.thread import show_thread
from components.thread_filters import read_look, show_filters
from components.thread_list import OPENS, show_threads


def thread_of(review_id: str | None) -> str | None:
    found = desk().ledger.reviews.some([review_id]) if review_id else {}
    return next((review.thread_id for review in found.values()), None)


if chosen := st.session_state.pop(OPENS, None):
    st.query_params["thread"] = chosen
# Streamlit puts a step between into the browser's history when it goes to another page: this one's path with the
# other's parameters. Back leads there, and finds the thread that it came from.
thread_id = st.query_params.get("thread") or thread_of(st.query_params.get("review"))
show_arrival_at(f"{thread_id} {st.query_params.get('beside')}" if thread_id else "the list")
if thread_id:
    show_thread(thread_id)
else:
    show_header("Threads", tools=show_filters)
    show_threads(read_look())
