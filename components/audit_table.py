"""Audit entries as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from components.made import RESPONDED, told
from components.reasons import said
from components.session import desk
from components.words import by_whom, short_id
from components.zone import zone
from review.model import AuditEntry
from review.reviewers import DESK


def as_frame(entries: Sequence[AuditEntry]) -> Any:
    """A row an entry, times in the reviewer's zone."""
    here = zone()
    asked = [entry.review_id for entry in entries if entry.action == RESPONDED and entry.review_id]
    reviews = desk().ledger.reviews.some(list(dict.fromkeys(asked)))
    return pd.DataFrame(
        {
            "When": [entry.at.astimezone(here).replace(tzinfo=None) for entry in entries],
            "Action": [told(entry, reviews.get(entry.review_id or "")) for entry in entries],
            "By": [by_whom(entry.actor) for entry in entries],
            "What": [_what(entry) for entry in entries],
            "Said": [said(entry.detail) for entry in entries],
            "Signed in": [_signed_in(entry) for entry in entries],
            "Graph": [entry.graph or "" for entry in entries],
            "Thread": [entry.thread_id or "" for entry in entries],
            "Review": [entry.review_id or "" for entry in entries],
        }
    )


def _what(entry: AuditEntry) -> str:
    """The review's title; of a fork, the other thread."""
    other = entry.detail.get("fork") or entry.detail.get("origin")
    return f"Thread {short_id(other)}" if other else str(entry.detail.get("title", ""))


def _signed_in(entry: AuditEntry) -> str:
    """Nothing of what nobody did."""
    return "" if entry.actor == DESK else "Yes" if entry.signed_in else "No"
