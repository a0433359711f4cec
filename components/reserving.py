"""Several reviews claimed or assigned at once, and what would become of each, told before."""

from __future__ import annotations

import streamlit as st

from components.last_batch import LastBatch, keep_last_batch
from components.results import count_done, show_results, told_of_refused
from components.session import ACTED, NAME_BESIDE_ASSIGN, NAME_LENGTH, act, desk, notify, redraw, reviewer
from components.times import lasting
from components.who import named, show_name
from components.words import escaped
from review.errors import HeldByOther, ReviewError
from review.model import Review, now
from review.names import same_name

CLAIM, ASSIGN = "Claim", "Assign"
KIND = "bulk_kind"  # what the dialog is about, while one is open
RESERVING = {CLAIM: "front_hand", ASSIGN: "person_add"}
GIVE_NAME = "Give your name to see more."


def forget_dialog() -> None:
    st.session_state.pop(KIND, None)


def close_dialog() -> None:
    """End a callback of the dialog with it."""
    forget_dialog()
    st.session_state[ACTED] = True
    st.rerun()  # of the page as a whole: a part of it cannot close the dialog


def show_reserving(verb: str, ids: list[str], batch: str) -> None:
    """The dialog. A second click on its button sends the same `batch` again."""

    @st.dialog(f"{verb} several", width="large", on_dismiss=forget_dialog)
    def draw() -> None:
        show_name("assign", NAME_BESIDE_ASSIGN)
        who, to = reviewer(), ""
        if verb == ASSIGN:
            to = st.text_input("To whom", key="bulk_to", max_chars=NAME_LENGTH).strip()
        elif who:
            to = who.name
        if not to:
            st.markdown("Say to whom, to see what would become of each." if verb == ASSIGN else GIVE_NAME)
            return
        try:
            _show_foreseen(verb, ids, to, batch)
        except ReviewError as error:
            st.error(escaped(error.message), icon=":material/error:")

    draw()


def _show_foreseen(verb: str, ids: list[str], to: str, batch: str) -> None:
    held = [each for each in desk().preview_claims(ids, to) if isinstance(each.error, HeldByOther)]
    others = sorted({str(each.review.assignee) for each in held if each.review})
    switch = st.container()
    over = bool(others) and switch.toggle(f"Also those that {escaped(', '.join(others))} claimed", key="bulk_over")
    results = desk().preview_claims(ids, to, take_over=over)
    fine, whose = count_done(results), "yours" if verb == CLAIM else f"{to}'s"
    lasts = lasting(desk().settings.claim_seconds)
    st.markdown(f"**{fine} of {len(ids)} would be {escaped(whose)} for {lasts}**")
    show_results(results, lambda review: _now_held(review, to))
    st.button(f"{verb} {fine}", icon=f":material/{RESERVING[verb]}:", type="primary", key="bulk_reserve",
              disabled=not fine, on_click=_reserve, args=(verb, ids, over, batch))  # fmt: skip


def _now_held(review: Review, to: str) -> str:
    """Whose it is before, where it is anybody's."""
    holder = review.holder(now())
    if holder is None:
        return ""
    return "stays so" if same_name(holder, to) else f"taken over from {holder}"


def _reserve(verb: str, ids: list[str], over: bool, batch: str) -> None:
    to = (st.session_state.get("bulk_to") or "").strip()
    if verb == ASSIGN and not to:
        notify("error", "Say to whom: write a reviewer's name.")
    elif who := named(NAME_BESIDE_ASSIGN):
        if verb == CLAIM:
            made = act(lambda: desk().claim_many(ids, who, take_over=over, batch=batch))
        else:
            made = act(lambda: desk().assign(ids, to, who, take_over=over, batch=batch))
        if made:
            past = "claimed" if verb == CLAIM else f"assigned to {to}"
            keep_last_batch(LastBatch(made, escaped(past), told_of_refused(made.results), of_claims=True))
            close_dialog()
    redraw()
