"""agent-inbox's HumanInterrupt: one dict, a list of them, or either as JSON text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from review.contract import ActionRequest, Request
from review.dialects.base import Form, Said, form_of_action, refuse
from review.dialects.several import each_with, one_kind, request_of
from review.engine.base import Pause
from review.model import DecisionType, Review

ALLOWS = {
    DecisionType.APPROVE: "allow_accept",
    DecisionType.EDIT: "allow_edit",
    DecisionType.RESPOND: "allow_respond",
    DecisionType.IGNORE: "allow_ignore",
}
SAYS = {"accept": DecisionType.APPROVE, "edit": DecisionType.EDIT}
SAYS |= {"response": DecisionType.RESPOND, "ignore": DecisionType.IGNORE}


class AgentInbox:
    """Answered by a list of `{"type": "accept" | "edit" | "response" | "ignore", "args": ...}`, one for each."""

    name = "agent_inbox"

    def fits(self, pause: Pause, payload: Any) -> bool:
        found = _interrupts(payload)
        return bool(found) and all(_problem(each) is None for each in found)

    def malformed(self, payload: Any) -> str | None:
        """Why a payload that looks like this dialect is not of it."""
        return next((told for each in _interrupts(payload) if (told := _problem(each))), None)

    def read(self, pause: Pause, payload: Any) -> Request:
        actions = tuple(_action(each) for each in _interrupts(payload))
        listed = [{"action": action.name, "args": action.args} for action in actions]
        return request_of(actions, listed, (DecisionType.APPROVE, DecisionType.REJECT, DecisionType.IGNORE))

    def form(self, review: Review, kind: DecisionType) -> Form | None:
        return form_of_action(review.request.actions, kind)

    def answer(self, review: Review, said: Said) -> Any:
        return self.combine(review, [said] * len(review.request.actions))

    def combine(self, review: Review, said: Sequence[Said]) -> Any:
        """One answer for each action, in their order."""
        return [_response(review, action, each) for action, each in each_with(review, said)]

    def meaning(self, review: Review, value: Any) -> DecisionType:
        actions = review.request.actions
        if not isinstance(value, list) or len(value) != len(actions):
            raise refuse(review, f"the graph expects a list of {len(actions)}, each with a type and args.")
        kinds = set()
        for action, each in zip(actions, value, strict=True):
            kind = SAYS.get(each.get("type", "")) if isinstance(each, dict) else None
            if kind is None or kind not in action.allowed_decisions:
                raise refuse(review, f"the answer to {action.name} needs a type that its config allows.")
            kinds.add(kind)
        return one_kind(kinds)


def _response(review: Review, action: ActionRequest, said: Said) -> dict[str, Any]:
    whole = {"action": action.name, "args": action.args}
    match said.type:
        case DecisionType.APPROVE:
            return {"type": "accept", "args": whole}
        case DecisionType.EDIT:
            if not isinstance(said.value, dict):
                raise refuse(review, "an edit needs an object: all of the action's arguments.")
            names_an_action = set(said.value) == {"action", "args"} and "action" not in (action.args or {})
            return {"type": "edit", "args": said.value if names_an_action else whole | {"args": said.value}}
        case DecisionType.REJECT if DecisionType.RESPOND in action.allowed_decisions:
            return {"type": "response", "args": said.message or "Rejected."}
        case DecisionType.REJECT | DecisionType.IGNORE:
            return {"type": "ignore", "args": None}
        case _:
            return {"type": "response", "args": said.message or said.value}


def _interrupts(payload: Any) -> list[dict[str, Any]]:
    """What the payload holds of HumanInterrupts; none where it is something else."""
    if isinstance(payload, str) and payload.lstrip()[:1] in ("{", "["):
        try:
            payload = json.loads(payload)
        except ValueError:
            return []
    listed = payload if isinstance(payload, list) else [payload]
    return listed if listed and all(isinstance(each, dict) and "action_request" in each for each in listed) else []


def _problem(each: dict[str, Any]) -> str | None:
    request, config = each["action_request"], each.get("config")
    if not isinstance(request, dict) or not isinstance(request.get("action"), str):
        return "`action_request` is not an object with an action and its args."
    if not isinstance(config, dict):
        return "`config` is not an object that says what is allowed."
    return None if _allowed(config) else "`config` allows nothing, so nobody could answer."


def _allowed(config: dict[str, Any]) -> tuple[DecisionType, ...]:
    """What the config allows; to reject is to respond with the reason, or else to ignore."""
    kinds = [kind for kind, key in ALLOWS.items() if config.get(key)]
    if DecisionType.RESPOND in kinds or DecisionType.IGNORE in kinds:
        kinds.append(DecisionType.REJECT)
    return tuple(kinds)


def _action(each: dict[str, Any]) -> ActionRequest:
    request = each["action_request"]
    return ActionRequest(
        name=request["action"],
        args=request.get("args"),
        description=str(each.get("description") or ""),
        allowed_decisions=_allowed(each["config"]),
    )
