"""A run's values as they stream in, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from components.session import desk
from components.subject import show_fields
from components.times import clock
from components.words import THREAD, escaped
from review.errors import ReviewError
from review.model import Step, Thread, ThreadStatus

BEFORE_THE_FIRST = (("input",), ("__start__",))  # the steps in which LangGraph takes the input
ACTIVE = (ThreadStatus.QUEUED, ThreadStatus.RUNNING)


def show_steps(steps: Sequence[Step], since: datetime | None = None) -> None:
    """The supersteps, oldest first, each with the values that it changed; those after `since` are open."""
    for step in steps:
        fresh = since is not None and step.at >= since and step.nodes not in BEFORE_THE_FIRST
        if step.nodes in BEFORE_THE_FIRST and not step.changed:
            continue
        nodes = "input" if step.nodes in BEFORE_THE_FIRST else ", ".join(step.nodes)
        what = f"changed {', '.join(step.changed)}" if step.changed else "changed nothing"
        with st.expander(f"**{escaped(nodes)}**  :gray[{escaped(what)}]", expanded=fresh, icon=_icon(step)):
            show_fields({key: value for key, value in step.changes.items() if value not in (None, "", [], {})})
            st.markdown(f":gray[Step {step.number}, {clock(step.at)}]")


def steps_so_far(thread_id: str) -> list[Step]:
    """The thread's steps; where they cannot be read, because its graph is gone say, a sentence instead."""
    try:
        return desk().steps(thread_id)
    except ReviewError as error:
        st.warning(escaped(error.message), icon=":material/warning:")
        return []


def show_state(thread: Thread) -> None:
    """One line on where the thread stands; its error, if it failed."""
    word = THREAD[thread.status]
    st.badge(word.text, icon=f":material/{word.icon}:", color=word.tone)  # type: ignore[arg-type]
    if thread.error:
        told = f" (log id {thread.error_id})" if thread.error_id else ""
        st.error(escaped(thread.error) + told, icon=":material/error:")


def _icon(step: Step) -> str:
    return ":material/input:" if step.nodes in BEFORE_THE_FIRST else ":material/check_circle:"
