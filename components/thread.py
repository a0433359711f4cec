"""One thread: the whole story, where it stands, its reviews, and what can be done to it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import places
from components.branches import show_branches
from components.graph_drawing import show_graph
from components.header import show_header
from components.review_rows import review_row
from components.revisions import show_comparison
from components.rows import show_rows
from components.run import show_state, show_trouble, show_written
from components.session import desk, fetch, redraw
from components.state import show_state_folded
from components.state_form import Editing, show_edit_switch, show_state_form
from components.story import show_story
from components.subject import show_facts
from components.thread_filters import leave_thread
from components.thread_verbs import show_verbs
from components.times import clock
from components.what_if import WHAT_IF, ask_what_if, asked_to_decide, show_what_if
from components.whole import Whole, read_whole
from components.words import escaped
from review.errors import ReviewError
from review.model import BUSY, WAITING, Review, Thread
from review.revisions import revisions_by_node

TICK = 1
STYLE = (places.ASSETS / "thread.css").read_text("utf-8")


def show_thread(thread_id: str) -> None:
    """The page of one thread, or the sentence that there is none."""
    whole = fetch(lambda: read_whole(thread_id))
    st.button("All threads", icon=":material/arrow_back:", type="tertiary", on_click=leave_thread,
              key="all_threads")  # fmt: skip
    if chosen := st.session_state.pop("open_review", None):
        st.switch_page(places.REVIEW, query_params={"review": chosen})
    if whole is None:
        show_header("Thread")
        return
    if asked_again := asked_to_decide(whole.thread, whole.reviews):
        st.switch_page(places.REVIEW, query_params={"review": asked_again})
    show_header(whole.thread.title or f"Thread of {whole.thread.graph or 'another program'}")
    if beside := st.query_params.get("beside"):
        _show_beside(whole.thread, beside)
    elif whole.thread.status in BUSY:
        _show_while_it_runs(whole)
    else:
        _show_whole(whole)
        if whole.thread.graph and (asked := st.query_params.get(WHAT_IF)):
            show_what_if(whole.thread, asked, whole.watched.steps, whole.reviews)


def _show_while_it_runs(first: Whole) -> None:
    """Drawn anew by itself. *What if* may be asked when it stands, which then concerns the page as a whole."""
    read = [first]

    @st.fragment(run_every=TICK, key=f"thread_{first.thread.id}")
    def tick() -> None:
        whole = read.pop() if read else read_whole(first.thread.id)
        _show_whole(whole)
        if whole.thread.status not in BUSY:
            st.rerun()

    tick()


def _show_whole(whole: Whole) -> None:
    st.html(f"<style>{STYLE}</style>")
    thread, waits = whole.thread, whole.thread.status in WAITING and bool(whole.thread.graph)
    left, right = st.columns([5, 3], gap="large")
    editing = Editing(thread.id, thread.graph, thread.id)
    with left:
        if waits and editing.is_on and WHAT_IF not in st.query_params:
            show_state_form(editing)
        _show_story(whole)
        for node, revisions in revisions_by_node(whole.reviews).items():
            title = escaped(revisions[-1].review.title)
            with st.expander(f"Compare the revisions of **{title}**", icon=":material/difference:"):
                show_comparison(revisions, f"{thread.id}_{node}")
        if thread.graph:
            show_state_folded(thread.id, thread.id)
    with right:
        show_verbs(thread, whole.reviews)
        if waits:
            show_edit_switch(editing, "Edit the state")
        if whole.shape:
            show_graph(whole.shape, whole.marks)
        show_facts({"Graph": thread.graph, "Thread": thread.id, "Started": clock(thread.created_at)})
        _show_kin(thread)
        _show_reviews(whole.reviews)


def _show_story(whole: Whole) -> None:
    stands = whole.thread.status not in BUSY and bool(whole.thread.graph)
    show_state(whole.thread)
    show_trouble(whole.watched)
    if stands and whole.watched.steps:
        st.markdown(
            ":gray[:material/fork_right: *What if* begins a new thread at that step, with another state or another "
            "decision. This thread stays as it is.]"
        )
    show_story(whole.moments, whole.reviews, ask_what_if if stands else None, whole.thread.title)
    show_written(whole.watched)


def _show_reviews(reviews: Sequence[Review]) -> None:
    if not reviews:
        return
    st.header("Reviews", anchor=False)
    show_rows([review_row(review) for review in reviews], label="Reviews", key="thread_reviews", on_open=_open)


def _show_kin(thread: Thread) -> None:
    """Where a fork came from, and the forks that came from here."""
    related = [(thread.origin_thread, "The thread that it was forked from")] if thread.origin_thread else []
    related += [(fork.id, f"Fork of {clock(fork.created_at)}") for fork in desk().ledger.forks.of(thread.id)]
    for other, label in related:
        with st.container(horizontal=True, gap="small"):
            st.page_link(places.THREADS, label=label, icon=":material/fork_right:", query_params={"thread": other})
            st.page_link(places.THREADS, label="Side by side", icon=":material/compare:",
                         query_params={"thread": thread.id, "beside": other})  # fmt: skip


def _show_beside(thread: Thread, beside: str) -> None:
    st.page_link(places.THREADS, label="Back to the thread", icon=":material/arrow_back:",
                 query_params={"thread": thread.id})  # fmt: skip
    try:
        show_branches(thread, desk().thread(beside))
    except ReviewError as error:
        st.warning(escaped(error.message), icon=":material/warning:")


def _open(review_id: str) -> None:
    st.session_state["open_review"] = review_id
    redraw()
