"""The state of a thread as a tree with types, its messages as a conversation, and what the last step changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components.conversation import messages_in, show_conversation
from components.lazily import show_folded
from components.session import desk
from components.tree import show_tree
from components.words import escaped
from review.errors import ReviewError


def show_state_folded(thread_id: str, place: str) -> None:
    """The state behind a line that opens; what is not opened is not read."""
    show_folded("The state of the thread", "data_object", f"state_of_{place}", lambda: show_state_of(thread_id))


def show_state_of(thread_id: str) -> None:
    try:
        values = desk().state(thread_id).values
        steps = desk().steps(thread_id)
    except ReviewError as error:  # the graph is gone, or its checkpoints cannot be read
        st.warning(escaped(error.message), icon=":material/warning:")
        return
    if steps:
        nodes, changed = ", ".join(steps[-1].nodes), ", ".join(steps[-1].changed) or "nothing"
        st.markdown(f":gray[The last step, {escaped(nodes)}, changed:] {escaped(changed)}")
    with st.container(border=True):
        show_values(values)


def show_values(values: Any) -> None:
    """The state itself; messages in it as a conversation."""
    if not isinstance(values, Mapping):
        show_tree(values, types=True)
        return
    talks = {name: messages for name, value in values.items() if (messages := messages_in(value))}
    if rest := {name: value for name, value in values.items() if name not in talks}:
        show_tree(rest, types=True)
    elif not talks:
        st.markdown("The state is empty.")
    for name, messages in talks.items():
        st.markdown(f":gray[{escaped(name)}, {len(messages)} {'message' if len(messages) == 1 else 'messages'}]")
        show_conversation(messages)
