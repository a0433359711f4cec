"""Failed nodes: the node raised, and runs again when a person says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from review.contract import Request
from review.dialects.base import Form, Said, refuse
from review.engine.base import Pause
from review.model import DecisionType, Review, ReviewKind
from review.schemas import problems


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
        """What became of the actions whose outcome is unknown, where that is why the node failed."""
        schema = review.request.response_schema
        return Form(schema) if schema and kind == DecisionType.RETRY else None

    def answer(self, review: Review, said: Said) -> Any:
        if (schema := review.request.response_schema) is None:
            return None
        if wrong := problems(schema, said.value):
            told = "; ".join(f"{place or 'the answer'}: {why}" for place, why in wrong.items())
            raise refuse(review, f"say of each action whether it took effect, before it is retried. {told}", **wrong)
        return said.value

    def meaning(self, review: Review, value: Any) -> DecisionType:
        raise refuse(review, "a failed node takes no value; retry it.")


def asking_for_outcomes(request: Request, actions: Sequence[str]) -> Request:
    """The request of a node that failed because nobody knows what became of these actions."""
    outcome = {
        "type": "object",
        "properties": {
            "took_effect": {
                "type": "boolean",
                "title": "It took effect",
                "description": "If not, it is run again.",
            },
            "result": {"title": "What it returned", "description": "As JSON, where the graph goes on with it."},
        },
        "required": ["took_effect"],
        "additionalProperties": False,
    }
    names = ", ".join(actions)
    return replace(
        request,
        title=f"Did {names} take effect?",
        description="A process ended while it was at work on this, so the desk cannot know. Find out, then retry.",
        response_schema={
            "type": "object",
            "properties": {name: {**outcome, "title": name} for name in actions},
            "required": list(actions),
            "additionalProperties": False,
        },
    )
