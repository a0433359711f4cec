"""An editor that reports while one types, shows what changed, and keeps what the server has not acknowledged."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from components.places import ASSETS
from components.redline_view import CSS as REDLINE_CSS
from components.redline_view import DRAW, SECTION, compared, unix_lines
from review.errors import ReviewError

# Gets a document's id and its text; refuses by a `ReviewError`.
Save = Callable[[str, str], object]

HTML = f"""
<div class="desk">
  <div class="sheet">
    <header>
      <label class="label" for="text"></label>
      <span class="status"><i class="dot" aria-hidden="true"></i><span class="said"></span></span>
    </header>
    <div class="notice" role="status" hidden></div>
    <textarea id="text" spellcheck="true"></textarea>
    <footer>
      <span class="words"></span>
      <span class="hint"><kbd>Ctrl</kbd> <kbd>Enter</kbd> submits · <kbd>Esc</kbd> leaves the text</span>
    </footer>
  </div>
  <div class="announced unseen" role="status" aria-live="polite"></div>
  {SECTION}
</div>
"""
CSS = REDLINE_CSS + (ASSETS / "editor.css").read_text("utf-8")
PARTS = ("network.js", "journal.js", "outbox.js", "editor.js")
JS = DRAW + "".join((ASSETS / name).read_text("utf-8") for name in PARTS)
# How many documents' last reports one editor remembers; the browser asks about those on screen alone.
REMEMBERED = 20

_editor = st.components.v2.component("editor", html=HTML, css=CSS, js=JS)


def show_editor(
    *,
    key: str,
    document_id: str,
    text: str,
    base: str | None,
    revision: str,
    label: str,
    user: str,
    on_change: Save,
    height: int = 360,
    saved_at: datetime | None = None,
    on_submit: Save | None = None,
) -> None:
    """Draws `text`, and beneath it what changed since `base`; without `base` the editor alone.

    `on_change` gets what was typed with the id of the document it was typed into, which need not be the one on screen
    by then; it comes from the browser, so whoever saves checks who may. `revision` is any word that changes when the
    text changed by another hand. `on_submit` gets id and text on Ctrl+Enter, once the text is saved.
    """
    kept = st.session_state.setdefault(f"{key}_kept", _nothing_kept())

    def save(report: Mapping[str, Any]) -> bool:
        document, stamp = str(report["document"]), str(report["stamp"])
        if kept["acknowledged"].get(document) == stamp:
            return True
        try:
            on_change(document, str(report["text"]))
        except ReviewError as error:
            _remember(kept["refused"], document, [stamp, str(error)])
            return False
        _remember(kept["acknowledged"], document, stamp)
        kept["refused"].pop(document, None)
        return True

    def said() -> None:
        given = st.session_state[key].get("said") or {}
        for report in given.get("typed", ()):
            save(report)
        submitted = given.get("submitted")
        if submitted is None or kept["heard"] == submitted["press"]:
            return
        kept["heard"] = submitted["press"]  # it says so again until it hears of this
        if save(submitted) and on_submit:
            on_submit(str(submitted["document"]), str(submitted["text"]))

    data = {
        "document": document_id,
        "text": unix_lines(text),
        "revision": revision,
        "label": label,
        "user": user,
        "height": height,
        "saved_at": saved_at and saved_at.timestamp(),
        "submits": on_submit is not None,
        "changes": None if base is None else compared(base, text),
        **kept,
    }
    _editor(key=key, data=data, on_said_change=said)


def _nothing_kept() -> dict[str, Any]:
    """What this session has told its browser; a new session has a name of its own, and begins anew."""
    return {"session": uuid.uuid4().hex, "acknowledged": {}, "refused": {}, "heard": ""}


def _remember(told: dict[str, Any], document: str, what: Any) -> None:
    told.pop(document, None)
    told[document] = what
    while len(told) > REMEMBERED:
        told.pop(next(iter(told)))
