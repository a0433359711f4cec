"""What the theme in .streamlit/config.toml cannot say."""

from __future__ import annotations

import streamlit as st

# What is selected has the primary colour for its text, which no colour can be that also carries white text; its frame
# and ground still say that it is selected. A table's own download writes cells that a spreadsheet takes for formulas.
STYLE = """
<style>
[data-testid="stButtonGroup"] button[data-selected="true"]:not(:disabled),
[data-testid="stTab"][aria-selected="true"] { color: inherit; }
.st-key-queue_line { min-height: 2.75rem; }
[data-testid="stElementToolbar"] button[aria-label="Download as CSV"] { display: none; }
</style>
"""


def apply_look() -> None:
    st.html(STYLE)
