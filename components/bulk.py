"""Several reviews at once: selected in the list, previewed one by one, decided one by one."""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import streamlit as st

from components.answer import has_unsent_edit
from components.begun import bring_back
from components.decision import LEFT_OUT
from components.last_batch import LastBatch, keep_last_batch
from components.opened import current, following, show_review
from components.reserving import GIVE_NAME, KIND, RESERVING, close_dialog, forget_dialog, show_reserving
from components.results import count_done, show_results, told_of_refused
from components.session import NAME_BESIDE_SEVERAL, act, desk, redraw, reviewer
from components.who import named, show_name
from components.words import DECISION, escaped
from review.model import DecisionType, Review

SELECTED, BATCH, ASKED = "queue_selected", "bulk_batch", "bulk_asked"
DIALOG = "several"  # the part of the page that the dialog is drawn in
KINDS = (DecisionType.APPROVE, DecisionType.REJECT)


def selected(shown: Sequence[Review]) -> list[Review]:
    """Those of the reviews on screen that are selected."""
    ids = set(st.session_state.get(SELECTED, ()))
    return [review for review in shown if review.id in ids]


def select(picked: Mapping[str, bool]) -> None:
    """Have each of these selected, or no longer; the others stay as they are."""
    rest = [each for each in st.session_state.get(SELECTED, ()) if each not in picked]
    st.session_state[SELECTED] = rest + [each for each, on in picked.items() if on]


def select_none() -> None:
    st.session_state[SELECTED] = []


def show_bulk_bar(chosen: Sequence[Review]) -> None:
    """What can be done with those that are selected."""
    if not chosen:
        return
    st.markdown(f"**{len(chosen)} selected**", width="content")
    ids = [review.id for review in chosen]
    asks: dict[str, tuple[str, str]] = {kind: (DECISION[kind].text, DECISION[kind].icon) for kind in KINDS}
    asks |= {verb: (verb, icon) for verb, icon in RESERVING.items()}
    for kind, (text, icon) in asks.items():
        st.button(f"{text}…", icon=f":material/{icon}:", key=f"bulk_{kind.lower()}", on_click=_open, args=(kind, ids))
    st.button("Clear", type="tertiary", key="bulk_clear", on_click=select_none)


def show_bulk_dialog() -> None:
    """The preview of what would be done, while one is asked for. It is no part of what renews itself: a dialog that is
    drawn once more while it closes leaves the page dead behind it."""
    kind = st.session_state.get(KIND)
    if not kind:
        return
    ids: list[str] = st.session_state[ASKED]
    if kind in RESERVING:
        show_reserving(kind, ids, st.session_state[BATCH])
    else:
        found = desk().ledger.reviews.some(ids)
        _preview([found[each] for each in ids if each in found], DecisionType(kind))


@st.dialog("Decide several", width="large", on_dismiss=forget_dialog)
def _preview(chosen: list[Review], kind: DecisionType) -> None:
    word = DECISION[kind]
    message, reason = "", None
    if kind == DecisionType.REJECT:
        if reasons := desk().shared_reasons([review.graph for review in chosen]):
            reason = st.pills("Reason, for all of them", reasons, key="bulk_reason", format_func=escaped)
        message = st.text_area("Why, for all of them", key="bulk_message", height=100)
    show_name("bulk", NAME_BESIDE_SEVERAL)
    items = [(review.id, review.version) for review in chosen]
    who = reviewer()
    results = desk().preview_many(items, kind, who, message=message, reason=reason) if who else ()
    st.markdown(f"**{count_done(results)} of {len(chosen)} would be decided**" if who else GIVE_NAME)
    show_results(results)
    if kind == DecisionType.APPROVE:
        decided = {each.review_id for each in results if each.done}
        _show_left_out([review for review in chosen if review.id in decided])
    fine = count_done(results)
    st.button(f"{word.text} {fine}", icon=f":material/{word.icon}:", type="primary", key="bulk_submit",
              disabled=not fine, on_click=_decide, args=(items, kind, _undo_seconds(chosen)))  # fmt: skip


def _show_left_out(approved: Sequence[Review]) -> None:
    """Whose text the approvals leave behind."""
    bring_back(*approved)
    if edited := [escaped(review.title) for review in approved if has_unsent_edit(review)]:
        st.warning(f"{LEFT_OUT}: {', '.join(edited)}", icon=":material/edit_off:")


def _undo_seconds(chosen: Sequence[Review]) -> float:
    """One time for all, so that one undo is for all: the longest of their graphs."""
    return max(desk().undo_seconds(review.graph) for review in chosen)


def _decide(items: list[tuple[str, str | None]], kind: DecisionType, seconds: float) -> None:
    """A second click on the same button sends the same batch again, and is the same decisions."""
    batch = st.session_state.get(BATCH)
    why: dict[str, Any] = {}
    if kind == DecisionType.REJECT:
        why = {"message": st.session_state.get("bulk_message") or "", "reason": st.session_state.get("bulk_reason")}
    if (who := named(NAME_BESIDE_SEVERAL)) and batch:
        made = act(lambda: desk().decide_many(items, kind, who, **why, undo_seconds=seconds, batch=batch))
        if made:
            until = time.time() + seconds if seconds else None
            keep_last_batch(LastBatch(made, "decided", told_of_refused(made.results), until))
            select_none()
            _open_next({result.review_id for result in made.results if result.done})
            close_dialog()
    redraw()


def _open_next(decided: Collection[str]) -> None:
    """In place of the open review, where that was among them."""
    if (shown := current()) and shown in decided:
        show_review(following(shown))


def _open(kind: str, ids: list[str]) -> None:
    st.session_state[KIND], st.session_state[ASKED] = kind, ids
    st.session_state[BATCH] = f"batch_{uuid.uuid4().hex}"
    redraw(DIALOG)
