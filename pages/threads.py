"""Threads: all of them with their status; one of them whole, to retry, cancel or close."""

import streamlit as st

from components import places
from components.arrival import show_arrival_at
from components.header import show_header
from components.review_rows import thread_row
from components.rows import show_rows
from components.session import desk
from components.thread import show_thread

PAGE_SIZE = 50


def open_thread(thread_id: str) -> None:
    st.session_state["open_thread"] = thread_id


def thread_of(review_id: str | None) -> str | None:
    found = desk().ledger.reviews.some([review_id]) if review_id else {}
    return next((review.thread_id for review in found.values()), None)


def more() -> None:
    st.session_state["threads_size"] = st.session_state.get("threads_size", PAGE_SIZE) + PAGE_SIZE


@st.fragment(run_every=2, key="threads_list")
def show_threads() -> None:
    threads = desk().ledger.threads
    shown, total = threads.page(limit=st.session_state.get("threads_size", PAGE_SIZE)), sum(threads.counts().values())
    st.markdown(f":gray[{total} {'thread' if total == 1 else 'threads'}, newest first]")
    if not shown:
        st.info("There is no thread yet. Start a graph to make one.", icon=":material/account_tree:")
        st.page_link(places.START, label="Start a graph", icon=":material/play_circle:")
    else:
        show_rows([thread_row(thread) for thread in shown], label="Threads", key="threads", on_open=open_thread)
    if total > len(shown):
        st.button(f"Show more ({total - len(shown)} left)", on_click=more, key="threads_more")
    if st.session_state.get("open_thread"):
        st.rerun()


if chosen := st.session_state.pop("open_thread", None):
    st.query_params["thread"] = chosen
# Streamlit puts a step between into the browser's history when it goes to another page: this one's path with the
# other's parameters. Back leads there, and finds the thread that it came from.
thread_id = st.query_params.get("thread") or thread_of(st.query_params.get("review"))
show_arrival_at(f"{thread_id} {st.query_params.get('beside')}" if thread_id else "the list")
if thread_id:
    show_thread(thread_id)
else:
    show_header("Threads")
    show_threads()
