"""One review, whole: open, with the form that decides it, or decided, with the run that follows."""

from __future__ import annotations

import streamlit as st

from components.actions import asks_for_several
from components.answer import keep_refusal
from components.care import note_shown
from components.changed import as_shown, show_change
from components.decision import Intent, decide, offered, read_intent, show_choice, show_submit, show_unrecorded
from components.keys import show_keys
from components.kin import show_replaced, show_siblings
from components.meanwhile import show_meanwhile
from components.notes import show_notes
from components.other_ways import show_other_ways, show_state_beside
from components.outcome import show_decision, show_next, show_run
from components.presence import show_presence
from components.question import show_question
from components.request import show_request, show_request_facts
from components.revisions import earlier, show_edit, show_revisions
from components.session import act, notify, reviewer
from components.undo import show_undo
from components.who import take_name
from review.critical import LETS_THROUGH
from review.errors import Changed, ReviewError
from review.model import DecisionType, Review, ReviewStatus

OPEN = (ReviewStatus.PENDING, ReviewStatus.RESUME_FAILED)


def show_detail(review: Review) -> None:
    """What can be decided is open; anything else shows what became of it."""
    if review.status in OPEN and (offered(review) or asks_for_several(review)):
        show_open(review)
    else:
        show_decided(review)


def submit(intent: Intent) -> None:
    if (who := reviewer()) is None:
        notify("error", "Give your name first: the history says who decided. What you wrote is still here.")
        return
    try:
        decide(intent, who)
    except ReviewError as error:
        keep_refusal(intent.review_id, error)
        kept = " What you wrote is still here." * isinstance(error, Changed)
        notify("error", error.message + kept)


def send(review: Review, version: str, kind: DecisionType) -> None:
    """As the button does, from a key."""
    take_name()
    if intent := act(lambda: read_intent(review, version, kind)):
        submit(intent)


def press(review: Review, version: str, action: str) -> None:
    """What a key without a button of its own does."""
    kinds = offered(review)
    if action == "approve" and kinds[0] in LETS_THROUGH:
        send(review, version, kinds[0])
    elif action in ("edit", "reject") and DecisionType(action) in kinds:
        st.session_state[f"choice_{review.id}"] = DecisionType(action)
    elif action == "leave":
        st.session_state["leave_review"] = True


def show_open(review: Review) -> None:
    note_shown(review)
    shown = as_shown(review)
    with st.container():
        show_change(shown, review)
    subject, panel = st.columns([5, 3], gap="large")
    with panel:
        show_request_facts(review)
        kind = show_choice(review)
        show_submit(review, shown.version, kind, submit)
        show_presence(review)
        show_notes(review)
        show_other_ways(review)
        show_meanwhile(review)
        show_keys(
            {"submit": f"submit_{review.id}"},
            actions=("approve", "edit", "reject", "leave"),
            context=review.version,
            on_press=lambda action: press(review, shown.version, action),
        )
        show_siblings(review)
        show_replaced(review)
    with subject:
        show_question(review, kind, lambda: send(review, shown.version, kind))
        show_revisions(review, earlier(review))


def show_decided(review: Review) -> None:
    show_decision(review)
    with st.container():
        show_undo(review)
    kin = st.container()
    show_unrecorded(review)
    run, subject = st.columns([5, 4], gap="large")
    with run:
        ahead = st.container()
        show_run(review)
    # Read after the run: one that is found at its end has opened the reviews that follow.
    with ahead:
        show_next(review)
    with kin:
        show_replaced(review)
    with subject:
        show_edit(review)
        show_request(review)
        show_notes(review)
        show_siblings(review)
        show_state_beside(review)
    show_keys(
        {"next": "next", "undo": f"undo_{review.id}_button"}, actions=("leave",), context=review.id,
        on_press=lambda action: st.session_state.update(leave_review=True),
    )  # fmt: skip
