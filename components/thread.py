"""One thread: where it stands, its reviews, its steps, and what can be done to it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components import places
from components.header import show_header
from components.review_rows import review_row
from components.rows import show_rows
from components.run import ACTIVE, show_state, show_steps
from components.session import act, desk, fetch, notify, reviewer
from components.state import show_state_folded
from components.state_form import Editing, show_edit_switch, show_state_form
from components.subject import show_facts
from components.times import clock
from review.errors import ReviewError
from review.model import DecisionType, Review, Reviewer, ReviewKind, ReviewStatus, Thread, ThreadStatus

TICK = 1
STANDING = (ThreadStatus.INTERRUPTED, ThreadStatus.FAILED)


def show_thread(thread_id: str) -> None:
    """The page of one thread, or the sentence that there is none."""
    thread = fetch(lambda: desk().thread(thread_id))
    st.button("All threads", icon=":material/arrow_back:", type="tertiary", on_click=st.query_params.clear, key="back")
    if chosen := st.session_state.pop("open_review", None):
        st.switch_page(places.REVIEW, query_params={"review": chosen})
    if thread is None:
        show_header("Thread")
        return
    show_header(thread.title or f"Thread of {thread.graph or 'another program'}")
    reviews = desk().ledger.reviews.of_thread(thread_id)
    left, right = st.columns([5, 3], gap="large")
    editing = Editing(thread.id, thread.graph, thread.id)
    editable = bool(thread.graph) and thread.status in STANDING
    with left:
        if editable and editing.is_on:
            show_state_form(editing)
        _show_run(thread)
        if thread.graph:
            show_state_folded(thread.id, thread.id)
    with right:
        _show_verbs(thread, reviews)
        if editable:
            show_edit_switch(editing, "Edit the state")
        show_facts({"Graph": thread.graph, "Thread": thread.id, "Started": clock(thread.created_at)})
        if reviews:
            st.subheader("Reviews", anchor=False)
            show_rows([review_row(review) for review in reviews], label="Reviews", key="thread_reviews", on_open=_open)


def _show_run(thread: Thread) -> None:
    active = thread.status in ACTIVE

    @st.fragment(run_every=TICK if active else None, key=f"thread_{thread.id}")
    def tick() -> None:
        now = desk().thread(thread.id)
        show_state(now)
        try:
            show_steps(desk().steps(thread.id) if now.graph else ())
        except ReviewError as error:  # the graph is gone; the ledger still has its reviews
            st.warning(error.message, icon=":material/warning:")
        if active and now.status not in ACTIVE:
            st.rerun()

    tick()


def _show_verbs(thread: Thread, reviews: list[Review]) -> None:
    """Assign, retry, cancel, close: only those that make sense now."""
    if not thread.graph and thread.status == ThreadStatus.INTERRUPTED:
        _show_assignment(thread)
    failed = next((review for review in reversed(reviews) if _can_retry(review)), None)
    with st.container(horizontal=True):
        if failed:
            _button("Retry", "refresh", "retry", lambda who: desk().decide(failed.id, DecisionType.RETRY, who))
        if thread.status in ACTIVE:
            _button("Cancel the run", "stop_circle", "cancel", lambda who: desk().cancel(thread.id, who))
        elif thread.status in STANDING:
            with st.popover("Close", icon=":material/block:"):
                st.markdown("Closing ends the thread without running it further. Its open reviews are superseded.")
                _button("Close the thread", "block", "close", lambda who: desk().close_thread(thread.id, who))


def _show_assignment(thread: Thread) -> None:
    """Another program's thread, of which a person says what graph it is."""
    names = [graph.name for graph in desk().graphs() if not graph.error]
    st.selectbox("Graph", names, index=None, placeholder="Which graph is it of?", key="assigned_graph")
    if graph := st.session_state.get("assigned_graph"):
        _button("Assign the graph", "link", "assign", lambda who: desk().assign_graph(thread.id, graph, who))


def _can_retry(review: Review) -> bool:
    failed_node = review.kind == ReviewKind.FAILED and review.status == ReviewStatus.PENDING
    return failed_node or review.status == ReviewStatus.RESUME_FAILED


def _button(label: str, icon: str, key: str, verb: Callable[[Reviewer], object]) -> None:
    def click() -> None:
        who = reviewer()
        if who is None:
            notify("error", "Say who is reviewing first, at the top right: the history keeps it.")
        else:
            act(lambda: verb(who))

    st.button(label, icon=f":material/{icon}:", key=f"thread_{key}", on_click=click)


def _open(review_id: str) -> None:
    st.session_state["open_review"] = review_id
