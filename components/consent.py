"""Consent to what may be done a second time: the desk names it and refuses, then a person says that it may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from components.words import escaped
from review.errors import ActionsRepeated

T = TypeVar("T")


def show_consent(place: str, told: str = "") -> None:
    """What would be done again, unless that is what is `told` already, with the box that lets it; nothing until the
    desk has said so."""
    if repeated := st.session_state.get(_told(place)):
        if repeated != told:
            st.warning(escaped(repeated), icon=":material/warning:")
        st.checkbox("It may be done a second time", key=f"{place}_may_repeat")


def with_consent(place: str, verb: Callable[[bool], T]) -> T:
    """Do it with the consent that was given here, in a callback; what the desk refuses is asked about from then on."""
    try:
        return verb(bool(st.session_state.get(f"{place}_may_repeat")))
    except ActionsRepeated as error:
        st.session_state[_told(place)] = error.message
        raise


def forget_consent(place: str) -> None:
    st.session_state.pop(_told(place), None)


def _told(place: str) -> str:
    return f"{place}~repeated"
