"""What a person does with a review: decide it, take that back, claim it, have it open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypedDict, Unpack

from review.answers import draft_of, draft_of_each
from review.critical import check_confirmation
from review.dialects import Said
from review.errors import InvalidAnswer
from review.ledger import Draft
from review.ledger.decisions import decision_id
from review.model import DecisionType, Review, ReviewStatus
from review.parts import Parts
from review.reviewers import Reviewer

REASON_LENGTH = 200
ASKS_WHY = (DecisionType.REJECT, DecisionType.RESPOND)


class Terms(TypedDict, total=False):
    """What goes with a decision."""

    version: str | None  # the one that was shown; without it, the one that is pending now
    undo_seconds: float  # how long it can be taken back; it is applied after that
    reason: str | None  # one of the graph's list, where its policy has one; the message too, where there is none
    confirmation: str | None  # the review's `confirmation_word`, without which nothing lets a critical one through
    seconds_shown: float | None  # how long the reviewer had it on screen
    take_over: bool  # even if somebody else has claimed it
    key: str | None  # who sends the same one again for this version gets the decision that was made with it


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
        **terms: Unpack[Terms],
    ) -> Review:
        """Record a decision.

        Raises `DecisionNotAllowed` or `InvalidAnswer` before anything is recorded, `AlreadyDecided`, `Changed` or
        `HeldByOther` (not with `take_over`) where the compare-and-set fails.
        """
        review = self.ledger.reviews.get(review_id)
        if review.status == ReviewStatus.RESUME_FAILED and type == DecisionType.RETRY:
            review = self.ledger.decisions.retry(review_id, reviewer)
            self._wake(review.thread_id)
            return review
        told = self._told(review, terms.get("reason"), terms.get("seconds_shown"))
        draft = draft_of(review, type, value, said_why(type, message, told), reviewer.name)
        return self._decide(review, replace(draft, **told), [type, draft.type], reviewer, terms)

    def decide_actions(
        self, review_id: str, said: Sequence[Said], reviewer: Reviewer, **terms: Unpack[Terms]
    ) -> Review:
        """As `decide`, for a review of several actions: one decision for each, in their order."""
        review = self.ledger.reviews.get(review_id)
        draft = draft_of_each(review, said)
        told = self._told(review, terms.get("reason"), terms.get("seconds_shown"))
        return self._decide(review, replace(draft, **told), [each.type for each in said], reviewer, terms)

    def undo(self, review_id: str, reviewer: Reviewer) -> Review:
        """Take a decision back before it is applied."""
        return self.ledger.undo.withdraw(review_id, reviewer)

    def apply_now(self, review_id: str, reviewer: Reviewer) -> Review:
        """Have a decision applied now that could still be undone."""
        review = self.ledger.undo.hasten(review_id, reviewer)
        self._wake(review.thread_id)
        return review

    def undo_seconds(self, graph: str) -> float:
        """How long a decision that is made in the app on this graph's reviews can be taken back."""
        own = self.settings.policy_of(graph).undo_seconds
        return self.settings.undo_seconds if own is None else own

    def reasons(self, graph: str) -> tuple[str, ...]:
        """What is offered to who rejects or asks for changes; where it is empty, any reason will do."""
        return self.settings.policy_of(graph).reasons

    def claim(
        self, review_id: str, reviewer: Reviewer, *, seconds: float | None = None, take_over: bool = False
    ) -> Review:
        """Reserve a review for `seconds` (the setting's); with `take_over`, also from who has claimed it."""
        lasts = self.settings.claim_seconds if seconds is None else seconds
        return self.ledger.claims.claim(review_id, reviewer, lasts, take_over=take_over)

    def release(self, review_id: str, reviewer: Reviewer) -> Review:
        """Give up a claim."""
        return self.ledger.claims.release(review_id, reviewer)

    def look_at(self, review_id: str, session: str, reviewer: Reviewer, left: str | None = None) -> list[str]:
        """A browser has the review open, and is heard of every few seconds: its claim goes on, and who else has the
        review open is told. Of the review that it has `left` for this one, others need not wait until it has been
        silent for long."""
        return self.ledger.viewers.seen(review_id, session, reviewer, self.settings.browser_seconds, left)

    def _told(self, review: Review, reason: str | None, seconds_shown: float | None) -> dict[str, Any]:
        """What is recorded beside the decision, checked."""
        if seconds_shown is not None and not 0 <= seconds_shown < float("inf"):
            raise InvalidAnswer(f"A review is on screen for a number of seconds, not for {seconds_shown}.")
        reason = (reason or "").strip() or None
        offered = self.reasons(review.graph)
        if reason and offered and reason not in offered:
            raise InvalidAnswer(
                f"{reason!r:.80} is none of the reasons of graph {review.graph}: {', '.join(offered)}. "
                "Take one of them, and say the rest in the message.",
                review_id=review.id,
                errors={"reason": f"must be one of {', '.join(offered)}."},
            )
        if reason and len(reason) > REASON_LENGTH:
            raise InvalidAnswer(
                f"A reason has at most {REASON_LENGTH} characters. Say the rest in the message.", review_id=review.id
            )
        return {"reason": reason, "seconds_shown": seconds_shown}

    def _decide(self, review: Review, draft: Draft, kinds: Sequence[str], reviewer: Reviewer, terms: Terms) -> Review:
        if unknown := terms.keys() - Terms.__annotations__.keys():  # nothing else would tell of `verison=`
            known = ", ".join(Terms.__annotations__)
            raise TypeError(f"A decision has no {', '.join(sorted(unknown))}; it may have {known}.")
        check_confirmation(review, kinds, terms.get("confirmation"))
        version = terms.get("version") or review.version
        draft = replace(draft, undo_seconds=terms.get("undo_seconds", 0))
        if key := terms.get("key"):
            draft = replace(draft, id=decision_id(review.id, version, key))
        take_over = terms.get("take_over", False)
        review = self.ledger.decisions.decide(review.id, version, draft, reviewer, take_over=take_over)
        if not draft.undo_seconds:  # else the relay finds it when its time has come
            self._wake(review.thread_id)
        return review


def said_why(type: str, message: str, told: Mapping[str, Any]) -> str:
    """The message; of who turns down or asks for changes and writes none, the reason."""
    return message if message.strip() or type not in ASKS_WHY else str(told["reason"] or message)
