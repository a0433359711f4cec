"""From what a reviewer said to what the ledger records, checked before anything is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from review.dialects import Said, dialect_named
from review.dialects.base import Combining
from review.errors import DecisionNotAllowed, InvalidAnswer
from review.forms import MISSING
from review.ledger import Draft
from review.model import DecisionType, Review
from review.plain import exceeds_64_bits, is_plain
from review.redline import share_changed


def draft_of(review: Review, type: str, value: Any, message: str, reviewer: str) -> Draft:
    """Check what was said against what the review offers; make the graph's value of it.

    Raises `DecisionNotAllowed` or `InvalidAnswer`, whose details name the fields in `errors`.
    """
    _check_plain(review, value)
    dialect = dialect_named(review.dialect)
    if type == DecisionType.ANSWER:
        meant = dialect.meaning(review, value)
        return Draft(meant, value, message, value)
    if type not in review.request.allowed_decisions:
        offered = ", ".join(review.request.allowed_decisions)
        raise DecisionNotAllowed(
            f"Review {review.label} does not offer {str(type)!r}. It offers: {offered}.",
            review_id=review.id,
            allowed_decisions=list(review.request.allowed_decisions),
        )
    if type == DecisionType.RESPOND and type in review.request.message_required and isinstance(value, str):
        message = message or value  # the text of a response may be given as either
    if type in review.request.message_required and not message.strip():
        raise InvalidAnswer(
            f"To {type} review {review.label}, say why: the message is empty.",
            review_id=review.id,
            errors={"message": ""},
        )
    said = Said(DecisionType(type), value, message, reviewer)
    answer = dialect.answer(review, said)
    return Draft(said.type, value, message, answer, share_changed=_share_of_edit(review, said))


def draft_of_each(review: Review, said: Sequence[Said]) -> Draft:
    """As `draft_of`, for a review of several actions: one decision for each, in their order."""
    dialect = dialect_named(review.dialect)
    if not isinstance(dialect, Combining):
        raise DecisionNotAllowed(f"Review {review.label} asks for one decision, not for one on each action.")
    _check_plain(review, [each.value for each in said])
    resume_value = dialect.combine(review, said)
    value = [{"type": each.type, "value": each.value, "message": each.message} for each in said]
    messages = "; ".join(each.message for each in said if each.message)
    before = [action.args for action in review.request.actions]
    after = [each.value if each.type == DecisionType.EDIT else args for each, args in zip(said, before, strict=False)]
    share = share_changed(before, after) if any(each.type == DecisionType.EDIT for each in said) else None
    return Draft(dialect.meaning(review, resume_value), value, messages, resume_value, share_changed=share)


def _share_of_edit(review: Review, said: Said) -> float | None:
    """How much of what was under review an edit changes."""
    if said.type != DecisionType.EDIT:
        return None
    form = dialect_named(review.dialect).form(review, said.type)
    share = None if form is None or form.start is MISSING else share_changed(form.start, said.value)
    return share_changed(review.request.subject, said.value) if share is None else share


def _check_plain(review: Review, value: Any) -> None:
    """The ledger keeps JSON: what has no form in it would come back as something else."""
    if not is_plain(value) or exceeds_64_bits(value):
        raise InvalidAnswer(
            f"The answer to review {review.label} must be plain JSON: text, finite numbers (whole ones of up to 64 "
            "bits), lists and objects of them.",
            review_id=review.id,
            errors={"value": "must be plain JSON."},
        )
