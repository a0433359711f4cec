"""Edit the state first, or close: what can be done at a breakpoint or a failed node beside going on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components.forms import keep_errors, peek, show_form
from components.session import act, desk, name_reviewer, notify, reviewer
from components.subject import show_value
from components.words import escaped
from review.errors import BadInput, ReviewError
from review.forms import MISSING, Given, inferred, wrong_with
from review.model import Review, Reviewer, ReviewKind, ReviewStatus
from review.plain import is_plain, plain


def can_edit_state(review: Review) -> bool:
    return review.status == ReviewStatus.PENDING and review.kind in (ReviewKind.BREAKPOINT, ReviewKind.FAILED)


def is_editing(review: Review) -> bool:
    return can_edit_state(review) and bool(st.session_state.get(f"edit_state_{review.id}"))


def show_state_values(review: Review) -> None:
    """What a breakpoint or a failed node stands on: the values that going on would go on with."""
    if not can_edit_state(review):
        return
    st.subheader("The state", anchor=False)
    try:
        values = plain(desk().state(review.thread_id).values)
    except ReviewError as error:  # the graph is gone, or its checkpoints cannot be read
        st.warning(error.message, icon=":material/warning:")
        return
    with st.container(border=True):
        show_value(values if values else "The state is empty.")


def show_other_ways(review: Review) -> None:
    """The switch to the state's form, and the way to end the thread, which asks first."""
    if not can_edit_state(review):
        return
    st.toggle("Edit the state first", key=f"edit_state_{review.id}", persist_state="session")
    with st.popover("Close", icon=":material/block:"):
        st.markdown("Closing ends the thread without running it further. Its open reviews are superseded.")
        st.button("Close the thread", key=f"close_{review.id}", on_click=lambda: _close(review))


def show_state_form(review: Review) -> None:
    """The state's values as a form, what would change, and the button that changes it."""
    try:
        values = desk().state(review.thread_id).values
        schema, start = _editable(review, values)
    except ReviewError as error:  # the graph is gone, or its checkpoints cannot be read
        st.warning(error.message, icon=":material/warning:")
        return
    key = f"state_{review.id}"
    with st.container(border=True):
        show_form(schema, key, start)
        if others := [name for name in values if name not in start]:
            st.markdown(f":gray[Not editable here, since JSON has no form for them: {escaped(', '.join(others))}]")
    changes = _changes(start, peek(schema, key, start).value)
    st.subheader("What changes", anchor=False)
    for name, value in changes.items():
        _show_change(name, start.get(name), value)
    if not changes:
        st.markdown(":gray[Nothing yet. What you change above is shown here before it is done.]")

    def apply() -> None:
        if changed := _read(schema, key, start):
            _change(review, changed)

    st.button(
        "Change the state",
        icon=":material/edit:",
        type="primary",
        key=f"apply_state_{review.id}",
        disabled=not changes,
        on_click=apply,
    )


def _close(review: Review) -> None:
    if who := _named():
        act(lambda: desk().close_thread(review.thread_id, who))


def _change(review: Review, values: dict[str, Any]) -> None:
    if who := _named():
        now = desk().review(review.id)
        if (now.version, now.status) != (review.version, review.status):
            notify("error", "The thread has moved on since this was shown, so its state was not changed. Look again.")
            return
        if act(lambda: desk().edit_state(review.thread_id, values, who)):
            notify("success", f"The state is changed: {', '.join(values)}. The thread goes on from there.")


def _named() -> Reviewer | None:
    """Who acts: the name just typed beside the button, too."""
    if name := st.session_state.get("name_with_decision"):
        name_reviewer(name)
    if (who := reviewer()) is None:
        notify("error", "Give your name first: the history says who did it.")
    return who


def _read(schema: Mapping[str, Any], key: str, start: Mapping[str, Any]) -> dict[str, Any]:
    """The changed keys; none, and what is wrong beside its field, where they do not fit."""
    given = peek(schema, key, start)
    changes = _changes(start, given.value)
    wrong = wrong_with(schema, Given(given.value, given.wrong))
    told = {path: text for path, text in wrong.items() if path.partition("/")[0] in changes}
    keep_errors(key, told)
    return {} if told else changes


def _editable(review: Review, values: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The part of the state that JSON can hold, and its schema: the graph's own, else that of the values."""
    if not isinstance(values, Mapping):
        raise BadInput("This graph's state is one value without keys, so there is nothing to edit by name.")
    start = {name: value for name, value in values.items() if is_plain(value)}
    declared = desk().graph(review.graph).input_schema or {}
    known = declared.get("properties") or {}
    fields = {name: known.get(name) or inferred(value) for name, value in start.items()}
    return {**declared, "type": "object", "properties": fields, "required": []}, start


def _changes(start: Mapping[str, Any], value: Any) -> dict[str, Any]:
    given = value if isinstance(value, dict) else {}
    kept = {name: item for name, item in given.items() if item is not MISSING}
    return {name: item for name, item in kept.items() if name not in start or not _same(item, start[name])}


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and repr(one) == repr(other)


def _show_change(name: str, before: Any, after: Any) -> None:
    left, right = st.columns(2)
    with left:
        st.markdown(f":gray[{escaped(name)} now]")
        show_value(before)
    with right:
        st.markdown(f":gray[{escaped(name)} then]")
        show_value(after)
