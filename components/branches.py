"""Two branches side by side: the steps that they share, those of each, and how their states differ."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import places
from components.differences import show_differences
from components.run import BEFORE_THE_FIRST
from components.session import desk
from components.story import filled
from components.words import THREAD, escaped
from review.errors import ReviewError
from review.model import Step, Thread
from review.redline import field_changes
from review.story import parted


def show_branches(one: Thread, other: Thread) -> None:
    """`one` at the left; what they have in common in a line above both."""
    try:
        ours, theirs = desk().steps(one.id), desk().steps(other.id)
    except ReviewError as error:
        st.warning(escaped(error.message), icon=":material/warning:")
        return
    shared = parted(ours, theirs)
    common = [_name(step) for step in ours[:shared] if _name(step)]
    st.markdown(f":gray[In common:] {escaped(', '.join(common) or 'nothing')}")
    left, right = st.columns(2, gap="large")
    with left:
        _show_branch(one, ours[shared:])
    with right:
        _show_branch(other, theirs[shared:])
    st.subheader("How their states differ", anchor=False)
    changes = field_changes(ours[-1].values if ours else {}, theirs[-1].values if theirs else {})
    show_differences(changes, _called(one), _called(other), "Both stand at the same values.")


def _show_branch(thread: Thread, steps: Sequence[Step]) -> None:
    word = THREAD[thread.status]
    st.subheader(_called(thread), anchor=False)
    st.badge(word.text, icon=f":material/{word.icon}:", color=word.tone)  # type: ignore[arg-type]
    for step in steps:
        what = f"changed {', '.join(step.changed)}" if step.changed else "changed nothing"
        st.markdown(f":material/check_circle: **{escaped(_name(step) or 'start')}** :gray[{escaped(what)}]")
    if not steps:
        st.markdown(":gray[No step of its own yet.]")
    st.page_link(places.THREADS, label="Open this thread", icon=":material/account_tree:",
                 query_params={"thread": thread.id})  # fmt: skip


def _called(thread: Thread) -> str:
    return f"Fork {thread.id[:8]}" if thread.origin_thread else f"Thread {thread.id[:8]}"


def _name(step: Step) -> str:
    if step.nodes in BEFORE_THE_FIRST:
        return "input" if filled(step) else ""
    return "state edited" if step.nodes == ("update",) else ", ".join(step.nodes)
