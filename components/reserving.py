"""Several reviews claimed or assigned at once, and what would become of each, told before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.session import ACTED, NAME_BESIDE_ASSIGN, NAME_LENGTH, act, desk, notify, redraw, reviewer
from components.times import lasting
from components.who import named, show_name
from components.words import escaped
from review.bulk import Result
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


def show_reserving(verb: str, ids: list[str]) -> None:
    """The dialog."""

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
            _show_foreseen(verb, ids, to)
        except ReviewError as error:
            st.error(escaped(error.message), icon=":material/error:")

    draw()


def _show_foreseen(verb: str, ids: list[str], to: str) -> None:
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
              disabled=not fine, on_click=_reserve, args=(verb, ids, over))  # fmt: skip


def _now_held(review: Review, to: str) -> str:
    """Whose it is before, where it is anybody's."""
    holder = review.holder(now())
    if holder is None:
        return ""
    return "stays so" if same_name(holder, to) else f"taken over from {holder}"


def _reserve(verb: str, ids: list[str], over: bool) -> None:
    to = (st.session_state.get("bulk_to") or "").strip()
    if verb == ASSIGN and not to:
        notify("error", "Say to whom: write a reviewer's name.")
    elif who := named(NAME_BESIDE_ASSIGN):
        if verb == CLAIM:
            made = act(lambda: desk().claim_many(ids, who, take_over=over))
        else:
            made = act(lambda: desk().assign(ids, to, who, take_over=over))
        if made:
            _tell(made, "claimed" if verb == CLAIM else f"assigned to {to}")
            close_dialog()
    redraw()


def _tell(results: Sequence[Result], done: str) -> None:
    refused = [told_of(result) for result in results if not result.done]
    fine = count_done(results)
    notify("error" if refused else "success", " ".join([f"{fine} {done}." * (fine > 0), *refused]).strip())


def count_done(results: Sequence[Result]) -> int:
    return sum(result.done for result in results)


def show_results(results: Sequence[Result], beside: Callable[[Review], str] = lambda _: "") -> None:
    """A line each: first what would be done, with what `beside` says of it, then what would not, and why."""
    lines = []
    for result in results:
        if result.done and result.review:
            told = beside(result.review)
            lines.append(f"- {escaped(result.review.title)}" + (f" :gray[({escaped(told)})]" if told else ""))
    st.markdown("\n".join(lines))
    show_refused([told_of(result) for result in results if not result.done])


def show_refused(told: Sequence[str]) -> None:
    if told:
        st.warning("\n".join(f"- {escaped(each)}" for each in told), icon=":material/warning:")


def told_of(result: Result) -> str:
    """Why nothing is done, in a sentence that names the review."""
    told, title = str(result.error.message if result.error else ""), result.review.title if result.review else ""
    return told if title in told else f"{title}: {told}"
