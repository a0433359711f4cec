"""Start: choose a graph, fill its input, watch its values stream until it pauses."""

import streamlit as st

from components import places
from components.graph_choice import show_graphs
from components.graph_input import read_input, show_input
from components.header import show_header
from components.many import show_many
from components.run import show_watch
from components.session import act, desk, name_reviewer, reviewer
from components.words import escaped
from review.errors import ReviewError
from review.model import ReviewStatus
from review.registry import GraphInfo
from review.reviewers import Reviewer


def start(graph: GraphInfo) -> None:
    if not name_reviewer(st.session_state.get("name_with_start") or ""):
        return
    who = reviewer() or Reviewer("someone")
    thread = act(lambda: desk().start(graph.name, read_input(graph), who))
    if thread:
        st.query_params["thread"] = thread.id


def show_thread(thread_id: str) -> None:
    try:
        thread = desk().thread(thread_id)
    except ReviewError as error:
        st.error(escaped(error.message), icon=":material/error:")
        return
    st.header(escaped(thread.title or "The run"), anchor=False)
    for review in desk().ledger.reviews.of_thread(thread_id, status=[ReviewStatus.PENDING]):
        st.page_link(
            places.REVIEW,
            label=f"Open the review: {escaped(review.title)}",
            icon=":material/rate_review:",
            query_params={"review": review.id},
        )
    st.page_link(
        places.THREADS, label="Open the thread", icon=":material/account_tree:", query_params={"thread": thread_id}
    )
    show_watch(thread_id)


show_header("Start", "Choose a graph and give it its input; what it asks comes to the queue.")
form, run = st.columns([1, 1], gap="large")
with form:
    if chosen := show_graphs(desk().graphs()):
        show_input(chosen)
        if reviewer() is None:
            st.text_input("Your name (optional)", key="name_with_start", max_chars=80)
        st.button("Start", type="primary", icon=":material/play_arrow:", key="start", on_click=start, args=(chosen,))
        show_many(chosen)
with run:
    if started := st.query_params.get("thread"):
        show_thread(started)
    else:
        st.info("The values of the run will stream in here, step by step.", icon=":material/play_circle:")
