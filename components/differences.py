"""What differs between two values, place by place, side by side; texts word by word."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.redline_view import show_redline
from components.subject import show_value
from components.words import escaped
from review.redline import ABSENT, FieldChange

MOST = 40  # places; beyond these a person looks at the state itself


def show_differences(changes: Sequence[FieldChange], left: str, right: str, nothing: str, *, key: str) -> None:
    """Two columns under their names; one sentence where there is no difference."""
    if not changes:
        st.markdown(f":gray[{escaped(nothing)}]")
        return
    for place, change in enumerate(changes[:MOST]):
        with st.container(border=True, gap="xsmall"):
            if isinstance(change.before, str) and isinstance(change.after, str):
                show_redline(change.before, change.after, key=f"{key}_{place}", side_by_side=True,
                             label=change.path or "The text", names=(left, right))  # fmt: skip
            else:
                _show_beside(change, left, right)
    if len(changes) > MOST:
        st.markdown(f":gray[and {len(changes) - MOST} more places]")


def _show_beside(change: FieldChange, left: str, right: str) -> None:
    st.markdown(f"**{escaped(change.path or 'The value')}**")
    one, other = st.columns(2)
    with one.container(gap="xsmall"):
        _show(change.before, left)
    with other.container(gap="xsmall"):
        _show(change.after, right)


def _show(value: object, name: str) -> None:
    st.markdown(f":gray[{escaped(name)}]")
    if value is ABSENT:
        st.markdown(":gray[*nothing*]")
    else:
        show_value(value)
