"""A review's version: what a decision is bound to."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from review.model import Review

# Why a decision was withdrawn that was bound to another version than what stands when it should be applied.
ASKED_ANEW = "What is asked changed before the decision reached the graph."

# A payload that computes its deadline anew on every re-run of its node is still the same question.
DEADLINE_KEYS = frozenset({"timeout_at", "due_at", "timeout_seconds"})


def canonical(payload: Any) -> str:
    """The payload as text that is equal for equal payloads, deadline keys left out."""
    if isinstance(payload, dict):
        payload = {key: value for key, value in payload.items() if key not in DEADLINE_KEYS}
    return json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def version_of(payload: Any, checkpoint_id: str | None, round_: int) -> str:
    """An opaque string: other payload, other checkpoint or put back to pending (`round_`), other version."""
    signed = "\n".join((canonical(payload), checkpoint_id or "", str(round_)))
    return hashlib.sha256(signed.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def is_version(review: Review, payload: Any, checkpoint_id: str | None) -> bool:
    """Whether a pause that shows the payload there is what the review shows."""
    return version_of(payload, checkpoint_id, review.round) == review.version
