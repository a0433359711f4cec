"""What differs between two values, place by place, side by side."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.subject import show_value
from components.words import escaped
from review.redline import ABSENT, FieldChange

MOST = 40  # places; beyond these a person looks at the state itself


def show_differences(changes: Sequence[FieldChange], left: str, right: str, nothing: str) -> None:
    """Two columns under their names; one sentence where there is no difference."""
    if not changes:
        st.markdown(f":gray[{escaped(nothing)}]")
        return
    for change in changes[:MOST]:
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{escaped(change.path or 'The value')}**")
            one, other = st.columns(2)
            with one.container(gap="xsmall"):
                _show(change.before, left)
            with other.container(gap="xsmall"):
                _show(change.after, right)
    if len(changes) > MOST:
        st.markdown(f":gray[and {len(changes) - MOST} more places]")


def _show(value: object, name: str) -> None:
    st.markdown(f":gray[{escaped(name)}]")
    if value is ABSENT:
        st.markdown(":gray[*nothing*]")
    else:
        show_value(value)
