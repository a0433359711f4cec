"""What if: at one step of a thread, another state or another decision, in a new thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.consent import has_consent, show_consent
from components.differences import show_differences
from components.forms import show_form
from components.session import GOES_ON, NOTICE, act, desk, dismiss_notice, notify, redraw
from components.state_form import editable_state, read_changes
from components.steps import name_of
from components.who import named, show_name
from components.words import escaped
from review.engine.base import Stood
from review.errors import ReviewError
from review.model import BUSY, OPEN, Review, Step, Thread
from review.redline import ABSENT, field_changes
from review.reviewers import Reviewer

WHAT_IF = "what_if"  # in the address: the checkpoint that is asked about
AS_IT_WAS = "The one that it came from is as it was."
STATE, DECISION = "Another state", "Another decision"


@dataclass(frozen=True)
class Place:
    """The step to begin a fork at."""

    thread: Thread
    checkpoint_id: str

    @property
    def key(self) -> str:
        return f"whatif_{self.checkpoint_id}"

    def kept(self, part: str) -> str:
        """Under which name the session keeps a part of what is asked here."""
        return f"{self.key}~{part}"

    @property
    def refused(self) -> str:
        """Why what was asked for here last was not done."""
        return str(st.session_state.get(self.kept("refused")) or "")


def ask_what_if(checkpoint_id: str, step: str) -> None:
    """The button beside a step."""

    def ask() -> None:
        dismiss_notice()
        st.query_params[WHAT_IF] = checkpoint_id

    st.button("What if", icon=":material/fork_right:", type="tertiary", key=f"what_if_{checkpoint_id}", on_click=ask,
              help=f"Begin a new thread after {escaped(step)}")  # fmt: skip


def show_what_if(thread: Thread, checkpoint_id: str, steps: Sequence[Step], reviews: Sequence[Review]) -> None:
    """What is asked, over the page, wherever on it the reader is; leaving it leaves everything as it was."""
    place = Place(thread, checkpoint_id)
    after = next((name_of(step) for step in steps if step.checkpoint_id == checkpoint_id), "")
    title = f"What if, after {escaped(after)}" if after else "What if"

    @st.dialog(title, width="large", on_dismiss=lambda: _leave(place))
    def ask() -> None:
        if place.refused:
            st.error(escaped(place.refused), icon=":material/error:")
        try:
            stood = desk().stood(thread.id, checkpoint_id)
            begun = desk().begun_since(thread, stood.at)
        except ReviewError as error:
            st.warning(escaped(error.message), icon=":material/warning:")
            return
        comes = ", ".join(stood.next) or "nothing, it is the end"
        st.markdown(
            f"A new thread begins where this one stood; next came {escaped(comes)}. This thread stays as it is."
        )
        asked = [review for review in reviews if review.checkpoint_id == checkpoint_id]
        ways = [DECISION, STATE] if asked else [STATE]
        way = st.segmented_control("Try", ways, default=ways[0], key=f"{place.key}_way", required=True)
        if way == DECISION:
            _show_decision(place, asked, begun)
        else:
            _show_state(place, stood, begun)

    ask()


def asked_to_decide(thread: Thread, reviews: Sequence[Review]) -> str | None:
    """Of a thread that was begun for another decision here: the review to take it on, once, when it is asked."""
    begun, node = st.session_state.get(GOES_ON) or ("", "")
    if not begun or (begun == thread.id and thread.status in BUSY):
        return None
    del st.session_state[GOES_ON]
    if begun != thread.id:  # one has gone to another
        return None
    waits = [review for review in reviews if review.status in OPEN]
    if (again := min(waits, key=lambda review: review.node != node, default=None)) is None:
        return None
    notify("success", f"This is asked again, in a new thread. {AS_IT_WAS}")
    return again.id


def _show_decision(place: Place, asked: Sequence[Review], begun: Sequence[str]) -> None:
    for review in asked:
        st.markdown(f":material/rate_review: {escaped(review.title)}")
    st.markdown(":gray[The same is asked again in the new thread, and opens there for your decision.]")
    may = show_consent(place.key, begun)
    show_name(place.key)
    with st.container(horizontal=True):
        _show_begin(place, "Decide in a new thread", None, may, node=asked[0].node)
        _show_leave(place)


def _show_state(place: Place, stood: Stood, begun: Sequence[str]) -> None:
    try:
        schema, start = editable_state(place.thread.graph, stood.values)
    except ReviewError as error:
        st.warning(escaped(error.message), icon=":material/warning:")
        return
    changes: dict[str, Any] | None = st.session_state.get(place.kept("changes"))
    if changes is None:
        show_form(schema, place.key, start)

        def preview() -> None:
            if read := _within(place, lambda: act(lambda: read_changes(schema, place.key, start))):
                st.session_state[place.kept("changes")] = read

        with st.container(horizontal=True):
            st.button("Preview the change", icon=":material/difference:", type="primary", key=f"{place.key}_preview",
                      on_click=preview)  # fmt: skip
            _show_leave(place)
        return
    before = {name: start.get(name, ABSENT) for name in changes}
    show_differences(field_changes(before, changes), "as it was", "what if", "", key=f"{place.key}_preview")
    may = show_consent(place.key, begun)
    show_name(place.key)
    with st.container(horizontal=True):
        _show_begin(place, "Begin the new thread", changes, may)
        st.button("Go on editing", key=f"{place.key}_back", on_click=lambda: _forget(place))
        _show_leave(place)


def _show_begin(place: Place, label: str, values: Mapping[str, Any] | None, may: bool, node: str = "") -> None:
    """Without `values`, for another decision on what `node` asks; once it `may`."""

    def fork(who: Reviewer) -> Thread:
        again = has_consent(place.key)
        return desk().fork(place.thread.id, place.checkpoint_id, who, values=values, repeat_actions=again)

    def asked_for() -> Any:
        who = named()
        return act(lambda: fork(who)) if who else None

    def begin() -> None:
        if made := _within(place, asked_for):
            _leave(place)
            st.query_params["thread"] = made.id
            notify("success", f"This is the new thread. {AS_IT_WAS}")
            if values is None:
                st.session_state[GOES_ON] = made.id, node  # the node that asks for the decision
            redraw()

    st.button(label, icon=":material/fork_right:", type="primary", key=f"{place.key}_begin", disabled=not may,
              on_click=begin)  # fmt: skip


def _show_leave(place: Place) -> None:
    def leave() -> None:
        _leave(place)
        redraw()

    st.button("Leave it", key=f"{place.key}_leave", on_click=leave)


def _within(place: Place, do: Callable[[], Any]) -> Any:
    """Do it, in a callback; a refusal is told over the page as well, since the page's own notice lies below."""
    done = do()
    notice = None if done else st.session_state.pop(NOTICE, None)
    st.session_state[place.kept("refused")] = notice.text if notice else ""
    return done


def _forget(place: Place) -> None:
    for part in ("changes", "refused"):
        st.session_state.pop(place.kept(part), None)


def _leave(place: Place) -> None:
    _forget(place)
    st.query_params.pop(WHAT_IF, None)
