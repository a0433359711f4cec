"""One review, whole: open, with the form that decides it, or decided, with the run that follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from components.actions import asks_for_several
from components.answer import keep_refusal
from components.begun import bring_back, keep
from components.care import confirmation_key, note_none_shown, note_shown
from components.changed import as_shown, show_change
from components.choice import (
    choose,
    chosen_kind,
    consent_of,
    field_of,
    heard_of,
    leave_editor,
    marks_of,
    offered,
    show_choice,
    texts_of,
    wish_for,
    wish_for_focus,
)
from components.decision import Intent, decide, read_intent, show_submit, show_unrecorded
from components.fresh import fresh
from components.keys import show_keys
from components.kin import show_replaced, show_siblings
from components.meanwhile import show_meanwhile
from components.notes import show_notes
from components.opened import show_review
from components.other_ways import show_other_ways, show_state_beside
from components.outcome import show_decision, show_next, show_run
from components.presence import show_presence
from components.question import show_question
from components.refusals import in_words
from components.request import show_request, show_request_facts
from components.revisions import earlier, sentence, show_edit, show_revisions
from components.session import NAME_BESIDE_DECISION, act, desk, dismiss_notice, notify, redraw, reviewer
from components.undo import keys_of_decided, show_undo
from components.who import take_name
from review.errors import Changed, ReviewError
from review.model import OPEN, DecisionType, Review

PART = "detail"  # what a page in parts calls the one that a review is drawn in


@dataclass(frozen=True)
class Around:
    """What the page around a review adds to it. decided is called after a decision was recorded, leave by the key for
    it, both in a callback; buttons, listed and fields are keys of the page's own; following finds what *Next* opens,
    goes_on tells whether the list has anything else."""

    decided: Callable[[], None]
    leave: Callable[[], None]
    following: Callable[[], str | None] | None = None
    goes_on: Callable[[], bool] = lambda: False
    show_below_submit: Callable[[], None] = lambda: None
    buttons: Mapping[str, str] = field(default_factory=dict)
    listed: Sequence[str] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


def show_detail(review: Review, around: Around) -> None:
    """What can be decided is open; anything else shows what became of it."""
    is_open = review.status in OPEN and bool(offered(review) or asks_for_several(review))
    with fresh("detail", f"{review.id} {is_open}"):
        if is_open:
            show_open(review, around)
        else:
            show_decided(review, around)


def submit(intent: Intent, around: Around) -> None:
    if (who := reviewer()) is None:
        if decided := _decided_meanwhile(intent.review_id):
            notify("error", f"{decided}. Your decision was not recorded.")
        else:
            notify("error", "Give your name first: the history says who decided.")
            wish_for(intent.review_id, NAME_BESIDE_DECISION)
        redraw()
        return
    dismiss_notice()
    try:
        decide(intent, who)
        around.decided()
    except ReviewError as error:
        keep_refusal(intent.review_id, error)
        if "confirmation" in (error.details.get("errors") or {}):  # what it asks for is typed next
            wish_for(intent.review_id, confirmation_key(intent.review_id))
        kept = " What you wrote is still here." * isinstance(error, Changed)
        notify("error", in_words(error) + kept)
    redraw(first=PART)  # what became of the decision, and the next review, come before the lists around them


def _decided_meanwhile(review_id: str) -> str:
    """Who decided it, so that nobody gives a name for what can be decided no more."""
    try:
        return sentence(desk().review(review_id))
    except ReviewError:
        return ""


def send(review: Review, version: str, kind: DecisionType, around: Around) -> None:
    """As the button does, from a key."""
    if take_name() and (intent := act(lambda: read_intent(review, version, kind))):
        submit(intent, around)
    redraw()


def press(review: Review, version: str, action: str, around: Around) -> None:
    """What a key without a button of its own does. To let through is one key while that is what is chosen; anything
    else that was begun is not thrown away by a letter, which then only chooses."""
    kinds = offered(review)
    if action == "leave":
        if not leave_editor(review):  # the browser clicks by itself, once it has heard that the editor is open
            around.leave()
        redraw()
    if action not in heard_of(review):
        return
    if action == "edit":
        wish_for(review.id, field_of(review, kinds[0]))
        redraw()
    if first := consent_of(review):
        chosen = first if len(kinds) == 1 else chosen_kind(review)
        if chosen in (first, DecisionType.EDIT):
            send(review, version, chosen, around)
        choose(review, first)
    redraw()


def show_open(review: Review, around: Around) -> None:
    note_shown(review)
    bring_back(review)
    shown = as_shown(review)
    asked = desk().ledger.reviews.of_thread(review.thread_id)
    before = earlier(review, asked)
    with st.container():
        show_change(shown, review)
    subject, panel = st.columns([5, 3], gap="large")
    with panel:
        show_request_facts(review)
        kind = show_choice(review)
        show_submit(review, shown.version, kind, lambda intent: submit(intent, around))
        around.show_below_submit()
        _show_skip(around)
        show_presence(review)
        show_notes(review)
        show_other_ways(review)
        show_meanwhile(review)
        _show_keys_of_open(review, shown.version, around)
        show_siblings(review, asked)
        show_replaced(review, asked)
    with subject:
        with fresh("question", f"{review.version} {kind}"):
            show_question(review, kind, before, lambda: send(review, shown.version, kind, around))
        show_revisions(review, before)
    keep(review)


def _show_skip(around: Around) -> None:
    """The next one of the list, with nothing decided on this one. Which that is, is found when it is asked for."""
    if around.goes_on():
        st.button("Skip to the next", icon=":material/skip_next:", type="tertiary", key="next", on_click=_skip,
                  args=(around,))  # fmt: skip


def _skip(around: Around) -> None:
    if around.following and (other := around.following()):
        show_review(other)
    else:
        notify("info", "No other review of this list waits for you.")
    redraw()


def _show_keys_of_open(review: Review, version: str, around: Around) -> None:
    show_keys(
        {"submit": f"submit_{review.id}", "claim": f"presence_row_{review.id}"} | dict(around.buttons),
        actions=(*heard_of(review), "leave"),
        listed=around.listed,
        marks=marks_of(review),
        focus=wish_for_focus(review),
        texts=texts_of(review),
        fields=around.fields,
        context=f"{review.id} {review.version}",
        on_press=lambda action: press(review, version, action, around),
        on_late=lambda: show_review(review.id),  # its address is as old as the press
    )


def show_decided(review: Review, around: Around) -> None:
    note_none_shown()
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
        show_next(review, around.following() if around.following else None)
    asked = desk().ledger.reviews.of_thread(review.thread_id)
    with kin:
        show_replaced(review, asked)
    with subject:
        show_edit(review)
        st.header("What was asked", anchor=False)
        show_request(review, earlier(review, asked))
        show_notes(review)
        show_siblings(review, asked)
        show_state_beside(review)
    show_keys(
        dict(around.buttons) | {"next": "next"} | keys_of_decided(review),
        actions=("leave",), listed=around.listed, fields=around.fields, context=review.id,
        on_press=lambda _: _leave(around),
    )  # fmt: skip


def _leave(around: Around) -> None:
    around.leave()
    redraw()
