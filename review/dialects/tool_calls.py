"""What langchain's two modes of tool approval share: one action, one decision about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from review.dialects.base import Said, refuse
from review.model import DecisionType, Review

KNOWN = (DecisionType.APPROVE, DecisionType.EDIT, DecisionType.RESPOND, DecisionType.REJECT)


def decision_of(review: Review, action: Mapping[str, Any], said: Said) -> dict[str, Any]:
    """One of langchain's decisions: `{"type": ...}` with the edited action or the message."""
    match said.type:
        case DecisionType.APPROVE:
            return {"type": "approve"}
        case DecisionType.EDIT:
            return {"type": "edit", "edited_action": edited(review, action, said.value)}
        case DecisionType.REJECT:
            return {"type": "reject"} | ({"message": said.message} if said.message else {})
        case _:
            text = said.message or said.value
            if not isinstance(text, str) or not text:
                raise refuse(review, "to respond, give the text that the agent gets for the tool's result.")
            return {"type": "respond", "message": text}


def edited(review: Review, action: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """The action with the whole of its new arguments; also with another name, where that cannot be an argument."""
    if not isinstance(value, dict):
        raise refuse(review, "an edit needs an object: all of the tool's arguments.", value="must be an object.")
    names_an_action = set(value) == {"name", "args"} and not {"name", "args"} & set(action["args"])
    if names_an_action:
        if not isinstance(value["name"], str) or not isinstance(value["args"], dict):
            raise refuse(review, "the edited action needs a name and an object of arguments.")
        return {"name": value["name"], "args": value["args"]}
    return {"name": action["name"], "args": value}


def check_decision(review: Review, action: Mapping[str, Any], allowed: tuple[str, ...], decision: Any) -> DecisionType:
    """What a verbatim decision means. Raises `InvalidAnswer` for one that langchain would refuse."""
    if not isinstance(decision, dict) or decision.get("type") not in allowed:
        raise refuse(review, f"the decision on {action['name']} needs a type out of {', '.join(allowed)}.")
    kind = DecisionType(decision["type"])
    if kind == DecisionType.EDIT:
        changed = decision.get("edited_action")
        if not isinstance(changed, dict) or not isinstance(changed.get("args"), dict) or "name" not in changed:
            raise refuse(review, f"the edit of {action['name']} needs edited_action with name and args.")
    if kind == DecisionType.RESPOND and not isinstance(decision.get("message"), str):
        raise refuse(review, f"the response to {action['name']} needs a message.")
    return kind


def is_action(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("name"), str) and isinstance(value.get("args"), dict)
