"""What was begun on a review and not submitted: the decision that is chosen, its reason, message and fields. Kept in
the ledger for each reviewer, it is there again after a reload, in another browser and after a restart. The big text has
an editor that keeps it by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

import streamlit as st

from components.draft import FIELD as EDITED
from components.session import desk, reviewer
from review.errors import ReviewError
from review.ledger.drafts import Typed
from review.model import Review
from review.plain import is_plain

FIELD = "page"
TYPED = ("message_", "note_review-")
CHOICE = "choice_"  # its widget forgets with its page, which is no choice
PARTS = (*TYPED, "note_private_", CHOICE, "reason_", "form_", "as_json_", "draft_")
OWN = "~"  # in keys of what a table keeps beside its rows
MOMENTS: dict[str, Any] = {"datetime": datetime, "date": date, "time": time}


def bring_back(*reviews: Review) -> None:
    """Have the widgets hold what was begun, here or elsewhere, where they hold nothing; before they are drawn."""
    if (who := reviewer()) is None:
        return
    unread = [review.id for review in reviews if _known(review) not in st.session_state]
    found = desk().drafts_of(unread, who) if unread else {}
    for review in reviews:
        _bring_back(review, found.get(review.id, {}))


def _bring_back(review: Review, drafts: Mapping[str, Typed]) -> None:
    if _known(review) not in st.session_state:
        if text := drafts.get(EDITED):
            st.session_state.setdefault(f"draft_{review.id}", text.value)
        typed = drafts.get(FIELD)
        begun = typed.value if typed and isinstance(typed.value, dict) else {}
        st.session_state[_known(review)] = {"first": {}, "begun": begun}
    for key, held in st.session_state[_known(review)]["begun"].items():
        if _belongs(key, review) and key not in st.session_state:  # one that was emptied is there, and stays empty
            st.session_state[key] = _read(held)


def keep(review: Review) -> None:
    """Save what the widgets hold now, where that is something else than at first; once they are drawn."""
    known: dict[str, Any] | None = st.session_state.get(_known(review))
    who = reviewer()
    if known is None or who is None:
        return
    begun = dict(known["begun"])  # also of what is not drawn just now
    for key in [key for key in st.session_state if _belongs(key, review)]:
        held = _plain(st.session_state[key])
        first = known["first"].setdefault(key, "" if str(key).startswith(TYPED) else held)
        if held is None and not str(key).startswith(CHOICE):
            begun.pop(key, None)
        elif is_plain(held) and held is not None and (key in known["begun"] or held != first):
            begun[str(key)] = held
    if begun == known["begun"]:
        return
    try:
        desk().save_draft(review.id, who, review.version, FIELD, begun)
    except ReviewError:  # it stays in this session, and is tried again with the next run
        return
    known["begun"] = begun


def _known(review: Review) -> str:
    return f"begun_on_{review.id}"


def _belongs(key: object, review: Review) -> bool:
    if not isinstance(key, str) or not key.startswith(PARTS) or review.id not in key or OWN in key:
        return False
    # The text of the editor of JSON, and not that of the editor which keeps its own.
    return not key.startswith("draft_") or bool(st.session_state.get(key.replace("draft_", "as_json_", 1)))


def _plain(held: Any) -> Any:
    """As JSON has it, where it is a moment or a word of ours."""
    if isinstance(held, date | time):
        return {"moment": type(held).__name__, "at": held.isoformat()}
    return str(held) if isinstance(held, str) else held


def _read(held: Any) -> Any:
    if isinstance(held, dict) and (kind := MOMENTS.get(str(held.get("moment")))):
        return kind.fromisoformat(held["at"])
    return held
