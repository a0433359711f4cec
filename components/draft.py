"""The draft that a reviewer edits: saved in the ledger while they type, and as they left it wherever they open it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.editor import show_editor
from components.session import desk, reviewer
from review.errors import BadInput
from review.model import Review

FIELD, EDITOR = "value", "draft_editor"
HEIGHT = 440  # pixels


def show_draft(review: Review, start: str, on_submit: Callable[[], None], is_wanted: Callable[[], bool]) -> None:
    """The editor of one big text; `on_submit` is called on Ctrl+Enter, in a callback. Once it is not wanted any more,
    the whole page is drawn."""

    @st.fragment(key=f"editor_{review.id}")
    def edit() -> None:
        if not is_wanted():
            st.rerun()
        kept, who = draft_of(review, start), reviewer()
        typed = desk().drafts(review.id, who).get(FIELD) if who else None
        show_editor(
            key=EDITOR,
            document_id=review.id,
            text=kept,
            base=review.request.subject if isinstance(review.request.subject, str) else start,
            revision=f"{review.version} {typed.saved_at if typed else ''}",
            label="Your version",
            user=who.name if who else "",
            on_change=lambda document, text: _keep(document, review, text),
            on_submit=lambda document, text: on_submit() if document == review.id else None,
            height=HEIGHT,
            saved_at=typed.saved_at if typed else None,
        )

    edit()


def draft_of(review: Review, start: str) -> str:
    """What the reviewer has typed, on whichever device; else what to begin with."""
    who = reviewer()
    typed = desk().drafts(review.id, who).get(FIELD) if who and _said(review) is None else None
    if typed and isinstance(typed.value, str):
        return typed.value
    return draft_at_hand(review, start)


def draft_at_hand(review: Review, start: str) -> str:
    """The same as far as this browser session knows of it, without asking the ledger."""
    said = _said(review)
    return str(st.session_state.get(f"draft_{review.id}", start)) if said is None else said


def _said(review: Review) -> str | None:
    """What came with the very click that reads it."""
    said = (st.session_state.get(EDITOR) or {}).get("said") or {}
    found = (str(each["text"]) for each in said.get("typed", ()) if each["document"] == review.id)
    return next(found, None)


def _keep(document: str, review: Review, text: str) -> None:
    """Of the review that the text was typed on, which may not be the one on screen any more."""
    st.session_state[f"draft_{document}"] = text
    version = review.version if document == review.id else desk().review(document).version
    if (who := reviewer()) is None:
        raise BadInput("give your name, and what you type is kept for you.")
    desk().save_draft(document, who, version, FIELD, text)
