"""A word with its colour and its sign, as the lists and the pages show it."""

from __future__ import annotations

import streamlit as st

from components.words import Word


def show_badge(word: Word) -> None:
    icon = f":material/{word.icon}:" if word.icon else None
    st.badge(word.text, icon=icon, color=word.tone)  # type: ignore[arg-type]
