"""The field for a file, whose label is told also where the file is dropped."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components.script import script

_dropping = script("dropping", "kept.js", "dropping.js")


def show_upload(label: str, types: list[str], *, key: str, help: str) -> Any:
    """The file that was given, or None. It stands in an expander, and looks after no more of the page than that."""
    file = st.file_uploader(label, type=types, key=key, help=help)
    _dropping(key=f"dropping_{key}")
    return file
