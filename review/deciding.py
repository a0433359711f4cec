"""What a person does with a review: decide it, take that back, claim it, have it open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from review.answers import draft_of, draft_of_each
from review.dialects import Said
from review.ledger import Draft
from review.model import DecisionType, Review, Reviewer, ReviewStatus
from review.parts import Parts


class Deciding(Parts):
    """The verbs on one review. Every method raises `ReviewError` subclasses alone."""

    def decide(
        self,
        review_id: str,
        type: str,
        reviewer: Reviewer,
        *,
        value: Any = None,
        message: str = "",
        version: str | None = None,
        undo_seconds: float = 0,
        take_over: bool = False,
        key: str | None = None,
    ) -> Review:
        """Record a decision on the version that was shown (without one, on the version that is pending now).

        It is applied after `undo_seconds`. Who asks again with the same `key` gets the decision that was made with it.
        Raises `DecisionNotAllowed` or `InvalidAnswer` before anything is recorded, `AlreadyDecided`, `Changed` or
        `HeldByOther` (not with `take_over`) where the compare-and-set fails.
        """
        review = self.ledger.reviews.get(review_id)
        if review.status == ReviewStatus.RESUME_FAILED and type == DecisionType.RETRY:
            review = self.ledger.decisions.retry(review_id, reviewer)
            self._wake(review.thread_id)
            return review
        draft = draft_of(review, type, value, message, reviewer.name, undo_seconds)
        return self._decide(review, draft, reviewer, version, take_over, key)

    def decide_actions(
        self,
        review_id: str,
        said: Sequence[Said],
        reviewer: Reviewer,
        *,
        version: str | None = None,
        undo_seconds: float = 0,
        take_over: bool = False,
        key: str | None = None,
    ) -> Review:
        """As `decide`, for a review of several actions: one decision for each, in their order."""
        review = self.ledger.reviews.get(review_id)
        return self._decide(review, draft_of_each(review, said, undo_seconds), reviewer, version, take_over, key)

    def undo(self, review_id: str, reviewer: Reviewer) -> Review:
        """Take a decision back before it is applied."""
        return self.ledger.decisions.withdraw(review_id, reviewer)

    def apply_now(self, review_id: str, reviewer: Reviewer) -> Review:
        """Have a decision applied now that could still be undone."""
        review = self.ledger.decisions.hasten(review_id, reviewer)
        self._wake(review.thread_id)
        return review

    def undo_seconds(self, graph: str) -> float:
        """How long a decision that is made in the app on this graph's reviews can be taken back."""
        own = self.settings.policy_of(graph).undo_seconds
        return self.settings.undo_seconds if own is None else own

    def claim(
        self, review_id: str, reviewer: Reviewer, *, seconds: float | None = None, take_over: bool = False
    ) -> Review:
        """Reserve a review for `seconds` (the setting's); with `take_over`, also from who has claimed it."""
        lasts = self.settings.claim_seconds if seconds is None else seconds
        return self.ledger.claims.claim(review_id, reviewer, lasts, take_over=take_over)

    def release(self, review_id: str, reviewer: Reviewer) -> Review:
        """Give up a claim."""
        return self.ledger.claims.release(review_id, reviewer)

    def look_at(self, review_id: str, session: str, reviewer: Reviewer) -> list[str]:
        """A browser has the review open, and is heard of every few seconds: its claim goes on, and who else has the
        review open is told."""
        silent = self.settings.browser_seconds
        self.ledger.claims.keep(review_id, reviewer, silent)
        return self.ledger.viewers.seen(review_id, session, reviewer.name, silent)

    def _decide(
        self, review: Review, draft: Draft, reviewer: Reviewer, version: str | None, take_over: bool, key: str | None
    ) -> Review:
        draft = replace(draft, id=key) if key else draft
        shown = version or review.version
        review = self.ledger.decisions.decide(review.id, shown, draft, reviewer, take_over=take_over)
        self._wake(review.thread_id)
        return review
