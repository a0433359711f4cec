"""Several reviews decided at once: selected in the list, previewed one by one, recorded one by one, undone together."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.session import act, desk, notify, reviewer
from components.who import named, show_name
from components.words import DECISION, escaped
from review.bulk import Result
from review.model import DecisionType, Review

SELECTED, LAST, DECIDED = "queue_selected", "last_batch", "bulk_decided"
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
    st.button("Clear", type="tertiary", key="bulk_clear", on_click=select, args=([],))


def show_bulk_dialog(chosen: Sequence[Review]) -> None:
    """The preview of what would be done, while one is asked for."""
    if st.session_state.pop(DECIDED, False):  # what came of it stands outside this part of the page
        st.rerun()
    kind = st.session_state.get("bulk_kind")
    if kind and chosen:
        _preview(list(chosen), DecisionType(kind))


def show_last_batch() -> None:
    """What the last bulk decision did, with one undo for all of it while there is time."""
    batch = st.session_state.get(LAST)
    if not batch:
        return
    with st.container(border=True, key="last_batch"):
        made, refused = batch["done"], batch["refused"]
        st.markdown(f"**{made} decided{f', {len(refused)} not' if refused else ''}**")
        _show_refused(refused)
        with st.container(horizontal=True):
            if made:
                st.button("Undo all", icon=":material/undo:", key="undo_batch", on_click=_undo, args=(batch["id"],))
            st.button("OK", type="tertiary", key="forget_batch", on_click=lambda: st.session_state.pop(LAST, None))


@st.dialog("Decide several", width="large", on_dismiss=lambda: st.session_state.pop("bulk_kind", None))
def _preview(chosen: list[Review], kind: DecisionType) -> None:
    if st.session_state.get(DECIDED):
        st.rerun()
    word = DECISION[kind]
    message = ""
    if kind == DecisionType.REJECT:
        message = st.text_area("Why, for all of them", key="bulk_message", height=100)
    show_name("bulk")
    items = [(review.id, review.version) for review in chosen]
    who = reviewer()
    results = desk().preview_many(items, kind, who, message=message) if who else ()
    fine = [result for result in results if result.done]
    st.markdown(f"**{len(fine)} of {len(chosen)} would be decided**" if results else "Give your name to see more.")
    for result in fine:
        st.markdown(f"- {escaped(result.review.title if result.review else result.review_id)}")
    _show_refused([_told(result) for result in results if not result.done])
    st.button(f"{word.text} {len(fine)}", icon=f":material/{word.icon}:", type="primary", key="bulk_submit",
              disabled=not fine, on_click=_decide, args=(items, kind))  # fmt: skip


def _decide(items: list[tuple[str, str | None]], kind: DecisionType) -> None:
    message = st.session_state.get("bulk_message") or ""
    if (who := named()) is None:
        return
    seconds = desk().settings.undo_seconds
    made = act(lambda: desk().decide_many(items, kind, who, message=message, undo_seconds=seconds))
    if made:
        refused = [_told(result) for result in made.results if not result.done]
        st.session_state[LAST] = {"id": made.id, "done": made.done, "refused": refused}
        st.session_state.pop("bulk_kind", None)
        st.session_state[DECIDED] = True
        select([])


def _undo(batch: str) -> None:
    if who := named():
        taken = act(lambda: desk().undo_batch(batch, who))
        if taken:
            late = sum(not result.done for result in taken.results)
            told = f"{taken.done} decisions are undone" + (f"; {late} came too late." if late else ".")
            notify("info", told)
        st.session_state.pop(LAST, None)


def _claim(ids: list[str]) -> None:
    if who := named():
        results = desk().claim_many(ids, who)
        refused = [_told(result) for result in results if not result.done]
        st.session_state[DECIDED] = True
        notify("error" if refused else "success", " ".join(refused) or f"{len(results)} claimed.")


def _open(kind: DecisionType) -> None:
    st.session_state["bulk_kind"] = kind


def _told(result: Result) -> str:
    title = f"{result.review.title}: " if result.review else ""
    return f"{title}{result.error.message}" if result.error else title


def _show_refused(told: Sequence[str]) -> None:
    if told:
        st.warning("\n".join(f"- {escaped(each)}" for each in told), icon=":material/warning:")
