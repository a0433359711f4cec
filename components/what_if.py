"""What if: at one step of a thread, another state or another decision, in a new thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.forms import show_form
from components.session import act, desk, notify
from components.state_form import editable_state, read_changes, show_change_of
from components.who import named, show_name
from components.words import escaped
from review.engine.base import Stood
from review.errors import ActionsRepeated, ReviewError
from review.model import Review, Reviewer, Thread

STATE, DECISION = "Another state", "Another decision"


@dataclass(frozen=True)
class Place:
    """The step to begin a fork at."""

    thread: Thread
    checkpoint_id: str

    @property
    def key(self) -> str:
        return f"whatif_{self.checkpoint_id}"


def show_what_if(place: Place, reviews: Sequence[Review], on_done: Callable[[str | None], None]) -> None:
    """The panel; `on_done` gets the new thread's id, or None where the person leaves it."""
    try:
        stood = desk().stood(place.thread.id, place.checkpoint_id)
    except ReviewError as error:
        st.warning(escaped(error.message), icon=":material/warning:")
        return
    asked = [review for review in reviews if review.checkpoint_id == place.checkpoint_id]
    with st.container(border=True, key=f"{place.key}_panel"):
        st.subheader("What if", anchor=False)
        comes = ", ".join(stood.next) or "nothing, it is the end"
        st.markdown(
            f"A new thread begins where this one stood; next came {escaped(comes)}. This thread stays as it is."
        )
        ways = [DECISION, STATE] if asked else [STATE]
        way = st.segmented_control("Try", ways, default=ways[0], key=f"{place.key}_way", required=True)
        if way == DECISION:
            _show_decision(place, asked, on_done)
        else:
            _show_state(place, stood, on_done)


def _show_decision(place: Place, asked: Sequence[Review], on_done: Callable[[str | None], None]) -> None:
    for review in asked:
        st.markdown(f":material/rate_review: {escaped(review.title)}")
    st.markdown(":gray[The same is asked again in the new thread, and waits there in the queue.]")
    _show_consent(place)
    show_name(place.key)
    _show_buttons(place, "Ask again in a new thread", on_done, lambda who, may: _fork(place, who, None, may))


def _show_state(place: Place, stood: Stood, on_done: Callable[[str | None], None]) -> None:
    try:
        schema, start = editable_state(place.thread.graph, stood.values)
    except ReviewError as error:
        st.warning(escaped(error.message), icon=":material/warning:")
        return
    changes: dict[str, Any] | None = st.session_state.get(f"{place.key}~changes")
    if changes is None:
        show_form(schema, place.key, start)

        def preview() -> None:
            if read := act(lambda: read_changes(schema, place.key, start)):
                st.session_state[f"{place.key}~changes"] = read

        with st.container(horizontal=True):
            st.button("Preview the change", icon=":material/difference:", type="primary", key=f"{place.key}_preview",
                      on_click=preview)  # fmt: skip
            _leave(place, on_done)
        return
    for name, value in changes.items():
        show_change_of(name, start.get(name), value)
    _show_consent(place)
    show_name(place.key)
    _show_buttons(place, "Begin the new thread", on_done, lambda who, may: _fork(place, who, changes, may))


def _show_consent(place: Place) -> None:
    """What would be done a second time, once the desk has said so."""
    if repeated := st.session_state.get(f"{place.key}~repeated"):
        st.warning(escaped(repeated), icon=":material/warning:")
        st.checkbox("It may be done a second time", key=f"{place.key}_may_repeat")


def _show_buttons(
    place: Place, label: str, on_done: Callable[[str | None], None], make: Callable[[Reviewer, bool], Thread]
) -> None:
    def begin() -> None:
        if (who := named()) is None:
            return
        may_repeat = bool(st.session_state.get(f"{place.key}_may_repeat"))
        if made := act(lambda: make(who, may_repeat)):
            _forget(place)
            notify("success", "This is the new thread. The one that it came from is as it was.")
            on_done(made.id)

    with st.container(horizontal=True):
        st.button(label, icon=":material/fork_right:", type="primary", key=f"{place.key}_begin", on_click=begin)
        _leave(place, on_done)


def _leave(place: Place, on_done: Callable[[str | None], None]) -> None:
    def leave() -> None:
        _forget(place)
        on_done(None)

    st.button("Leave it", key=f"{place.key}_leave", on_click=leave)


def _fork(place: Place, who: Reviewer, values: Mapping[str, Any] | None, may_repeat: bool) -> Thread:
    try:
        return desk().fork(place.thread.id, place.checkpoint_id, who, values=values, repeat_actions=may_repeat)
    except ActionsRepeated as error:
        st.session_state[f"{place.key}~repeated"] = error.message
        raise


def _forget(place: Place) -> None:
    for part in ("changes", "repeated"):
        st.session_state.pop(f"{place.key}~{part}", None)
