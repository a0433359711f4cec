"""Several reviews decided at once: selected in the list, previewed one by one, recorded one by one, undone together."""

from __future__ import annotations

import math
import time
import uuid
from collections.abc import Sequence
from typing import Any

import streamlit as st

from components.session import (
    ACTED,
    NAME_BESIDE_ASSIGN,
    NAME_BESIDE_SEVERAL,
    NAME_LENGTH,
    act,
    desk,
    notify,
    redraw,
    reviewer,
)
from components.who import named, show_name
from components.words import DECISION, escaped
from review.bulk import Result
from review.model import DecisionType, Review

SELECTED, LAST, BATCH, KIND = "queue_selected", "last_batch", "bulk_batch", "bulk_kind"
TICK = 0.5
KINDS = (DecisionType.APPROVE, DecisionType.REJECT)


def selected(shown: Sequence[Review]) -> list[Review]:
    """Those of the reviews on screen that are selected."""
    ids = set(st.session_state.get(SELECTED, ()))
    return [review for review in shown if review.id in ids]


def select(ids: Sequence[str]) -> None:
    st.session_state[SELECTED] = list(ids)


def show_bulk_bar(chosen: Sequence[Review]) -> None:
    """What can be done with those that are selected."""
    if not chosen:
        return
    st.markdown(f"**{len(chosen)} selected**", width="content")
    for kind in KINDS:
        word = DECISION[kind]
        st.button(f"{word.text}…", icon=f":material/{word.icon}:", key=f"bulk_{kind}", on_click=_open, args=(kind,))
    ids = [review.id for review in chosen]
    st.button("Claim", icon=":material/front_hand:", key="bulk_claim", on_click=_claim, args=(ids,))
    with st.popover("Assign…", icon=":material/person_add:"):
        show_name("assign", NAME_BESIDE_ASSIGN)
        st.text_input("To whom", key="bulk_to", max_chars=NAME_LENGTH)
        st.button("Assign", key="bulk_assign", on_click=_assign, args=(ids,))
    st.button("Clear", type="tertiary", key="bulk_clear", on_click=select, args=([],))


def show_bulk_dialog(chosen: Sequence[Review]) -> None:
    """The preview of what would be done, while one is asked for."""
    kind = st.session_state.get(KIND)
    if kind and chosen:
        _preview(list(chosen), DecisionType(kind))


def show_last_batch() -> None:
    """What the last bulk decision did, with one undo for all of it while there is time."""
    if not (batch := st.session_state.get(LAST)):
        return

    @st.fragment(run_every=TICK if _left(batch) > 0 else None, key="last_batch_lines")
    def tick() -> None:
        with st.container(border=True, key="last_batch"):
            made, refused, left = batch["done"], batch["refused"], _left(batch)
            st.markdown(f"**{made} decided{f', {len(refused)} not' if refused else ''}**")
            _show_refused(refused)
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


@st.dialog("Decide several", width="large", on_dismiss=lambda: st.session_state.pop(KIND, None))
def _preview(chosen: list[Review], kind: DecisionType) -> None:
    word = DECISION[kind]
    message = ""
    if kind == DecisionType.REJECT:
        message = st.text_area("Why, for all of them", key="bulk_message", height=100)
    show_name("bulk", NAME_BESIDE_SEVERAL)
    items = [(review.id, review.version) for review in chosen]
    who = reviewer()
    results = desk().preview_many(items, kind, who, message=message) if who else ()
    fine = [result for result in results if result.done]
    st.markdown(f"**{len(fine)} of {len(chosen)} would be decided**" if results else "Give your name to see more.")
    for result in fine:
        st.markdown(f"- {escaped(result.review.title if result.review else result.review_id)}")
    _show_refused([_told(result) for result in results if not result.done])
    st.button(f"{word.text} {len(fine)}", icon=f":material/{word.icon}:", type="primary", key="bulk_submit",
              disabled=not fine, on_click=_decide, args=(items, kind, _undo_seconds(chosen)))  # fmt: skip


def _undo_seconds(chosen: Sequence[Review]) -> float:
    """One time for all, so that one undo is for all: the longest of their graphs."""
    return max(desk().undo_seconds(review.graph) for review in chosen)


def _decide(items: list[tuple[str, str | None]], kind: DecisionType, seconds: float) -> None:
    """A second click on the same button sends the same batch again, and is the same decisions."""
    message, batch = st.session_state.get("bulk_message") or "", st.session_state.get(BATCH)
    if (who := named(NAME_BESIDE_SEVERAL)) and batch:
        made = act(lambda: desk().decide_many(items, kind, who, message=message, undo_seconds=seconds, batch=batch))
        if made:
            refused = [_told(result) for result in made.results if not result.done]
            until = time.time() + seconds if seconds else None
            st.session_state[LAST] = {"id": made.id, "done": made.done, "refused": refused, "until": until}
            st.session_state.pop(KIND, None)
            select([])
            st.session_state[ACTED] = True
            st.rerun()  # of the page as a whole: a part of it cannot close the dialog
    redraw()


def _undo(batch: str) -> None:
    if who := named():
        taken = act(lambda: desk().undo_batch(batch, who))
        if taken:
            late = sum(not result.done for result in taken.results)
            undone = "decision is" if taken.done == 1 else "decisions are"
            told = f"{taken.done} {undone} undone" + (f"; {late} came too late." if late else ".")
            notify("info", told)
        st.session_state.pop(LAST, None)
    redraw()


def _forget() -> None:
    st.session_state.pop(LAST, None)
    redraw()


def _claim(ids: list[str]) -> None:
    if who := named():
        _tell(desk().claim_many(ids, who), "claimed")
    redraw()


def _assign(ids: list[str]) -> None:
    to = (st.session_state.get("bulk_to") or "").strip()
    if not to:
        notify("error", "Say to whom: write a reviewer's name.")
    elif who := named(NAME_BESIDE_ASSIGN):
        _tell(act(lambda: desk().assign(ids, to, who)) or (), f"assigned to {to}")
    redraw()


def _tell(results: Sequence[Result], done: str) -> None:
    refused = [_told(result) for result in results if not result.done]
    fine = len(results) - len(refused)
    if results:
        notify("error" if refused else "success", " ".join([f"{fine} {done}." * (fine > 0), *refused]).strip())


def _open(kind: DecisionType) -> None:
    st.session_state[KIND], st.session_state[BATCH] = kind, f"batch_{uuid.uuid4().hex}"


def _told(result: Result) -> str:
    title = f"{result.review.title}: " if result.review else ""
    return f"{title}{result.error.message}" if result.error else title


def _show_refused(told: Sequence[str]) -> None:
    if told:
        st.warning("\n".join(f"- {escaped(each)}" for each in told), icon=":material/warning:")
