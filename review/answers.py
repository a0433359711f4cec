"""From what a reviewer said to what the ledger records, checked before anything is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from review.dialects import Said, dialect_named
from review.dialects.base import Combining
from review.errors import DecisionNotAllowed, InvalidAnswer
from review.ledger import Draft
from review.model import DecisionType, Review
from review.plain import exceeds_64_bits, is_plain


def draft_of(review: Review, type: str, value: Any, message: str, reviewer: str, undo_seconds: float) -> Draft:
    """Check what was said against what the review offers; make the graph's value of it.

    Raises `DecisionNotAllowed` or `InvalidAnswer`, whose details name the fields in `errors`.
    """
    _check_plain(review, value)
    dialect = dialect_named(review.dialect)
    if type == DecisionType.ANSWER:
        meant = dialect.meaning(review, value)
        return Draft(meant, value, message, value, undo_seconds)
    if type not in review.request.allowed_decisions:
        offered = ", ".join(review.request.allowed_decisions)
        raise DecisionNotAllowed(
            f"Review {review.id} does not offer {type!r}. It offers: {offered}.",
            review_id=review.id,
            allowed_decisions=list(review.request.allowed_decisions),
        )
    if type == DecisionType.RESPOND and type in review.request.message_required and isinstance(value, str):
        message = message or value  # the text of a response may be given as either
    if type in review.request.message_required and not message.strip():
        raise InvalidAnswer(
            f"To {type} review {review.id}, say why: the message is empty.", review_id=review.id, errors={"message": ""}
        )
    said = Said(DecisionType(type), value, message, reviewer)
    return Draft(said.type, value, message, dialect.answer(review, said), undo_seconds)


def draft_of_each(review: Review, said: Sequence[Said], undo_seconds: float) -> Draft:
    """As `draft_of`, for a review of several actions: one decision for each, in their order."""
    dialect = dialect_named(review.dialect)
    if not isinstance(dialect, Combining):
        raise DecisionNotAllowed(f"Review {review.id} asks for one decision, not for one on each action.")
    _check_plain(review, [each.value for each in said])
    resume_value = dialect.combine(review, said)
    value = [{"type": each.type, "value": each.value, "message": each.message} for each in said]
    messages = "; ".join(each.message for each in said if each.message)
    return Draft(dialect.meaning(review, resume_value), value, messages, resume_value, undo_seconds)


def _check_plain(review: Review, value: Any) -> None:
    """The ledger keeps JSON: what has no form in it would come back as something else."""
    if not is_plain(value) or exceeds_64_bits(value):
        raise InvalidAnswer(
            f"The answer to review {review.id} must be plain JSON: text, finite numbers (whole ones of up to 64 bits), "
            "lists and objects of them.",
            review_id=review.id,
            errors={"value": "must be plain JSON."},
        )
