"""What is not drawn, or not read, before it is wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

import streamlit as st

T = TypeVar("T")

BEGUN = "folded_lines"
LINES = 20  # of which it is known how they began, the latest


def show_folded(label: str, icon: str, key: str, show: Callable[[], None]) -> None:
    """A line that opens; what is behind it is drawn for who opens it. What is open stays so, also when its label says
    something else: to Streamlit that is another line, which begins as it is told to."""
    begins = _begins_open(key, label)
    _show_in(st.expander(label, icon=f":material/{icon}:", key=key, on_change="rerun", expanded=begins), show)


def show_popover(
    label: str, icon: str, key: str, show: Callable[[], None], type: Literal["secondary", "tertiary"] = "secondary"
) -> None:
    """As a line that opens, for a button; with another label it closes."""
    _show_in(st.popover(label, icon=f":material/{icon}:", key=key, on_change="rerun", type=type), show)


def _begins_open(key: str, label: str) -> bool:
    begun: dict[str, tuple[str, bool]] = st.session_state.setdefault(BEGUN, {})
    known, begins = begun.pop(key, ("", False))
    if known != label:
        begins = bool(st.session_state.get(key))
    begun[key] = label, begins
    if len(begun) > LINES:
        del begun[next(iter(begun))]
    return begins


def _show_in(place: Any, show: Callable[[], None]) -> None:
    if place.open:
        with place:
            show()


def read_already(value: T, read: Callable[[], T]) -> Callable[[], T]:
    """For what renews itself: at first what was read with the page that it is drawn in, then read anew each time."""
    there = [value]
    return lambda: there.pop() if there else read()
