"""Critical reviews: which ones they are, and the word that has to be typed before one is let through."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from review.errors import DecisionNotAllowed, InvalidAnswer
from review.ledger import Opening, Settlement
from review.model import DecisionType, Review
from review.policy import Policy

CONSENTS = frozenset({DecisionType.APPROVE, DecisionType.CONTINUE})
REFUSALS = frozenset({DecisionType.REJECT, DecisionType.IGNORE})
FREE = "other"  # the dialect of what no other reads
LETS_THROUGH = CONSENTS | {DecisionType.EDIT}


def marked(settlement: Settlement, policy: Policy) -> Settlement:
    """The settlement with those of its openings marked that are critical, by the policy or by their payload."""
    openings = (_marked(opening, policy) for opening in settlement.openings)
    return replace(settlement, openings=tuple(openings))


def confirmation_word(review: Review) -> str:
    """What has to be typed: the graph's name, which is on screen and the same for all of its threads."""
    return review.graph


def needs_confirmation(review: Review, kinds: Collection[str]) -> bool:
    """Whether a decision of these types (several, of several actions) may let a critical review through. A response
    may, where no approval is offered or the payload is of no known convention; a verbatim answer may, unless it means
    a refusal."""
    if not review.critical:
        return False
    lets_through = set(LETS_THROUGH)
    if review.dialect == FREE or CONSENTS.isdisjoint(review.request.allowed_decisions):
        lets_through.add(DecisionType.RESPOND)
    verbatim = DecisionType.ANSWER in kinds and REFUSALS.isdisjoint(kinds)
    return verbatim or any(kind in lets_through for kind in kinds)


def lacks_confirmation(review: Review, kinds: Collection[str], given: str | None) -> bool:
    """Whether these decisions would let it through, and what was given is not its word."""
    return needs_confirmation(review, kinds) and (given or "").strip() != confirmation_word(review)


def check_confirmation(review: Review, kinds: Collection[str], given: str | None) -> None:
    """Raises `InvalidAnswer` that says what to type."""
    word = confirmation_word(review)
    if lacks_confirmation(review, kinds, given):
        raise InvalidAnswer(
            f"Review {review.label} is critical: to let it through, type {word!r} as the confirmation. "
            "Nothing was recorded.",
            review_id=review.id,
            confirmation=word,
            errors={"confirmation": f"must be {word}."},
        )


def left_out(review: Review) -> DecisionNotAllowed:
    """Why a critical review is not decided together with others."""
    return DecisionNotAllowed(
        f"Review {review.label} is critical, so it is left out: open it and decide it by itself.", review_id=review.id
    )


def _marked(opening: Opening, policy: Policy) -> Opening:
    said: Any = opening.payload.get("critical") if isinstance(opening.payload, Mapping) else None
    return replace(opening, critical=policy.critical or said is True)
