"""Decisions taken back in time, or applied before it is over. Each verb is one transaction."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from review.errors import HeldByOther, Refused, ReviewError, StorageFailed
from review.ledger.audit import Note
from review.ledger.database import Database
from review.ledger.decisions import give_work
from review.ledger.reviews import get_review
from review.ledger.tables import decisions, reviews
from review.ledger.timers import set_last_escalation
from review.model import Decision, Review, ReviewStatus, now
from review.names import same_name
from review.reviewers import SYSTEM, Reviewer
from review.versions import ASKED_ANEW, version_of


class Undo:
    """What can be taken back of one ledger's decisions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def withdraw(self, review_id: str, reviewer: Reviewer) -> Review:
        """Take a decision back before it is applied; the review is pending again under a new version, the decision
        stays as withdrawn. Who has done so already, with nothing since, is told what came of that. Raises `Refused`
        once its time is over, `HeldByOther` where somebody else made it."""
        try:
            with self._database.write() as connection:
                return _withdraw(connection, review_id, Note(connection, reviewer))
        except StorageFailed:
            # The failure may have come behind the commit.
            if (undone := self._undone(review_id, reviewer)) is None:
                raise
            return undone

    def withdraw_batch(self, batch: str, reviewer: Reviewer) -> dict[str, Review | ReviewError]:
        """As `withdraw`, for every decision of the batch that stands, in one transaction: by review, what it is now,
        or why its decision stays."""
        query = select(decisions.c.review_id).where(decisions.c.batch == batch, decisions.c.withdrawn_at.is_(None))
        outcomes: dict[str, Review | ReviewError] = {}
        with self._database.write() as connection:
            note = Note(connection, reviewer)
            for review_id in connection.scalars(query.order_by(decisions.c.decided_at, decisions.c.id)).all():
                try:
                    outcomes[review_id] = _withdraw(connection, review_id, note)
                except ReviewError as refusal:  # which comes before anything is changed
                    outcomes[review_id] = refusal
        return outcomes

    def _undone(self, review_id: str, reviewer: Reviewer) -> Review | None:
        try:
            with self._database.read() as connection:
                review = get_review(connection, review_id)
                return review if _has_undone(connection, review, reviewer) else None
        except ReviewError:
            return None

    def hasten(self, review_id: str, reviewer: Reviewer) -> Review:
        """Have a decision applied now that could still be undone. Raises as `withdraw`."""
        with self._database.write() as connection:
            review = get_review(connection, review_id)
            made = _to_be_applied(review, reviewer, "apply")
            if made.apply_at > (at := now()):
                connection.execute(update(decisions).where(decisions.c.id == made.id).values(apply_at=at))
                give_work(connection, review.thread_id, at)
                Note(connection, reviewer).of_review("decision.hastened", review, type=made.type)
            return get_review(connection, review_id)


def _withdraw(connection: Connection, review_id: str, note: Note) -> Review:
    review = get_review(connection, review_id)
    if _has_undone(connection, review, note.actor):
        return review
    made = _to_be_applied(review, note.actor, "undo")
    if made.apply_at <= now():
        raise Refused(f"The decision on review {review.label} is being applied, so it cannot be undone any more.")
    put_back(connection, review, error=None)
    note.of_review("decision.withdrawn", review, type=made.type)
    return get_review(connection, review_id)


def withdraw_changed(connection: Connection, note: Note, review: Review) -> Review:
    """What a decided review asks is another question by now, which nobody has decided."""
    put_back(connection, review, ASKED_ANEW)
    told = {"type": review.decision.type} if review.decision else {}
    note.of_review("decision.withdrawn", review, **told, why=ASKED_ANEW)
    return get_review(connection, review.id)


def _has_undone(connection: Connection, review: Review, reviewer: Reviewer) -> bool:
    """Whether the last thing said of the review is that the reviewer took their decision back. One that the desk put
    back has an error."""
    if review.status != ReviewStatus.PENDING or review.error or not review.round:
        return False
    query = select(decisions.c.reviewer).where(decisions.c.review_id == review.id)
    last = connection.scalar(query.order_by(decisions.c.withdrawn_at.desc(), decisions.c.decided_at.desc()).limit(1))
    return same_name(last, reviewer.name)


def _to_be_applied(review: Review, reviewer: Reviewer, verb: str) -> Decision:
    if review.status != ReviewStatus.DECIDED or review.decision is None:
        raise Refused(f"Review {review.label} is {review.status}; there is no decision on it to {verb}.")
    if not same_name(review.decision.reviewer, reviewer.name):
        raise HeldByOther(
            f"{review.decision.reviewer} made this decision, so only they can {verb} it.",
            review_id=review.id,
            assignee=review.decision.reviewer,
        )
    return review.decision


def put_back(connection: Connection, review: Review, error: str | None) -> None:
    """Make a decided review pending again under a new version; its decision stays, as withdrawn."""
    round_ = review.round + 1
    connection.execute(
        update(reviews)
        .where(reviews.c.id == review.id)
        .values(
            status=ReviewStatus.PENDING,
            decision_id=None,
            round=round_,
            version=version_of(review.payload, review.checkpoint_id, round_),
            error=error,
            updated_at=now(),
        )
    )
    if review.decision is not None:
        connection.execute(update(decisions).where(decisions.c.id == review.decision.id).values(withdrawn_at=now()))
        if review.decision.reviewer == SYSTEM.name:
            set_last_escalation(connection, review, error or "The graph did not take it.")
