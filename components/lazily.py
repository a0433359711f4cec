"""What is not drawn, or not read, before it is wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")


def show_folded(label: str, icon: str, key: str, show: Callable[[], None]) -> None:
    """A line that opens; what is behind it is drawn for who opens it. What is open stays so while its label does."""
    _show_in(st.expander(label, icon=f":material/{icon}:", key=key, on_change="rerun"), show)


def show_popover(label: str, icon: str, key: str, show: Callable[[], None]) -> None:
    """As a line that opens, for a button."""
    _show_in(st.popover(label, icon=f":material/{icon}:", key=key, on_change="rerun"), show)


def _show_in(place: Any, show: Callable[[], None]) -> None:
    if place.open:
        with place:
            show()


def read_already(value: T, read: Callable[[], T]) -> Callable[[], T]:
    """For what renews itself: at first what was read with the page that it is drawn in, then read anew each time."""
    there = [value]
    return lambda: there.pop() if there else read()
