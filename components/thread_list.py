"""The list of threads: how many there are, its rows, and why it is empty."""

from __future__ import annotations

import streamlit as st

from components import places
from components.review_rows import thread_row
from components.rows import show_rows
from components.session import desk, redraw
from components.thread_filters import ORDERS, SIZE, Look, clear_search
from components.words import escaped

PAGE_SIZE = 50
TICK = 2
TICK_OF_SEARCH = 10  # seconds: it reads every title
OPENS = "open_thread"


def show_threads(look: Look) -> None:
    """Renewed by itself; what is opened is in the session under `OPENS`."""
    st.fragment(lambda: _show(look), run_every=TICK_OF_SEARCH if look.words else TICK, key="threads_list")()


def _show(look: Look) -> None:
    threads = desk().ledger.threads
    shown = threads.page(search=look.words, order=look.order, limit=st.session_state.get(SIZE, PAGE_SIZE))
    every = sum(threads.counts().values())
    total = threads.count(search=look.words) if look.words else every
    _show_summary(look, total, every)
    if shown:
        rows = [thread_row(thread) for thread in shown]
        show_rows(rows, label="Threads", key="threads", on_open=_open, view=f"{look.order} {look.words}")
    else:
        _show_empty(look, every)
    if total > len(shown):
        st.button(f"Show more ({total - len(shown)} left)", on_click=_more, key="threads_more")
    if st.session_state.get(OPENS):
        st.rerun()


def _show_summary(look: Look, total: int, every: int) -> None:
    told = f"{every} {'thread' if every == 1 else 'threads'}"
    if look.words:
        told = f"{total} of {told}"
    st.markdown(f":gray[{told}, {ORDERS[look.order].lower()}]")


def _show_empty(look: Look, every: int) -> None:
    if not every:
        st.info("There is no thread yet. Start a graph to make one.", icon=":material/account_tree:")
        st.page_link(places.START, label="Start a graph", icon=":material/play_circle:")
        return
    st.info(f"No thread has “{escaped(look.words)}” in its title.", icon=":material/search_off:")
    st.button("Clear the search", key="threads_clear", icon=":material/filter_list_off:", type="tertiary",
              on_click=_clear)  # fmt: skip


def _clear() -> None:
    clear_search()
    redraw()


def _open(thread_id: str) -> None:
    st.session_state[OPENS] = thread_id


def _more() -> None:
    st.session_state[SIZE] = st.session_state.get(SIZE, PAGE_SIZE) + PAGE_SIZE
