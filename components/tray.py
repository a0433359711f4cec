"""What was decided here last: undone from here while there is time; then what its run does, until it ends."""

from __future__ import annotations

import streamlit as st

from components.last_batch import last_batch, show_last_batch
from components.lazily import read_already
from components.made import made
from components.mentions import show_mentions
from components.opened import open_review, tray
from components.pace import pace
from components.run import read_run, word_of
from components.session import desk, reviewer
from components.steps import filled, is_told, name_of
from components.tree import worded
from components.turns import in_turn
from components.undo import seconds_left, show_countdown
from components.words import Word, escaped
from review.model import BEING_APPLIED, BUSY, Review, ReviewStatus
from review.watching import Watched

TICK, MENTIONS_TICK = 1, 10  # seconds; the countdown tells whole ones
VALUE_LENGTH = 90
ENDED = "tray_ended"


def show_tray(shown: str | None) -> None:
    """A line for each but the one that is open beside it; renewed while one of them is on its way."""
    if reviewer():  # a name that is given draws the whole page
        st.fragment(in_turn(show_mentions, later=True), run_every=pace(MENTIONS_TICK), key="mentions_strip")()
    show_last_batch()
    if not (reviews := _read(shown)):
        return
    read = read_already(reviews, lambda: _read(shown))

    def lines() -> None:
        with st.container(key="tray_lines"):
            st.markdown("**Just decided**")
            for review in read():
                _show_line(review)

    every = pace(TICK) if any(_moves(review) for review in reviews) else None
    st.fragment(in_turn(lines, later=True), run_every=every, key="tray_lines")()


def keys_of_undo(shown: str | None) -> dict[str, str]:
    """Which buttons the keys for undo press: those of the decision in the tray, or of the batch, that was made last and
    can still be taken back."""
    batch = last_batch()
    left = batch.left if batch else 0.0
    last = next((review for review in _read(shown) if seconds_left(review) > 0), None)
    if last and (batch is None or batch.of_claims or seconds_left(last) >= left):
        return {"undo": f"undo_{last.id}_button", "apply": f"apply_{last.id}"}
    return {"undo": "undo_batch"} if left > 0 else {}


def _show_line(review: Review) -> None:
    waits = review.status == ReviewStatus.DECIDED
    word, line = (None, "") if waits else _ended(review) or _on_its_way(review)
    did = made(review) or str(review.status)
    stands = f":{word.tone}-badge[:material/{word.icon}: {word.text}]" if word else f":small[:gray[{did}]]"
    with st.container(border=True, key=f"tray_{review.id}", gap=None):
        with st.container(horizontal=True, vertical_alignment="center", key=f"tray_title_{review.id}"):
            st.button(f"**{escaped(review.title)}**", key=f"watch_{review.id}", type="tertiary", on_click=open_review,
                      args=(review.id,), help="Watch its run")  # fmt: skip
            st.markdown(stands, width="content")
        if waits:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                show_countdown(review)
        else:
            st.markdown(f":small[:gray[{escaped(', '.join(filter(None, (did, line))))}]]")


def _on_its_way(review: Review) -> tuple[Word, str]:
    """Where the run stands, and what it brought or writes."""
    watched = read_run(review.thread_id, review.id)
    told = word_of(watched), _line(watched)
    if not watched.goes_on:
        st.session_state.setdefault(ENDED, {})[review.id, review.version] = told
    return told


def _ended(review: Review) -> tuple[Word, str] | None:
    """What was told when the run had ended: a run's steps are many to read, and nothing is added to them."""
    told: tuple[Word, str] | None = st.session_state.get(ENDED, {}).get((review.id, review.version))
    return told


def _line(watched: Watched) -> str:
    if watched.published:
        return f"as {watched.published}"
    if watched.written:
        return f"{watched.written[-1].node}: …{_in_a_line(watched.written[-1].text[-VALUE_LENGTH:])}"
    steps = [step for step in watched.steps if is_told(step) and step.changed]
    if not steps:
        return ""
    told = (_brief(name, value) for name, value in filled(steps[-1]).items())
    return f"{name_of(steps[-1])} wrote {', '.join(told)}"[: 2 * VALUE_LENGTH]


def _brief(name: str, value: object) -> str:
    return name if isinstance(value, list | dict) else f"{name} “{_in_a_line(worded(value))}”"


def _in_a_line(text: str) -> str:
    return " ".join(text.split())[:VALUE_LENGTH]


def _moves(review: Review) -> bool:
    if _ended(review):
        return False
    return review.status in BEING_APPLIED or desk().thread(review.thread_id).status in BUSY


def _read(shown: str | None) -> list[Review]:
    """What is in the tray, but the one that is open, the latest first; what was removed with its examples is not."""
    ids = [each for each in tray() if each != shown]
    found = desk().ledger.reviews.some(ids) if ids else {}
    return [found[each] for each in ids if each in found]
