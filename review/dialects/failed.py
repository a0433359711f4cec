"""Failed nodes: the node raised, and runs again when a person says so."""

from __future__ import annotations

from typing import Any

from review.contract import Request
from review.dialects.base import Form, Said, refuse
from review.engine.base import Pause
from review.model import DecisionType, Review, ReviewKind


class Failed:
    """Retry, edit the state first, or close."""

    name = "failed"

    def fits(self, pause: Pause, payload: Any) -> bool:
        return pause.kind == ReviewKind.FAILED

    def read(self, pause: Pause, payload: Any) -> Request:
        return Request(
            title=f"{pause.node or 'The run'} failed",
            subject=payload.get("error", ""),
            subject_format="text",
            allowed_decisions=("retry",),
            message_required=(),
        )

    def form(self, review: Review, kind: DecisionType) -> Form | None:
        return None

    def answer(self, review: Review, said: Said) -> Any:
        return None

    def meaning(self, review: Review, value: Any) -> DecisionType:
        raise refuse(review, "a failed node takes no value; retry it.")
