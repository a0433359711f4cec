"""langchain's HumanInTheLoopMiddleware in `per_call` mode: one interrupt for each tool call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from review.contract import ActionRequest, Request
from review.dialects.base import Form, Said, form_of_action, refuse
from review.dialects.tool_calls import KNOWN, check_decision, decision_of, is_action
from review.engine.base import Pause
from review.model import DecisionType, Review
from review.schemas import first_of, problems, resolved


class PerCall:
    """Answered by one bare decision, which LangGraph checks against the response schema."""

    name = "per_call"

    def fits(self, pause: Pause, payload: Any) -> bool:
        return isinstance(payload, dict) and payload.get("type") == "tool_approval" and self.malformed(payload) is None

    def malformed(self, payload: Any) -> str | None:
        """Why a payload that looks like this dialect is not of it."""
        if isinstance(payload, dict) and payload.get("type") == "tool_approval" and not is_action(payload):
            return "a `tool_approval` needs the tool's name and an object of args."
        return None

    def read(self, pause: Pause, payload: Any) -> Request:
        branches = dict(_branches(pause.response_schema or {}))
        allowed = tuple(kind for kind in KNOWN if kind in branches) if branches else KNOWN
        description = str(payload.get("description") or "")
        action = ActionRequest(
            name=payload["name"],
            args=payload["args"],
            description=description,
            allowed_decisions=allowed,
            args_schema=_args_schema(pause.response_schema or {}, branches.get("edit", {})),
        )
        return Request(
            title=f"{payload['name']}?",
            description=description,
            subject=payload["args"],
            subject_format="json",
            allowed_decisions=allowed,
            message_required=tuple(kind for kind in ("respond",) if kind in allowed),
            response_schema=dict(pause.response_schema) if pause.response_schema else None,
            actions=(action,),
        )

    def form(self, review: Review, kind: DecisionType) -> Form | None:
        return form_of_action(review.request.actions, kind)

    def answer(self, review: Review, said: Said) -> Any:
        answer = decision_of(review, review.payload, said)
        return self._fitting(review, answer)

    def meaning(self, review: Review, value: Any) -> DecisionType:
        kind = check_decision(review, review.payload, review.request.allowed_decisions, value)
        self._fitting(review, value)
        return kind

    @staticmethod
    def _fitting(review: Review, answer: dict[str, Any]) -> dict[str, Any]:
        schema = review.request.response_schema
        branch = dict(_branches(schema or {})).get(answer["type"])
        # Only the branch that the type names: the others would say what is wrong with decisions nobody made.
        if branch and (wrong := problems({**branch, "$defs": (schema or {}).get("$defs", {})}, answer)):
            raise refuse(review, first_of(wrong, answer), **wrong)
        return answer


def _branches(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The decisions that the schema has a shape for, by their type."""
    for branch in schema.get("oneOf") or schema.get("anyOf") or [schema]:
        shape = resolved(schema, branch)
        kind = (shape.get("properties") or {}).get("type", {})
        name = kind.get("const") or next(iter(kind.get("enum", ())), None)
        if name:
            yield name, shape


def _args_schema(schema: Mapping[str, Any], edit: Mapping[str, Any]) -> dict[str, Any] | None:
    """The tool's own arguments as JSON Schema, out of the branch for edits."""
    action = resolved(schema, (edit.get("properties") or {}).get("edited_action", {}))
    args = resolved(schema, (action.get("properties") or {}).get("args", {}))
    return {**args, "$defs": schema.get("$defs", {})} if args.get("properties") else None
