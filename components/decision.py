"""The decision form: values in, intent out. It reads what it drew by keys made from the review's id."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.session import act, name_reviewer, reviewer
from components.words import DECISION
from review.errors import BadInput
from review.model import DecisionType, Review, ReviewStatus

TAKES_VALUE = (DecisionType.EDIT,)
MESSAGES = {
    DecisionType.REJECT: ("Why it is rejected", "What is wrong, so that the next draft can do better."),
    DecisionType.RESPOND: ("Which changes you ask for", "For example: open with the result, and add an example."),
    DecisionType.APPROVE: ("Note", "Kept in the history."),
}


@dataclass(frozen=True)
class Intent:
    """What the reviewer wants to record, on the version that was on screen."""

    review_id: str
    version: str
    type: DecisionType
    value: Any
    message: str


def offered(review: Review) -> list[DecisionType]:
    """The decisions that the form offers: what the request allows, or the retry of a resume that failed."""
    if review.status == ReviewStatus.RESUME_FAILED:
        return [DecisionType.RETRY]
    return [DecisionType(kind) for kind in review.request.allowed_decisions]


def show_choice(review: Review) -> DecisionType:
    """Which decision; the first one offered until another is picked."""
    kinds = offered(review)
    if len(kinds) == 1:
        return kinds[0]
    chosen = st.segmented_control(
        "Decision",
        kinds,
        default=kinds[0],
        required=True,
        format_func=lambda kind: f":material/{DECISION[kind].icon}: {DECISION[kind].text}",
        key=f"choice_{review.id}",
        persist_state="session",
        width="stretch",
    )
    return DecisionType(chosen or kinds[0])


def show_editor(review: Review, height: int = 480) -> None:
    """The subject as editable text; what is typed stays with the review, whatever else moves."""
    st.text_area(
        "Your version" if isinstance(review.request.subject, str) else "Your value, as JSON",
        value=_editable(review.request.subject),
        key=f"draft_{review.id}",
        height=height,
        persist_state="session",
    )


def show_submit(review: Review, kind: DecisionType, on_submit: Callable[[Intent], None]) -> None:
    """The message, the reviewer's name where it is not known yet, and the button."""
    if kind in MESSAGES and (kind == DecisionType.REJECT or kind in review.request.message_required):
        required = kind in review.request.message_required
        label, hint = MESSAGES[kind]
        st.text_area(
            label + ("" if required else " (optional)"),
            key=f"message_{kind}_{review.id}",
            placeholder=hint,
            height=120,
            persist_state="session",
        )
    if reviewer() is None:
        st.text_input("Your name", key="name_with_decision", max_chars=80, placeholder="As it stands in the history")

    def submit() -> None:
        if name := st.session_state.get("name_with_decision"):
            name_reviewer(name)
        if intent := act(lambda: read_intent(review, kind)):
            on_submit(intent)

    word = DECISION[kind]
    st.button(
        SUBMIT.get(kind, word.text),
        icon=f":material/{word.icon}:",
        type="primary",
        width="stretch",
        key=f"submit_{review.id}",
        on_click=submit,
    )


SUBMIT = {
    DecisionType.APPROVE: "Approve",
    DecisionType.EDIT: "Approve with my edits",
    DecisionType.RESPOND: "Ask for changes",
    DecisionType.REJECT: "Reject",
}


def read_intent(review: Review, kind: DecisionType) -> Intent:
    """What the widgets hold now; meant for a callback. The version is the one that was drawn. Raises `BadInput`."""
    value = None
    if kind in TAKES_VALUE:
        value = _value(review, st.session_state.get(f"draft_{review.id}"))
    message = st.session_state.get(f"message_{kind}_{review.id}") or ""
    return Intent(review.id, review.version, kind, value, message)


def show_unrecorded(review: Review) -> None:
    """What was typed here and is not in the decision, because somebody else's came first: to be copied."""
    boxes = [f"draft_{review.id}", *(f"message_{kind}_{review.id}" for kind in MESSAGES)]
    typed = [text for box in boxes if (text := st.session_state.get(box)) and text.strip()]
    if left := [text for text in typed if not _is_recorded(review, text)]:
        st.markdown("What you wrote was not recorded. It is kept here while this browser tab is open:")
        for text in left:
            st.code(text, language=None, wrap_lines=True, height=min(400, 60 + 24 * (len(text) // 70)))


def _is_recorded(review: Review, text: str) -> bool:
    known = [review.request.subject]
    if made := review.decision:
        if text == made.message:
            return True
        known.append(made.value)
    try:
        return _value(review, text) in known
    except BadInput:
        return False


def _editable(subject: Any) -> str:
    return subject if isinstance(subject, str) else json.dumps(subject, indent=2, ensure_ascii=False)


def _value(review: Review, text: str | None) -> Any:
    if text is None:
        return review.request.subject
    if isinstance(review.request.subject, str):
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadInput(f"Your value is not JSON: {error}. Mend it and submit again; it is kept.") from error
