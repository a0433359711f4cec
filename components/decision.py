"""The decision form: values in, intent out. It reads what it drew by keys made from the review's id."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.actions import asks_for_several, read_cards, show_for_all
from components.answer import form_for, has_unsent_edit, left_over, parsed, read_value, refused
from components.care import chosen_reason, confirmation_key, seconds_shown, show_confirmation, show_reasons
from components.made import is_answer
from components.other_ways import is_editing
from components.reasons import reason_and_message
from components.session import act, desk, redraw, reviewer
from components.thumb import show_thumb_bar
from components.who import ask_no_more, show_name, take_name
from components.words import DECISION, escaped
from review.dialects import Said, form_of
from review.errors import BadInput
from review.model import DecisionType, Review, ReviewStatus
from review.reviewers import Reviewer

MESSAGES = {
    DecisionType.REJECT: ("Why it is rejected", "What is wrong, so that the next draft can do better."),
    DecisionType.RESPOND: ("Which changes you ask for", "For example: open with the result, and add an example."),
    DecisionType.APPROVE: ("Note", "Kept in the history."),
}
NEXT = {
    DecisionType.REJECT: "This is turned down as a whole: the graph gets your reason and takes it from there.",
    DecisionType.RESPOND: "This stays the basis: the graph gets your text, works it in and asks again.",
}


LEAVES_OUT = (DecisionType.APPROVE, DecisionType.RESPOND)  # for which one may think that an edit goes with them
LEFT_OUT = "Your edit is kept, but not sent with this"
NOT_SENT = f"{LEFT_OUT}. Choose Edit to send it."


@dataclass(frozen=True)
class Intent:
    """What the reviewer wants to record, on the version that was on screen; `said` has a decision for each action,
    where there are several."""

    review_id: str
    graph: str
    version: str
    type: DecisionType
    value: Any
    message: str
    said: tuple[Said, ...] = ()


def decide(intent: Intent, who: Reviewer) -> Review:
    """Record it, to be applied when the time for undo is over. A second click on the same button sends it again under
    the same key, and is the same decision."""
    key = str(st.session_state.setdefault(f"decision_{intent.review_id}_{intent.version}", uuid.uuid4().hex))
    terms: dict[str, Any] = {
        "version": intent.version,
        "undo_seconds": desk().undo_seconds(intent.graph),
        "key": key,
        "reason": chosen_reason(intent.review_id, intent.type),
        "confirmation": st.session_state.get(confirmation_key(intent.review_id)),
        "seconds_shown": seconds_shown(intent.review_id),
    }
    if intent.said:
        review = desk().decide_actions(intent.review_id, intent.said, who, **terms)
    else:
        review = desk().decide(intent.review_id, intent.type, who, value=intent.value, message=intent.message, **terms)
    ask_no_more(review.id)
    return review


def show_submit(review: Review, version: str, kind: DecisionType, on_submit: Callable[[Intent], None]) -> None:
    """The message, the reviewer's name where it is not known yet, and the button; the decision is on `version`."""
    if is_editing(review):  # going on would leave out what is being changed
        return
    if asks_for_several(review):
        _show_submit_actions(review, version, on_submit)
        return
    if _takes_message(review, kind):
        show_reasons(review, kind)
        _show_message(review, kind)
    show_confirmation(review, kind)
    show_name(review.id)
    leaves_out = kind in LEAVES_OUT and has_unsent_edit(review)
    label = _label(review, kind) + (" without my edit" if leaves_out and kind == DecisionType.APPROVE else "")
    _show_button(
        review, label, DECISION[kind].icon, lambda: read_intent(review, version, kind), on_submit, NOT_SENT * leaves_out
    )


def _show_submit_actions(review: Review, version: str, on_submit: Callable[[Intent], None]) -> None:
    """For several actions: one button for what was decided on each, and one click for all of them alike."""
    show_confirmation(review)
    show_name(review.id)

    def all_alike(kind: DecisionType, message: str) -> None:
        if take_name():
            act(lambda: on_submit(Intent(review.id, review.graph, version, kind, None, message)))

    def read() -> Intent:
        said = read_cards(review, who.name if (who := reviewer()) else "")
        return Intent(review.id, review.graph, version, DecisionType.RESPOND, None, "", tuple(said))

    _show_button(review, f"Submit {len(review.request.actions)} decisions", "check", read, on_submit)
    show_for_all(review, all_alike)


def _show_message(review: Review, kind: DecisionType) -> None:
    label, hint = MESSAGES[kind]
    if is_answer(review, kind):
        label, hint = "Your answer", ""
    elif kind in NEXT:
        st.markdown(f":gray[{escaped(NEXT[kind])}]")
    last = refused(review)
    said = reason_and_message(last.reason, last.message)[1] if last and last.type == kind else ""
    st.text_area(
        label + ("" if kind in review.request.message_required or is_answer(review, kind) else " (optional)"),
        value=said,
        key=f"message_{kind}_{review.id}",
        placeholder=hint,
        height=120,
        persist_state="session",
    )


def _show_button(
    review: Review,
    label: str,
    icon: str,
    read: Callable[[], Intent],
    on_submit: Callable[[Intent], None],
    told: str = "",
) -> None:
    """The button, below what is `told` of it, and under a thumb the bar that has both, too."""

    def submit() -> None:
        if take_name() and (intent := act(read)):
            on_submit(intent)
        redraw()

    with st.container(key="submit_wide"):
        if told:
            st.markdown(f":orange[{escaped(told)}]")
        st.button(
            label,
            icon=f":material/{icon}:",
            type="primary",
            width="stretch",
            key=f"submit_{review.id}",
            on_click=submit,
        )
    show_thumb_bar(review, label, icon, submit, told)


def _label(review: Review, kind: DecisionType) -> str:
    if kind == DecisionType.EDIT:
        return "Approve with my edits"
    return "Send the answer" if is_answer(review, kind) else DECISION[kind].text


def _takes_message(review: Review, kind: DecisionType) -> bool:
    if kind in (DecisionType.REJECT, *review.request.message_required):
        return kind in MESSAGES
    return kind == DecisionType.RESPOND and form_of(review, kind) is None


def read_intent(review: Review, version: str, kind: DecisionType) -> Intent:
    """What the widgets hold now; meant for a callback. Raises `BadInput`."""
    value = None
    if review.status != ReviewStatus.RESUME_FAILED and (form := form_for(review, kind)):
        value = read_value(review, form)
    message = st.session_state.get(f"message_{kind}_{review.id}") or ""
    return Intent(review.id, review.graph, version, kind, value, message)


def show_unrecorded(review: Review) -> None:
    """What was typed here and is not in the decision, because somebody else's came first: to be copied."""
    boxes = [st.session_state.get(f"message_{kind}_{review.id}") for kind in MESSAGES]
    forms = [form for kind in review.request.allowed_decisions if (form := form_of(review, DecisionType(kind)))]
    typed = [text for text in (*(left_over(review, form) for form in forms), *boxes) if text and text.strip()]
    if left := [text for text in dict.fromkeys(typed) if not _is_recorded(review, text)]:
        st.markdown("What you wrote was not recorded. It is kept here while this browser tab is open:")
        for text in left:
            st.code(text, language=None, wrap_lines=True, height=min(400, 60 + 24 * (len(text) // 70)))


def _is_recorded(review: Review, text: str) -> bool:
    if (made := review.decision) is None:
        return False
    if text in (made.message, made.value):
        return True
    try:
        return not isinstance(made.value, str) and bool(parsed(text) == made.value)
    except BadInput:
        return False
