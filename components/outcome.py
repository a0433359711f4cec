"""After the decision: who made it, the resumed run's values as they arrive, and the way to the next review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import places
from components.revisions import sentence
from components.run import ACTIVE, show_state, show_steps, steps_so_far
from components.session import desk
from components.words import REVIEW, escaped
from review.model import Review, ReviewStatus, Thread, ThreadStatus

TICK = 0.5  # seconds between two looks at a run


def show_decision(review: Review) -> None:
    """One line: the decision, or why there is none."""
    word = REVIEW[review.status]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(word.text, icon=f":material/{word.icon}:", color=word.tone)  # type: ignore[arg-type]
        if review.decision:
            st.markdown(escaped(sentence(review.decision)))
        elif review.status == ReviewStatus.SUPERSEDED:
            st.markdown("The thread moved on before anybody decided.")
    if review.decision and review.decision.message:
        st.markdown(f"> {escaped(review.decision.message)}")


def show_run(review: Review) -> None:
    """The thread's steps since the decision, renewed while it runs."""
    since = review.decision.decided_at if review.decision else None
    thread = desk().thread(review.thread_id)
    active = thread.status in ACTIVE or review.status in (ReviewStatus.DECIDED, ReviewStatus.RESUMING)

    @st.fragment(run_every=TICK if active else None, key=f"run_{review.id}")
    def tick() -> None:
        now = desk().thread(review.thread_id)
        applied = desk().review(review.id).status not in _BEING_APPLIED
        st.subheader("The run", anchor=False)
        steps = steps_so_far(review.thread_id)
        show_state(now)
        if applied:
            _show_end(review, now, steps[-1].values if steps else {})
        show_steps([step for step in steps if since is None or step.at >= since], since)
        if active and now.status not in ACTIVE and applied:
            st.rerun()

    tick()


_BEING_APPLIED = (ReviewStatus.DECIDED, ReviewStatus.RESUMING)


def show_next(review: Review) -> None:
    """One click to the next review: of this thread first, then the one that waits longest."""
    reviews = desk().ledger.reviews
    here = reviews.of_thread(review.thread_id, status=[ReviewStatus.PENDING])
    following = here or reviews.page(limit=1)
    with st.container(horizontal=True, vertical_alignment="center"):
        if following:
            label = "Review the new revision" if here else "Next review"
            st.button(label, type="primary", icon=":material/arrow_forward:", key="next", on_click=_open(following[0]))
        st.page_link(places.THREADS, label="The whole thread", query_params={"thread": review.thread_id})


def _open(review: Review) -> Any:
    return lambda: st.query_params.update({"review": review.id})


def _show_end(review: Review, thread: Thread, values: Any) -> None:
    match thread.status:
        case ThreadStatus.DONE if isinstance(values, Mapping) and values.get("published"):
            st.success(
                f"Published as {escaped(desk().settings.data_dir / str(values['published']))}",
                icon=":material/check_circle:",
            )
        case ThreadStatus.DONE:
            st.success("The graph has finished.", icon=":material/check_circle:")
        case ThreadStatus.INTERRUPTED if review.decision:
            st.info("The graph asks again.", icon=":material/pending_actions:")
