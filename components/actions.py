"""Several actions in one review: a card for each with a decision of its own, or one decision for all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from components.answer import changed_in, read_fields_or_json, refused, show_fields_or_json
from components.subject import show_value
from components.words import DECISION, escaped
from components.your_changes import counted, show_your_changes
from review.contract import ActionRequest
from review.dialects import Form, Said
from review.dialects.base import form_of_action
from review.errors import BadInput
from review.model import DecisionType, Review, ReviewStatus

HINTS = {
    DecisionType.REJECT: ("Why it is rejected (optional)", "The agent reads it, and can try another way."),
    DecisionType.RESPOND: ("What the agent gets for the action's result", "For example: ask the customer first."),
}


def asks_for_several(review: Review) -> bool:
    """Whether it waits for a decision on each of several actions."""
    return review.status == ReviewStatus.PENDING and len(review.request.actions) > 1


@dataclass(frozen=True)
class Card:
    """One action's: what its widgets' keys end in, and the decisions that it offers."""

    key: str
    kinds: list[DecisionType]

    @property
    def fields(self) -> str:
        """The key of what holds the fields of its action."""
        return f"fields_{self.key}"


def open_card(review: Review) -> Card | None:
    """That of the first action that nothing is chosen for yet."""
    before = _refused(review)
    for place, action in enumerate(review.request.actions):
        key = _key(review, place)
        if not (st.session_state.get(f"choice_{key}") or (before and _kind(before[place]))):
            return Card(key, _kinds(action))
    return None


def show_cards(review: Review) -> None:
    """Each action: what it would do, and what is decided about it."""
    before = _refused(review)
    for place, action in enumerate(review.request.actions):
        with st.container(border=True, key=f"card_{_key(review, place)}"):
            _show_card(_key(review, place), place, action, before[place] if before else None)


def _show_card(key: str, place: int, action: ActionRequest, before: dict[str, object] | None) -> None:
    st.markdown(f"**{place + 1}. {escaped(action.name)}**")
    if action.description:
        st.markdown(action.description)
    kinds = _kinds(action)
    kind, form = st.session_state.get(f"choice_{key}"), _form(action, before)
    if kind == DecisionType.EDIT and form:
        with st.container(key=Card(key, kinds).fields):
            show_fields_or_json(form, f"form_{key}", f"draft_{key}", f"as_json_{key}")
    else:
        show_value(action.args)
    kind = st.segmented_control(
        f"Decision on {escaped(action.name)}",
        kinds,
        default=_kind(before),
        format_func=lambda kind: f":material/{DECISION[kind].icon}: {_word(kind)}",
        key=f"choice_{key}",
        persist_state="session",
        width="stretch",
        wrap=True,
    )
    if kind in HINTS:
        label, hint = HINTS[DecisionType(kind)]
        st.text_area(
            label,
            value=str(before["message"]) if before and before["type"] == kind else "",
            key=f"message_{kind}_{key}",
            placeholder=hint,
            height=80,
            persist_state="session",
        )
    if kind == DecisionType.EDIT and form:
        _show_changes(key, form, action)


def _show_changes(key: str, form: Form, action: ActionRequest) -> None:
    """What is changed of the action, folded: so the cards below stay where they are."""
    proposed = form_of_action([action], DecisionType.EDIT)
    if (before_and_after := changed_in(form, key, proposed)) is None:
        return
    with st.expander(counted(*before_and_after), icon=":material/difference:", key=f"your_changes_{key}"):
        show_your_changes(*before_and_after, key=key, label=action.name)


def read_cards(review: Review, reviewer: str) -> list[Said]:
    """The decision on each action, in their order; meant for a callback. Raises `BadInput`."""
    said = []
    before = _refused(review)
    for place, action in enumerate(review.request.actions):
        key, earlier = _key(review, place), before[place] if before else None
        kind = st.session_state.get(f"choice_{key}") or _kind(earlier)
        if kind is None:
            raise BadInput(f"Decide on every action first: {place + 1}. {action.name} is still open.")
        value, message = None, (st.session_state.get(f"message_{kind}_{key}") or "").strip()
        if kind == DecisionType.EDIT and (form := _form(action, earlier)):
            value = read_fields_or_json(form, f"form_{key}", f"draft_{key}", f"as_json_{key}")
        if kind == DecisionType.RESPOND and not message:
            raise BadInput(f"To answer {place + 1}. {action.name}, write what the agent gets for its result.")
        said.append(Said(DecisionType(kind), value, message, reviewer))
    return said


def show_for_all(review: Review, on_all: Callable[[DecisionType, str], None]) -> None:
    """One click for every action, where each of them allows it."""
    kinds = [DecisionType(kind) for kind in review.request.allowed_decisions]
    if not kinds:
        return
    st.markdown(":gray[Or the same for every action:]")
    with st.container(horizontal=True):
        for kind in kinds:
            label, icon = f"{_word(kind)} all", f":material/{DECISION[kind].icon}:"
            if kind == DecisionType.REJECT:
                with st.popover(label, icon=icon):
                    box = f"message_all_{review.id}"
                    st.text_area("Why (optional)", key=box, height=80, persist_state="session")
                    _all_button("Reject every action", icon, review, kind, on_all)
            else:
                _all_button(label, icon, review, kind, on_all)


def _all_button(
    label: str, icon: str, review: Review, kind: DecisionType, on_all: Callable[[DecisionType, str], None]
) -> None:
    def click() -> None:
        on_all(kind, st.session_state.get(f"message_all_{review.id}") or "" if kind == DecisionType.REJECT else "")

    st.button(label, icon=icon, key=f"all_{kind}_{review.id}", on_click=click)


def _form(action: ActionRequest, before: dict[str, object] | None) -> Form | None:
    form = form_of_action([action], DecisionType.EDIT)
    if form and before and before["type"] == DecisionType.EDIT and before["value"] is not None:
        return Form(form.schema, before["value"], form.free)
    return form


def _refused(review: Review) -> list[dict[str, object]] | None:
    """What was said to each action when the graph refused it, as the ledger keeps it."""
    last = refused(review)
    said = last.value if last else None
    if not isinstance(said, list) or len(said) != len(review.request.actions):
        return None
    return said if all(isinstance(each, dict) and "type" in each for each in said) else None


def _kind(before: dict[str, object] | None) -> DecisionType | None:
    return DecisionType(str(before["type"])) if before else None


def _kinds(action: ActionRequest) -> list[DecisionType]:
    return [DecisionType(kind) for kind in action.allowed_decisions]


def _word(kind: DecisionType) -> str:
    return "Answer" if kind == DecisionType.RESPOND else DECISION[kind].text


def _key(review: Review, place: int) -> str:
    return f"{review.id}_{place}"
