"""A review's version: what a decision is bound to."""

from __future__ import annotations

import hashlib
import json
from typing import Any

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
