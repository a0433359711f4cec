"""Who else has a review open, and who has claimed it: to claim it, give it back, or take it over."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.care import note_still_shown
from components.lazily import read_already
from components.pace import anew
from components.session import act, browser, desk, redraw, reviewer
from components.times import clock
from components.turns import in_turn
from components.who import named
from components.words import escaped
from review.errors import ReviewError
from review.model import Review, now
from review.names import same_name
from review.reviewers import Reviewer

HERE = "present_on"


def show_presence(review: Review) -> None:
    """Heard of every few seconds while the page is open: so its claim goes on, and ends soon after it is closed."""
    read = read_already(review, lambda: desk().review(review.id))

    def tell() -> None:
        note_still_shown(review)
        who = reviewer()
        others = _heard(review, who) if who else []
        shown = read()
        held = shown.holder(now())
        with st.container(horizontal=True, vertical_alignment="center", key=f"presence_row_{review.id}"):
            st.markdown(f":gray[{_told(shown, held, who, others)}]")
            if held is None:
                _button("Claim", "front_hand", f"claim_{review.id}", lambda me: _claim(review.id, me))
            elif who and same_name(held, who.name):
                _button("Release", "pan_tool_alt", f"release_{review.id}", lambda me: desk().release(review.id, me))
            else:
                _button("Take over", "swap_horiz", f"take_over_{review.id}", lambda me: _claim(review.id, me, True))

    every = anew(desk().settings.browser_seconds / 4)
    st.fragment(in_turn(tell, later=True), run_every=every, key=f"presence_{review.id}")()


def _heard(review: Review, who: Reviewer) -> list[str]:
    before = st.session_state.get(HERE)
    st.session_state[HERE] = review.id
    try:
        return desk().look_at(review.id, browser(), who, before if before != review.id else None)
    except ReviewError:  # to be heard of is not worth a word on screen; the next action tells what is wrong
        return []


def _told(review: Review, held: str | None, who: Reviewer | None, others: list[str]) -> str:
    if held and who and same_name(held, who.name):
        told = "You have claimed this review."
    elif held and review.claimed_until:
        told = f"{escaped(held)} has claimed this review until {clock(review.claimed_until)}."
    else:
        told = "Nobody has claimed this review."
    if others:
        told += f" {escaped(' and '.join(others))} {'has' if len(others) == 1 else 'have'} it open too."
    return told


def _claim(review_id: str, me: Reviewer, take_over: bool = False) -> Review:
    return desk().claim(review_id, me, seconds=desk().settings.browser_seconds, take_over=take_over)


def _button(label: str, icon: str, key: str, verb: Callable[[Reviewer], object]) -> None:
    def click() -> None:
        if me := named():
            act(lambda: verb(me))
        redraw()

    st.button(label, icon=f":material/{icon}:", type="tertiary", key=key, on_click=click)
