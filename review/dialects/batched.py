"""langchain's HumanInTheLoopMiddleware: one interrupt for all tool calls of a turn, one decision for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from review.contract import ActionRequest, Request
from review.dialects.base import Form, Said, form_of_action, refuse
from review.dialects.several import each_with, one_kind, request_of
from review.dialects.tool_calls import KNOWN, check_decision, decision_of, is_action
from review.engine.base import Pause
from review.model import DecisionType, Review


class Batched:
    """Answered by `{"decisions": [...]}`, one for each action, in order."""

    name = "batched"

    def fits(self, pause: Pause, payload: Any) -> bool:
        return isinstance(payload, dict) and "action_requests" in payload and self.malformed(payload) is None

    def malformed(self, payload: Any) -> str | None:
        """Why a payload that looks like this dialect is not of it."""
        if not isinstance(payload, dict) or "action_requests" not in payload:
            return None
        actions, configs = payload["action_requests"], payload.get("review_configs")
        if not isinstance(actions, list) or not actions or not all(is_action(action) for action in actions):
            return "`action_requests` is not a list of actions with a name and an object of args."
        if not isinstance(configs, list) or not all(_is_config(config) for config in configs):
            return "`review_configs` is not a list of objects with action_name and allowed_decisions."
        if missing := {action["name"] for action in actions} - {config["action_name"] for config in configs}:
            return f"`review_configs` says nothing of {', '.join(sorted(missing))}."
        return None

    def read(self, pause: Pause, payload: Any) -> Request:
        kinds = (DecisionType.APPROVE, DecisionType.REJECT)
        return request_of(actions_of(payload), payload["action_requests"], kinds)

    def form(self, review: Review, kind: DecisionType) -> Form | None:
        return form_of_action(review.request.actions, kind)

    def answer(self, review: Review, said: Said) -> Any:
        return self.combine(review, [said] * len(review.request.actions))

    def combine(self, review: Review, said: Sequence[Said]) -> Any:
        """One decision for each action, in their order."""
        return {
            "decisions": [
                decision_of(review, {"name": action.name, "args": action.args}, each)
                for action, each in each_with(review, said)
            ]
        }

    def meaning(self, review: Review, value: Any) -> DecisionType:
        actions = review.request.actions
        decisions = value.get("decisions") if isinstance(value, dict) else None
        if not isinstance(decisions, list) or len(decisions) != len(actions):
            raise refuse(review, f"the graph expects an object with `decisions`, a list of {len(actions)}.")
        kinds = {
            check_decision(review, {"name": action.name}, action.allowed_decisions, decision)
            for action, decision in zip(actions, decisions, strict=True)
        }
        return one_kind(kinds)


def actions_of(payload: Any) -> tuple[ActionRequest, ...]:
    """The actions, each with the decisions that its own tool allows; a tool may be called twice in one turn."""
    configs = {config["action_name"]: config for config in payload["review_configs"]}
    return tuple(
        ActionRequest(
            name=action["name"],
            args=action["args"],
            description=str(action.get("description") or ""),
            allowed_decisions=tuple(k for k in KNOWN if k in configs[action["name"]]["allowed_decisions"]),
        )
        for action in payload["action_requests"]
    )


def _is_config(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("action_name"), str)
        and isinstance(value.get("allowed_decisions"), list)
        and any(kind in value["allowed_decisions"] for kind in KNOWN)
    )
