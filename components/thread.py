"""One thread: the whole story, where it stands, its reviews, and what can be done to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components import places
from components.branches import show_branches
from components.graph_drawing import Marks, show_graph
from components.header import show_header
from components.review_rows import review_row
from components.rows import show_rows
from components.run import ACTIVE, show_state
from components.session import act, desk, fetch, notify, reviewer
from components.state import show_state_folded
from components.state_form import Editing, show_edit_switch, show_state_form
from components.story import show_story
from components.subject import show_facts
from components.times import clock
from components.what_if import Place, show_what_if
from components.words import escaped
from review.errors import ReviewError
from review.model import DecisionType, Review, Reviewer, ReviewKind, ReviewStatus, Step, Thread, ThreadStatus
from review.story import story_of

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
    if beside := st.query_params.get("beside"):
        _show_beside(thread, beside)
        return
    reviews = desk().ledger.reviews.of_thread(thread_id)
    left, right = st.columns([5, 3], gap="large")
    editing = Editing(thread.id, thread.graph, thread.id)
    editable = bool(thread.graph) and thread.status in STANDING
    with left:
        if editable and editing.is_on:
            show_state_form(editing)
        _show_story(thread, reviews)
        if thread.graph:
            show_state_folded(thread.id, thread.id)
    with right:
        _show_verbs(thread, reviews)
        if editable:
            show_edit_switch(editing, "Edit the state")
        if thread.graph:
            _show_drawing(thread)
        show_facts({"Graph": thread.graph, "Thread": thread.id, "Started": clock(thread.created_at)})
        _show_kin(thread)
        if reviews:
            st.subheader("Reviews", anchor=False)
            show_rows([review_row(review) for review in reviews], label="Reviews", key="thread_reviews", on_open=_open)


def _show_story(thread: Thread, reviews: Sequence[Review]) -> None:
    """It ticks while the thread runs. While it does not, *what if* may be asked, which concerns the whole page."""
    if thread.status not in ACTIVE:
        _draw_story(thread, lambda checkpoint_id: _show_what_if(thread, checkpoint_id, reviews))
        return

    @st.fragment(run_every=TICK, key=f"thread_{thread.id}")
    def tick() -> None:
        now = desk().thread(thread.id)
        _draw_story(now)
        if now.status not in ACTIVE:
            st.rerun()

    tick()


def _draw_story(thread: Thread, beside_step: Callable[[str], None] | None = None) -> None:
    show_state(thread)
    steps: list[Step] = []
    try:
        steps = desk().steps(thread.id) if thread.graph else []
    except ReviewError as error:  # the graph is gone; the ledger still has its reviews
        st.warning(escaped(error.message), icon=":material/warning:")
    asked = st.query_params.get("what_if")
    if beside_step is not None and asked and all(step.checkpoint_id != asked for step in steps):
        beside_step(asked)
    show_story(story_of(steps, desk().ledger.audit.entries(thread_id=thread.id)), beside_step)


def _show_what_if(thread: Thread, checkpoint_id: str, reviews: Sequence[Review]) -> None:
    """In the step, the button; below it, once it was asked for, the panel."""
    if st.query_params.get("what_if") == checkpoint_id:
        show_what_if(Place(thread, checkpoint_id), reviews, _leave_what_if)
        return

    def ask() -> None:
        st.query_params["what_if"] = checkpoint_id

    st.button("What if, from here", icon=":material/fork_right:", key=f"what_if_{checkpoint_id}", on_click=ask)


def _show_drawing(thread: Thread) -> None:
    @st.fragment(run_every=TICK if thread.status in ACTIVE else None, key=f"drawing_{thread.id}")
    def tick() -> None:
        try:
            shape, snapshot = desk().shape(thread.graph), desk().state(thread.id)
            done = {node for step in desk().steps(thread.id) for node in step.nodes}
        except ReviewError:  # told beside it
            return
        status = desk().thread(thread.id).status
        failed = {pause.root for pause in snapshot.pauses if pause.kind == ReviewKind.FAILED}
        ends = {"__start__"} | ({"__end__"} if status == ThreadStatus.DONE else set())
        show_graph(shape, Marks(done | ends, set(snapshot.next) - failed, failed))

    tick()


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


def _leave_what_if(fork_id: str | None) -> None:
    st.query_params.pop("what_if", None)
    if fork_id:
        st.query_params["thread"] = fork_id


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
