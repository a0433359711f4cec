"""Countersign's domain: reviews of interrupted LangGraph threads, decided exactly once. No Streamlit in here.

Lazy on purpose: `import review.contract` in a graph must not load the ledger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from review.approval import ApprovalQueue
    from review.desk import Desk, open_desk
    from review.errors import ReviewError, UnknownOutcome

__all__ = ["ApprovalQueue", "Desk", "ReviewError", "UnknownOutcome", "open_desk"]

_HOMES = {
    "ApprovalQueue": "review.approval",
    "Desk": "review.desk",
    "ReviewError": "review.errors",
    "UnknownOutcome": "review.errors",
    "open_desk": "review.desk",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'review' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
