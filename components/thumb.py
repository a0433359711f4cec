"""The bar at the foot of a narrow screen: at most three decisions within reach of a thumb, the rest in a menu."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.actions import asks_for_several
from components.choice import choose, chosen_kind, offered, word_of
from components.other_ways import is_editing
from components.session import redraw
from components.words import DECISION, escaped
from review.model import DecisionType, Review

IN_REACH = 3
# What is sent stands above it, and what is not sent with it.
SHORT = {DecisionType.EDIT: "Send", DecisionType.RESPOND: "Send", DecisionType.APPROVE: "Approve"}
REACH = (DecisionType.APPROVE, DecisionType.CONTINUE, DecisionType.RETRY, DecisionType.EDIT, DecisionType.REJECT)


def show_thumb_bar(review: Review, label: str, icon: str, submit: Callable[[], None], told: str = "") -> None:
    """What is chosen is submitted by its button, below what is `told` of that; every other one chooses. Wide screens
    have no such bar."""
    with st.container(key="thumb_bar"):
        if told:
            st.markdown(f":orange[{escaped(told)}]")
        _show_buttons(review, label, icon, submit)


def _show_buttons(review: Review, label: str, icon: str, submit: Callable[[], None]) -> None:
    with st.container(horizontal=True, key="thumb_buttons"):
        if asks_for_several(review) or is_editing(review) or len(offered(review)) == 1:
            _button(review, "submit", label, icon, submit, primary=True)
            return
        chosen, kinds = chosen_kind(review), offered(review)
        near = _near(kinds, chosen)
        for kind in near:
            if kind == chosen:
                _button(review, kind, SHORT.get(kind, label), icon, submit, primary=True)
            else:
                _button(review, kind, word_of(review, kind), DECISION[kind].icon, _chooses(review, kind))
        if rest := [kind for kind in kinds if kind not in near]:
            with st.popover("More", icon=":material/more_horiz:"):
                for kind in rest:
                    _button(review, kind, word_of(review, kind), DECISION[kind].icon, _chooses(review, kind))


def _near(kinds: list[DecisionType], chosen: DecisionType) -> list[DecisionType]:
    near = sorted(kinds, key=lambda kind: REACH.index(kind) if kind in REACH else len(REACH))[:IN_REACH]
    return near if chosen in near else [*near[: IN_REACH - 1], chosen]


def _chooses(review: Review, kind: DecisionType) -> Callable[[], None]:
    def click() -> None:
        choose(review, kind)
        redraw()

    return click


def _button(
    review: Review, name: str, label: str, icon: str, click: Callable[[], None], *, primary: bool = False
) -> None:
    st.button(label, icon=f":material/{icon}:", key=f"thumb_{name}_{review.id}", on_click=click, width="stretch",
              type="primary" if primary else "secondary")  # fmt: skip
