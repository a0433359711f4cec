"""Audit entries as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from components.reasons import why
from components.session import zone
from components.words import action, by_whom
from review.model import AuditEntry
from review.reviewers import DESK


def as_frame(entries: Sequence[AuditEntry]) -> Any:
    """A row an entry, times in the reviewer's zone."""
    here = zone()
    return pd.DataFrame(
        {
            "When": [entry.at.astimezone(here).replace(tzinfo=None) for entry in entries],
            "Action": [action(entry.action) for entry in entries],
            "By": [by_whom(entry.actor) for entry in entries],
            "What": [str(entry.detail.get("title", "")) for entry in entries],
            "Said": [_said(entry) for entry in entries],
            "Signed in": [_signed_in(entry) for entry in entries],
            "Graph": [entry.graph or "" for entry in entries],
            "Thread": [entry.thread_id or "" for entry in entries],
            "Review": [entry.review_id or "" for entry in entries],
        }
    )


def _said(entry: AuditEntry) -> str:
    """Why something was decided, the text of a note, or the error."""
    return why(entry.detail) or str(entry.detail.get("text") or entry.detail.get("error") or "")


def _signed_in(entry: AuditEntry) -> str:
    """Nothing of what nobody did."""
    return "" if entry.actor == DESK else "Yes" if entry.signed_in else "No"
