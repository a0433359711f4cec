"""Two branches side by side: the steps that they share, those of each, and how their states differ."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import places
from components.badge import show_badge
from components.differences import show_differences
from components.session import desk
from components.steps import changed_by, is_told, name_of
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
    common = [name_of(step) for step in filter(is_told, ours[:shared])]
    st.markdown(f":gray[In common:] {escaped(', '.join(common) or 'nothing')}")
    left, right = st.columns(2, gap="large")
    names = _names(one, other)
    with left:
        _show_branch(names[0], one, ours[shared:])
    with right:
        _show_branch(names[1], other, theirs[shared:])
    st.header("How their states differ", anchor=False)
    changes = field_changes(ours[-1].values if ours else {}, theirs[-1].values if theirs else {})
    show_differences(changes, *names, "Both stand at the same values.", key=f"beside_{other.id}")


def _show_branch(name: str, thread: Thread, steps: Sequence[Step]) -> None:
    word = THREAD[thread.status]
    st.header(name, anchor=False)
    show_badge(word)
    for step in filter(is_told, steps):
        st.markdown(f":material/check_circle: **{escaped(name_of(step))}** :gray[{escaped(changed_by(step))}]")
    if not steps:
        st.markdown(":gray[No step of its own yet.]")
    st.page_link(places.THREADS, label="Open this thread", icon=":material/account_tree:",
                 query_params={"thread": thread.id})  # fmt: skip


def _names(one: Thread, other: Thread) -> tuple[str, str]:
    """What each is to the other."""
    if one.origin_thread == other.id:
        return "This fork", "Its origin"
    return "This thread", "Its fork" if other.origin_thread == one.id else "The other thread"
