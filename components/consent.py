"""Consent to what may be done a second time: it is named first, and a person says that it may be."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.words import escaped


def show_consent(place: str, begun: Sequence[str]) -> bool:
    """Names the actions that have begun already, with the box that lets them be done again; True where there are none,
    or where it is ticked."""
    if not begun:
        return True
    st.warning(f"This runs a second time what has run already: {escaped(', '.join(begun))}", icon=":material/warning:")
    return st.checkbox("Yes, let it run again", key=f"{place}_may_repeat")


def has_consent(place: str) -> bool:
    """What the box says, in a callback."""
    return bool(st.session_state.get(f"{place}_may_repeat"))
