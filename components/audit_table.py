"""Audit entries as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from components.session import zone
from components.words import action
from review.model import AuditEntry


def as_frame(entries: Sequence[AuditEntry]) -> Any:
    """A row an entry, times in the reviewer's zone."""
    here = zone()
    return pd.DataFrame(
        {
            "When": [entry.at.astimezone(here).replace(tzinfo=None) for entry in entries],
            "Action": [action(entry.action) for entry in entries],
            "By": [entry.actor for entry in entries],
            "What": [str(entry.detail.get("title", "")) for entry in entries],
            "Said": [str(entry.detail.get("message") or entry.detail.get("error") or "") for entry in entries],
            "Signed in": [entry.signed_in for entry in entries],
            "Graph": [entry.graph or "" for entry in entries],
            "Thread": [entry.thread_id or "" for entry in entries],
            "Review": [entry.review_id or "" for entry in entries],
        }
    )
