"""Why something was decided: the reason of the list and the message beside it, wherever a decision is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components.words import escaped
from review.model import Decision


def reason_and_message(reason: object, message: object) -> tuple[str, str]:
    """Each once: the message of who wrote none is the reason itself."""
    chosen, said = str(reason or "").strip(), str(message or "").strip()
    return chosen, "" if said == chosen else said


def show_why(made: Decision, *, only_reason: bool = False) -> None:
    """As a quotation, the reason above what was written; `only_reason` where the rest is told elsewhere."""
    reason, message = reason_and_message(made.reason, made.message)
    lines = [f"**{escaped(reason)}**"] * bool(reason)
    if not only_reason:
        lines += [escaped(line) for line in message.splitlines()]
    if lines:
        st.markdown("\n".join(f"> {line}  " for line in lines))


def why(detail: Mapping[str, Any]) -> str:
    """The same in a line, of what an audit entry has."""
    return ": ".join(filter(None, reason_and_message(detail.get("reason"), detail.get("message"))))


def said(detail: Mapping[str, Any]) -> str:
    """Why something was decided, the text of a note, or the error; of an audit entry's."""
    return why(detail) or str(detail.get("text") or detail.get("error") or "")
