"""The specification's dicts: `draft`, `action_plan` or `action`, with a `prompt` or a `message`."""

from __future__ import annotations

from typing import Any

from review.contract import Request
from review.dialects.base import DEADLINES, Form, Said, due_of, form_of_value, refuse, title_of
from review.engine.base import Pause
from review.model import DecisionType, Review

KEYS = ("draft", "action_plan", "action")


class Specification:
    """Answered by a dict with `approved`; a draft also gets its `content` back."""

    name = "specification"

    def fits(self, pause: Pause, payload: Any) -> bool:
        return isinstance(payload, dict) and any(key in payload for key in KEYS)

    def read(self, pause: Pause, payload: dict[str, Any]) -> Request:
        key = next(key for key in KEYS if key in payload)
        due, wrong = due_of(payload)
        has_text = isinstance(payload[key], str)
        edit = ("edit",) if key == "draft" else ()
        shown = {key, "prompt", "message", "title", "critical", *DEADLINES}
        return Request(
            title=title_of(payload, pause),
            description=str(payload.get("message") or payload.get("prompt") or ""),
            subject=payload[key],
            subject_format="markdown" if has_text and key == "draft" else "text" if has_text else "json",
            allowed_decisions=("approve", *edit, "reject"),
            message_required=(),
            due_at=due,
            details={name: value for name, value in payload.items() if name not in shown},
            problems=wrong,
        )

    def form(self, review: Review, kind: DecisionType) -> Form | None:
        return form_of_value(review.request.subject) if kind == DecisionType.EDIT else None

    def answer(self, review: Review, said: Said) -> dict[str, Any]:
        who = {"reviewer": said.reviewer}
        if said.type == DecisionType.REJECT:
            return {"approved": False, "reason": said.message} | who
        answer: dict[str, Any] = {"approved": True, "edited": said.type == DecisionType.EDIT} | who
        notes = {"notes": said.message} if said.message else {}
        if said.type == DecisionType.EDIT:
            if said.value is None:
                raise refuse(review, "an edit needs the edited draft as its value.", value="must be given.")
            return answer | {"content": said.value} | notes
        content = {"content": review.payload["draft"]} if "draft" in review.payload else {}
        return answer | content | notes

    def meaning(self, review: Review, value: Any) -> DecisionType:
        if not isinstance(value, dict) or not isinstance(value.get("approved"), bool):
            raise refuse(review, "the graph expects an object with `approved` true or false.")
        if not value["approved"]:
            return DecisionType.REJECT
        return DecisionType.EDIT if value.get("edited") else DecisionType.APPROVE
