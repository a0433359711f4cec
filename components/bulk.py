"""Several reviews at once: selected in the list, previewed one by one, decided one by one, undone together."""

from __future__ import annotations

import math
import time
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import streamlit as st

from components.opened import current, following, show_review
from components.reserving import (
    GIVE_NAME,
    KIND,
    RESERVING,
    close_dialog,
    count_done,
    forget_dialog,
    show_refused,
    show_reserving,
    show_results,
    told_of,
)
from components.session import NAME_BESIDE_SEVERAL, act, desk, notify, redraw, reviewer
from components.undo import LAST_BATCH
from components.who import named, show_name
from components.words import DECISION, escaped
from review.model import DecisionType, Review

SELECTED, BATCH, ASKED = "queue_selected", "bulk_batch", "bulk_asked"
DIALOG = "several"  # the part of the page that the dialog is drawn in
TICK = 1.0  # seconds; the countdown tells whole ones
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
        show_reserving(kind, ids)
    else:
        found = desk().ledger.reviews.some(ids)
        _preview([found[each] for each in ids if each in found], DecisionType(kind))


def show_last_batch() -> None:
    """What the last bulk decision did, with one undo for all of it while there is time."""
    if not (batch := st.session_state.get(LAST_BATCH)):
        return

    @st.fragment(run_every=TICK if _left(batch) > 0 else None, key="last_batch_lines")
    def tick() -> None:
        with st.container(border=True, key="last_batch"):
            made, refused, left = batch["done"], batch["refused"], _left(batch)
            st.markdown(f"**{made} decided{f', {len(refused)} not' if refused else ''}**")
            show_refused(refused)
            with st.container(horizontal=True, vertical_alignment="center"):
                if made and batch["until"] is not None:
                    told = f"Applied in **{math.ceil(left)} s**" if left > 0 else "Being applied"
                    st.markdown(told, width="content")
                    st.button("Undo all", icon=":material/undo:", key="undo_batch", on_click=_undo,
                              args=(batch["id"],), disabled=left <= 0)  # fmt: skip
                st.button("OK", type="tertiary", key="forget_batch", on_click=_forget)

    tick()


def _left(batch: dict[str, Any]) -> float:
    """Seconds in which all of it can be taken back."""
    return batch["until"] - time.time() if batch["until"] is not None else 0.0


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
    fine = count_done(results)
    st.button(f"{word.text} {fine}", icon=f":material/{word.icon}:", type="primary", key="bulk_submit",
              disabled=not fine, on_click=_decide, args=(items, kind, _undo_seconds(chosen)))  # fmt: skip


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
            refused = [told_of(result) for result in made.results if not result.done]
            until = time.time() + seconds if seconds else None
            st.session_state[LAST_BATCH] = {"id": made.id, "done": made.done, "refused": refused, "until": until}
            select_none()
            _open_next({result.review_id for result in made.results if result.done})
            close_dialog()
    redraw()


def _open_next(decided: Collection[str]) -> None:
    """In place of the open review, where that was among them."""
    if (shown := current()) and shown in decided:
        show_review(following(shown))


def _undo(batch: str) -> None:
    if who := named():
        taken = act(lambda: desk().undo_batch(batch, who))
        if taken:
            late = sum(not result.done for result in taken.results)
            undone = "decision is" if taken.done == 1 else "decisions are"
            told = f"{taken.done} {undone} undone" + (f"; {late} came too late." if late else ".")
            notify("info", told)
        st.session_state.pop(LAST_BATCH, None)
    redraw()


def _forget() -> None:
    st.session_state.pop(LAST_BATCH, None)
    redraw()


def _open(kind: str, ids: list[str]) -> None:
    st.session_state[KIND], st.session_state[ASKED] = kind, ids
    st.session_state[BATCH] = f"batch_{uuid.uuid4().hex}"
    redraw(DIALOG)
