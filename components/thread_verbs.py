"""What can be done to a thread: assign its graph, retry, cancel, close; only what makes sense now."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.session import act, desk, notify, redraw, reviewer
from review.model import BUSY, WAITING, DecisionType, Review, ReviewKind, ReviewStatus, Thread, ThreadStatus
from review.reviewers import Reviewer


def show_verbs(thread: Thread, reviews: Sequence[Review]) -> None:
    """A button for each; closing asks first."""
    if not thread.graph and thread.status == ThreadStatus.INTERRUPTED:
        _show_assignment(thread)
    failed = next((review for review in reversed(reviews) if _can_retry(review)), None)
    with st.container(horizontal=True):
        if failed:
            _button("Retry", "refresh", "retry", lambda who: desk().decide(failed.id, DecisionType.RETRY, who))
        if thread.status in BUSY:
            _button("Cancel the run", "stop_circle", "cancel", lambda who: desk().cancel(thread.id, who))
        elif thread.status in WAITING:
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
        if (who := reviewer()) is None:
            notify("error", "Say who is reviewing first, at the top right: the history keeps it.")
        else:
            act(lambda: verb(who))
        redraw()

    st.button(label, icon=f":material/{icon}:", key=f"thread_{key}", on_click=click)
