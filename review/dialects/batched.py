"""langchain's HumanInTheLoopMiddleware: one interrupt for all tool calls of a turn, one decision for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from review.contract import ActionRequest, Request
from review.dialects.base import Form, Said, form_of_action, one_line, refuse
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
        actions = actions_of(payload)
        if len(actions) == 1:
            return Request(
                title=f"{actions[0].name}?",
                description=actions[0].description,
                subject=dict(actions[0].args),
                subject_format="json",
                allowed_decisions=actions[0].allowed_decisions,
                message_required=tuple(kind for kind in ("respond",) if kind in actions[0].allowed_decisions),
                actions=actions,
            )
        every = [kind for kind in (DecisionType.APPROVE, DecisionType.REJECT) if _all_allow(actions, kind)]
        return Request(
            title=one_line(f"{len(actions)} actions: {', '.join(action.name for action in actions)}"),
            subject=payload["action_requests"],
            subject_format="json",
            allowed_decisions=tuple(every),
            message_required=(),
            actions=actions,
        )

    def form(self, review: Review, kind: DecisionType) -> Form | None:
        return form_of_action(review.request.actions, kind)

    def answer(self, review: Review, said: Said) -> Any:
        return self.combine(review, [said] * len(review.request.actions))

    def combine(self, review: Review, said: Sequence[Said]) -> Any:
        """One decision for each action, in their order."""
        actions = review.request.actions
        if len(said) != len(actions):
            raise refuse(review, f"it has {len(actions)} actions, and {len(said)} decisions were given.")
        for action, each in zip(actions, said, strict=True):
            if each.type not in action.allowed_decisions:
                raise refuse(review, f"{action.name} offers {', '.join(action.allowed_decisions)}, not {each.type}.")
        return {
            "decisions": [
                decision_of(review, {"name": action.name, "args": action.args}, each)
                for action, each in zip(actions, said, strict=True)
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
        return kinds.pop() if len(kinds) == 1 else DecisionType.RESPOND


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


def _all_allow(actions: Sequence[ActionRequest], kind: DecisionType) -> bool:
    return all(kind in action.allowed_decisions for action in actions)
