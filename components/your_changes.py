"""What a reviewer has changed so far of a structured payload, while they edit it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components.redline_view import show_field_changes
from review.forms import MISSING
from review.redline import field_changes


def show_your_changes(before: Any, after: Any, *, key: str, label: str = "What you change") -> None:
    """What the reviewer has changed so far, field by field; `MISSING` is what cannot be read yet."""
    if after is MISSING:
        st.markdown(":gray[What you change is shown here as soon as every field can be read.]")
    else:
        show_field_changes(before, after, key=f"changing_{key}", label=label)


def counted(before: Any, after: Any) -> str:
    """The same in a few words."""
    count = 0 if after is MISSING else len(field_changes(before, after))
    told = "not to be read yet" if after is MISSING else f"{count} {'field' if count == 1 else 'fields'}"
    return f"What you change: {told if count or after is MISSING else 'nothing yet'}"
