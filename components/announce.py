"""What a screen reader is told when something changed that nobody pressed: in a live region of our own."""

from __future__ import annotations

import streamlit as st

HTML = '<p role="status" aria-live="polite"></p>'
CSS = "p { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); }"
JS = """
export default function ({ data, parentElement }) {
  const region = parentElement.querySelector("p")
  if (region.textContent !== data.text) region.textContent = data.text
}
"""
_region = st.components.v2.component("announcement", html=HTML, css=CSS, js=JS)


def announce(text: str, *, key: str) -> None:
    """Read out once, when it differs from what was last told under the key; an empty text says nothing."""
    _region(data={"text": text}, key=key)
