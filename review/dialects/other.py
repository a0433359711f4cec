"""Anything else: a string, a number, a list, nested data. Shown readably, answered by any JSON value."""

from __future__ import annotations

from typing import Any

from review.contract import Request
from review.dialects.base import Form, Said, due_of, form_of_value, title_of
from review.engine.base import Pause
from review.model import DecisionType, Review


class Other:
    """Approve is `true`, reject is `false`; edit and respond give the value itself."""

    name = "other"

    def fits(self, pause: Pause, payload: Any) -> bool:
        return True

    def read(self, pause: Pause, payload: Any) -> Request:
        due, wrong = due_of(payload)
        return Request(
            title=title_of(payload, pause),
            subject=payload,
            subject_format="text" if isinstance(payload, str) else "json",
            allowed_decisions=("approve", "edit", "respond", "reject"),
            message_required=(),
            due_at=due,
            problems=wrong,
        )

    def form(self, review: Review, kind: DecisionType) -> Form | None:
        return form_of_value(review.request.subject) if kind == DecisionType.EDIT else None

    def answer(self, review: Review, said: Said) -> Any:
        match said.type:
            case DecisionType.APPROVE:
                return True
            case DecisionType.REJECT:
                return False
            case _:
                return said.message if said.value is None else said.value

    def meaning(self, review: Review, value: Any) -> DecisionType:
        verdict = value.get("approved") if isinstance(value, dict) else value
        if isinstance(verdict, bool):
            return DecisionType.APPROVE if verdict else DecisionType.REJECT
        return DecisionType.RESPOND
