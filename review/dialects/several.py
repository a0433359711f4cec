"""What dialects of several actions at once share: one request for all of them, one decision on each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from review.contract import ActionRequest, Request
from review.dialects.base import Said, one_line, refuse
from review.model import DecisionType, Review


def request_of(actions: Sequence[ActionRequest], listed: Any, for_all: Sequence[DecisionType]) -> Request:
    """What is asked of one action, or of several at once. Of several, `listed` is the subject, and one decision can be
    for all of them where it is one of `for_all` and every action offers it."""
    if len(actions) == 1:
        (action,) = actions
        return Request(
            title=one_line(f"{action.name}?"),
            description=action.description,
            subject=action.args,
            subject_format="json",
            allowed_decisions=action.allowed_decisions,
            message_required=tuple(kind for kind in ("respond",) if kind in action.allowed_decisions),
            actions=tuple(actions),
        )
    return Request(
        title=one_line(f"{len(actions)} actions: {', '.join(action.name for action in actions)}"),
        subject=listed,
        subject_format="json",
        allowed_decisions=tuple(kind for kind in for_all if all(kind in each.allowed_decisions for each in actions)),
        message_required=(),
        actions=tuple(actions),
    )


def each_with(review: Review, said: Sequence[Said]) -> Iterator[tuple[ActionRequest, Said]]:
    """Each action with the decision on it. Raises `InvalidAnswer` where they are not as many, or where an action does
    not offer its decision."""
    actions = review.request.actions
    if len(said) != len(actions):
        raise refuse(review, f"it has {len(actions)} actions, and {len(said)} decisions were given.")
    for action, each in zip(actions, said, strict=True):
        if each.type not in action.allowed_decisions:
            raise refuse(review, f"{action.name} offers {', '.join(action.allowed_decisions)}, not {each.type}.")
        yield action, each


def one_kind(kinds: Collection[DecisionType]) -> DecisionType:
    """What decisions on several actions are recorded as: themselves where they are alike, else an answer in words."""
    return next(iter(kinds)) if len(set(kinds)) == 1 else DecisionType.RESPOND
