"""Breakpoints: the graph stops before or after a node, and goes on without an answer."""

from __future__ import annotations

from typing import Any

from review.contract import Request
from review.dialects.base import Form, Said, refuse
from review.engine.base import Pause
from review.model import DecisionType, Review, ReviewKind


class Breakpoint:
    """Continue, edit the state first, or close."""

    name = "breakpoint"

    def fits(self, pause: Pause, payload: Any) -> bool:
        return pause.kind == ReviewKind.BREAKPOINT

    def read(self, pause: Pause, payload: Any) -> Request:
        return Request(
            title=f"Breakpoint {payload['when']} {payload['node']}",
            description=f"The graph stops here. It goes on with **{payload['next']}**.",
            allowed_decisions=("continue",),
            message_required=(),
        )

    def form(self, review: Review, kind: DecisionType) -> Form | None:
        return None

    def answer(self, review: Review, said: Said) -> Any:
        return None

    def meaning(self, review: Review, value: Any) -> DecisionType:
        raise refuse(review, "a breakpoint takes no value; continue it.")
