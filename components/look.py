"""What the theme in .streamlit/config.toml cannot say."""

from __future__ import annotations

import streamlit as st

from components.places import ASSETS

STYLE = (ASSETS / "look.css").read_text("utf-8")


def apply_look() -> None:
    st.html(f"<style>{STYLE}</style>")
