"""Edit the state of a thread that waits: a form made of the state's types, then what would change, then the change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.consent import has_consent, show_consent
from components.differences import show_differences
from components.forms import keep_errors, peek, show_form
from components.session import act, desk, notify, redraw
from components.who import named, show_name
from components.words import escaped
from review.engine.base import Snapshot
from review.errors import BadInput, ReviewError
from review.forms import MISSING, Given, inferred, wrong_with
from review.model import OPEN, Review, Thread
from review.plain import is_plain
from review.redline import ABSENT, field_changes
from review.schemas import first_of


@dataclass(frozen=True)
class Editing:
    """Whose state is edited, and where: `place` is the id of the review or of the thread on whose page it is."""

    thread_id: str
    graph: str
    place: str

    @property
    def key(self) -> str:
        """Of the form's widgets; another one after each new beginning."""
        begun = st.session_state.get(f"begun_state_{self.place}", 0)
        return f"state_{self.place}" + (f"_{begun}" if begun else "")

    @property
    def is_on(self) -> bool:
        return bool(st.session_state.get(f"edit_state_{self.place}"))


def show_edit_switch(editing: Editing, label: str) -> None:
    st.toggle(label, key=f"edit_state_{editing.place}", persist_state="session")


def show_state_form(editing: Editing) -> None:
    """The form with its button; after it, in its place, what would change with the button that changes it."""
    try:
        now = desk().state(editing.thread_id)
        schema, start = editable_state(editing.graph, now.values)
    except ReviewError as error:  # the graph is gone, or its checkpoints cannot be read
        st.warning(escaped(error.message), icon=":material/warning:")
        return
    if st.session_state.setdefault(f"{editing.key}~base", now.checkpoint_id) != now.checkpoint_id:
        _show_moved_on(editing)
    elif changes := st.session_state.get(f"{editing.key}~changes"):
        _show_preview(editing, start, changes, now)
    else:
        _show_fields(editing, schema, start, now)


def _show_moved_on(editing: Editing) -> None:
    st.warning("The thread has moved on since you began, so its state cannot be changed from here.")

    def again() -> None:
        place = f"begun_state_{editing.place}"
        st.session_state[place] = st.session_state.get(place, 0) + 1

    st.button("Begin again with the state as it is now", icon=":material/refresh:", key=f"again_{editing.place}",
              on_click=again)  # fmt: skip


def _show_fields(editing: Editing, schema: Mapping[str, Any], start: dict[str, Any], now: Snapshot) -> None:
    key = editing.key
    st.header("Edit the state", anchor=False)
    with st.container(border=True):
        show_form(schema, key, start)
        if others := [name for name in now.values if name not in start]:
            st.markdown(f":gray[Not editable here, since JSON has no form for them: {escaped(', '.join(others))}]")

    def preview() -> None:
        changes = act(lambda: read_changes(schema, key, start))
        if changes:
            st.session_state[f"{key}~changes"] = changes
        redraw()

    st.button(
        "Preview the change", icon=":material/difference:", type="primary", key=f"preview_state_{editing.place}",
        on_click=preview,
    )  # fmt: skip


def _show_preview(editing: Editing, start: Mapping[str, Any], changes: dict[str, Any], now: Snapshot) -> None:
    st.header("What changes", anchor=False)
    before = {name: start.get(name, ABSENT) for name in changes}
    show_differences(field_changes(before, changes), "now", "then", "", key=f"preview_{editing.place}")
    _show_consequences(editing.thread_id)
    may = show_consent(editing.key, desk().begun_in_step(editing.thread_id, now))
    show_name(editing.place)

    def back() -> None:
        st.session_state.pop(f"{editing.key}~changes", None)

    with st.container(horizontal=True):
        st.button("Change the state", icon=":material/edit:", type="primary", key=f"apply_state_{editing.place}",
                  disabled=not may, on_click=lambda: _change(editing, changes))  # fmt: skip
        st.button("Go on editing", key=f"back_state_{editing.place}", on_click=back)


def _show_consequences(thread_id: str) -> None:
    """Which reviews end with the change, and which answers are lost with it."""
    waiting = desk().ledger.reviews.of_thread(thread_id, status=OPEN)
    _show_named("Superseded, and asked anew where the graph comes to it again:", waiting)
    _show_named("Already answered, and asked anew, since the graph runs this step again:", desk().asked_anew(thread_id))


def _show_named(told: str, reviews: Sequence[Review]) -> None:
    if reviews:
        st.markdown(f"{told}\n" + "\n".join(f"- {escaped(review.title)}" for review in reviews))


def _change(editing: Editing, changes: dict[str, Any]) -> None:
    base = st.session_state.get(f"{editing.key}~base")
    if (who := named()) is None:
        return

    def change() -> Thread:
        again = has_consent(editing.key)
        return desk().edit_state(editing.thread_id, changes, who, checkpoint_id=base, repeat_actions=again)

    if act(change):
        st.session_state[f"edit_state_{editing.place}"] = False
        place = f"begun_state_{editing.place}"
        st.session_state[place] = st.session_state.get(place, 0) + 1
        notify("success", f"The state is changed: {', '.join(changes)}. The thread goes on from there.")
    redraw()


def read_changes(schema: Mapping[str, Any], key: str, start: Mapping[str, Any]) -> dict[str, Any]:
    """The changed keys. Raises `BadInput` where there are none, or, with each beside its field, where they do not
    fit."""
    given = peek(schema, key, start)
    changes = _changes(start, given.value)
    wrong = wrong_with(schema, Given(given.value, given.wrong))
    unread = {"/".join(path) for path in given.wrong}
    told = {path: text for path, text in wrong.items() if path.partition("/")[0] in changes or path in unread}
    keep_errors(key, told)
    if told:
        raise BadInput(f"This does not fit yet. {first_of(told, given.value, 'The state')}", errors=told)
    if not changes:
        raise BadInput("Nothing is changed yet. Change a field first.")
    return changes


def editable_state(graph: str, values: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The part of the state that JSON can hold, and its schema: the graph's own, else that of the values."""
    if not isinstance(values, Mapping):
        raise BadInput("This graph's state is one value without keys, so there is nothing to edit by name.")
    start = {name: value for name, value in values.items() if is_plain(value)}
    declared = desk().graph(graph).input_schema or {}
    known = declared.get("properties") or {}
    fields = {name: known.get(name) or inferred(value) for name, value in start.items()}
    return {**declared, "type": "object", "properties": fields, "required": []}, start


def _changes(start: Mapping[str, Any], value: Any) -> dict[str, Any]:
    given = value if isinstance(value, dict) else {}
    kept = {name: item for name, item in given.items() if item is not MISSING}
    return {name: item for name, item in kept.items() if name not in start or not _same(item, start[name])}


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and repr(one) == repr(other)
