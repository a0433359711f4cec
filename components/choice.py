"""Which decision: those that a review offers, the one that is chosen, in the address when it is to edit."""

from __future__ import annotations

import streamlit as st

from components.actions import Card, asks_for_several, open_card
from components.answer import fields_key, form_for, is_text, refused
from components.care import is_unconfirmed
from components.draft import EDITOR
from components.keys import Mark
from components.made import is_answer
from components.opened import EDIT
from components.other_ways import is_editing
from components.session import reviewer
from components.words import DECISION
from review.critical import CONSENTS
from review.model import DecisionType, Review, ReviewStatus

KEYED = {
    DecisionType.APPROVE: "approve",
    DecisionType.EDIT: "edit",
    DecisionType.REJECT: "reject",
    DecisionType.RESPOND: "respond",
    DecisionType.IGNORE: "ignore",
}
WORDLESS = (DecisionType.APPROVE, DecisionType.IGNORE)  # nothing is typed for them
FOCUS = "focus_wished"


def offered(review: Review) -> list[DecisionType]:
    """The decisions that the form offers: what the request allows, or the retry of a resume that failed."""
    if review.status == ReviewStatus.RESUME_FAILED:
        return [DecisionType.RETRY]
    return [DecisionType(kind) for kind in review.request.allowed_decisions]


def show_choice(review: Review) -> DecisionType:
    """Which decision; the first one offered until another is picked. Several actions have a choice each, elsewhere."""
    kinds = offered(review)
    if asks_for_several(review):
        return DecisionType.RESPOND
    if len(kinds) == 1 or is_editing(review):
        return kinds[0]
    key = _key(review)
    with st.container(key="choice_wide"):
        st.segmented_control(
            "Decision",
            kinds,
            default=_at_first(review),
            required=True,
            format_func=lambda kind: f":material/{DECISION[kind].icon}: {word_of(review, kind)}",
            key=key,
            persist_state="session",
            width="stretch",
            wrap=True,
        )
    kind = chosen_kind(review)
    st.session_state[_last(review)] = kind
    _keep_in_address(kind)
    return kind


def chosen_kind(review: Review) -> DecisionType:
    """What is chosen now."""
    return DecisionType(st.session_state.get(_key(review)) or _at_first(review))


def is_chosen(review: Review, kind: DecisionType) -> bool:
    """Whether it is still the one, in a part of the page that is drawn by itself: the browser may send another choice
    along with what that part has to say, and then nothing else is drawn for it."""
    kinds = offered(review)
    return not is_editing(review) and kind == (kinds[0] if len(kinds) == 1 else chosen_kind(review))


def choose(review: Review, kind: DecisionType) -> None:
    """Choose it, in a callback; what is typed for it is typed into next."""
    st.session_state[_key(review)] = kind
    wish_for(review.id, field_of(review, kind))


def leave_editor(review: Review) -> bool:
    """Choose what was offered first, in a callback, where it was to edit; what was typed stays."""
    editing = not is_editing(review) and not asks_for_several(review) and chosen_kind(review) == DecisionType.EDIT
    if editing:
        st.session_state[_key(review)] = offered(review)[0]
    return editing


def field_of(review: Review, kind: DecisionType) -> str:
    """What is typed into for a decision of that kind."""
    form = form_for(review, kind)
    return f"message_{kind}_{review.id}" if form is None else EDITOR if is_text(form) else fields_key(review)


def wish_for(review_id: str, field: str) -> None:
    """Have the field of that key typed into next, in a callback."""
    wishes = st.session_state.get(FOCUS, ("", 0))[1] + 1
    st.session_state[FOCUS] = f"{field}#{review_id}-{wishes}", wishes


def wish_for_focus(review: Review) -> str:
    """The field of this review that is to be typed into."""
    wish: str = st.session_state.get(FOCUS, ("", 0))[0]
    return wish if f"#{review.id}-" in wish else ""


def marks_of(review: Review) -> dict[str, Mark]:
    """Which button of the choice has which key; of several actions, of the first that nothing is chosen for yet."""
    if is_editing(review):
        return {}
    if asks_for_several(review):
        return _marks_of_card(card) if (card := open_card(review)) else {}
    kinds = offered(review)
    if len(kinds) == 1:
        return {}
    typed: dict[DecisionType, str] = {kind: field_of(review, kind) for kind in kinds if kind not in WORDLESS}
    lets_through = chosen_kind(review) in (DecisionType.APPROVE, DecisionType.EDIT)
    marks = {
        KEYED[kind]: Mark(_key(review), place, kind != DecisionType.APPROVE or not lets_through, typed.get(kind, ""))
        for place, kind in enumerate(kinds, 1)
        if kind in KEYED
    }
    if chosen_kind(review) == DecisionType.EDIT:  # out of the editor, back to what was offered first
        marks["leave"] = Mark(_key(review), 1, lettered=False)
    return marks


def _marks_of_card(card: Card) -> dict[str, Mark]:
    typed: dict[DecisionType, str] = {
        DecisionType.EDIT: card.fields,
        DecisionType.REJECT: f"message_{DecisionType.REJECT}_{card.key}",
        DecisionType.RESPOND: f"message_{DecisionType.RESPOND}_{card.key}",
    }
    return {
        KEYED[kind]: Mark(f"choice_{card.key}", place, True, typed.get(kind, ""))
        for place, kind in enumerate(card.kinds, 1)
        if kind in KEYED
    }


def heard_of(review: Review) -> list[str]:
    """Which keys do something by themselves, whatever there is to choose from: to let through, where something does
    that; to edit, where the fields are there without a choice."""
    if is_editing(review) or asks_for_several(review):
        return []
    return ["approve"] * (consent_of(review) is not None) + ["edit"] * has_form(review)


def consent_of(review: Review) -> DecisionType | None:
    """What the key that approves decides. An edit lets through, too: where the review asks for that first."""
    kinds = offered(review)
    first = [kind for kind in kinds if kind in CONSENTS or kind == DecisionType.RETRY]
    return next(iter(first + [kind for kind in kinds[:1] if kind == DecisionType.EDIT]), None)


def texts_of(review: Review) -> list[str]:
    """Which other keys lead into a field: to edit, into a form that is there without a choice; to decide, into that for
    a name that was not given, or for the word that lets through what is critical."""
    ways = {"approve": DecisionType.APPROVE, "submit": chosen_kind(review)}
    asks = [action for action, kind in ways.items() if reviewer() is None or is_unconfirmed(review, kind)]
    return asks + ["edit"] * has_form(review)


def has_form(review: Review) -> bool:
    """Whether the one decision that is offered has fields to fill."""
    if is_editing(review) or asks_for_several(review) or len(offered(review)) > 1:
        return False
    return form_for(review, offered(review)[0]) is not None


def word_of(review: Review, kind: DecisionType) -> str:
    return "Answer" if is_answer(review, kind) else DECISION[kind].text


def _key(review: Review) -> str:
    return f"choice_{review.id}"


def _last(review: Review) -> str:
    return f"last_choice_{review.id}"


def _at_first(review: Review) -> DecisionType:
    kinds, last = offered(review), refused(review)
    if (chosen := st.session_state.get(_last(review))) in kinds:  # a widget's own state may go with its page
        return DecisionType(chosen)
    began = EDIT in st.query_params or f"draft_{review.id}" in st.session_state
    if began and DecisionType.EDIT in kinds:
        return DecisionType.EDIT
    return last.type if last and last.type in kinds else kinds[0]


def _keep_in_address(kind: DecisionType) -> None:
    if kind == DecisionType.EDIT and EDIT not in st.query_params:
        st.query_params[EDIT] = "1"
    elif kind != DecisionType.EDIT and EDIT in st.query_params:
        del st.query_params[EDIT]
