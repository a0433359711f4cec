"""What the doctor found: where, what, why it bites, what to write instead."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.words import escaped
from review.doctor import Finding

SHOWN = 100


def show_findings(findings: Sequence[Finding]) -> None:
    """Draws the first hundred; the command line has them all."""
    for place, finding in enumerate(findings[:SHOWN]):
        with st.container(border=True, key=f"finding_{place}"):
            title, kind = st.columns([6, 1], vertical_alignment="center")
            title.markdown(f"**{escaped(finding.rule.capitalize())}**  {as_code(finding.place)}")
            kind.badge("Note" if finding.note else "Mistake", color="gray" if finding.note else "red")
            st.markdown(as_markdown(finding.what))
            st.markdown(f":gray[Why it bites:] {as_markdown(finding.why)}")
            st.markdown(f":gray[Write instead:] {as_markdown(finding.instead)}")
    if len(findings) > SHOWN:
        st.markdown(f":gray[{len(findings) - SHOWN} more: `python -m review doctor` lists them all.]")


def as_markdown(text: str) -> str:
    """What stands between backticks as code; nothing else in it is markup."""
    parts = text.split("`")
    return "".join(as_code(part) if number % 2 and part.strip() else escaped(part) for number, part in enumerate(parts))


def as_code(text: str) -> str:
    return f"`{text.replace('`', chr(39))}`"
