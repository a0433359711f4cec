"""Reviews and what people do to them: each verb is one transaction, guarded by compare-and-set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from review.errors import AlreadyDecided, Changed, HeldByOther, Refused, ReviewError, ReviewNotFound
from review.ledger.audit import Note, new_id
from review.ledger.database import Database
from review.ledger.rows import decision_of, review_of, select_reviews
from review.ledger.tables import decisions, reviews, threads
from review.model import Decision, DecisionType, Review, Reviewer, ReviewStatus, now
from review.versions import version_of

PAST = {
    DecisionType.APPROVE: "review.approved",
    DecisionType.EDIT: "review.edited",
    DecisionType.REJECT: "review.rejected",
    DecisionType.RESPOND: "review.responded",
    DecisionType.IGNORE: "review.ignored",
    DecisionType.CONTINUE: "review.continued",
    DecisionType.RETRY: "review.retried",
}


@dataclass(frozen=True)
class Draft:
    """A decision before it is recorded: what the reviewer said, and what the graph will get for it."""

    type: DecisionType
    value: Any = None
    message: str = ""
    resume_value: Any = None
    undo_seconds: float = 0


class Reviews:
    """The reviews of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, review_id: str) -> Review:
        """Raises `ReviewNotFound`."""
        with self._database.read() as connection:
            return _get(connection, review_id)

    def of_thread(self, thread_id: str, *, status: Sequence[str] = ()) -> list[Review]:
        """The thread's reviews, oldest first."""
        query = select_reviews().where(reviews.c.thread_id == thread_id)
        if status:
            query = query.where(reviews.c.status.in_(status))
        with self._database.read() as connection:
            return [review_of(row) for row in connection.execute(query.order_by(reviews.c.created_at, reviews.c.id))]

    def page(
        self,
        *,
        graph: str | None = None,
        status: Sequence[str] = (ReviewStatus.PENDING,),
        after: tuple[datetime, str] | None = None,
        limit: int = 50,
    ) -> list[Review]:
        """The oldest `limit` reviews that fit, beyond the key `after` (created_at, id) of the page before."""
        query = select_reviews().where(*_fitting(graph, status))
        if after is not None:
            query = query.where(
                or_(reviews.c.created_at > after[0], and_(reviews.c.created_at == after[0], reviews.c.id > after[1]))
            )
        query = query.order_by(reviews.c.created_at, reviews.c.id).limit(limit)
        with self._database.read() as connection:
            return [review_of(row) for row in connection.execute(query)]

    def count(self, *, graph: str | None = None, status: Sequence[str] = (ReviewStatus.PENDING,)) -> int:
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).select_from(reviews).where(*_fitting(graph, status))) or 0

    def siblings(self, shown: Sequence[Review]) -> dict[str, list[str]]:
        """For each of `shown`, the ids of what its thread asked in the same step, its own among them, oldest first;
        those that are superseded are left out."""
        query = select(reviews.c.id, reviews.c.thread_id, reviews.c.checkpoint_id).where(
            reviews.c.thread_id.in_({review.thread_id for review in shown}),
            reviews.c.checkpoint_id.in_({review.checkpoint_id for review in shown}),
            reviews.c.status != ReviewStatus.SUPERSEDED,
        )
        steps: dict[tuple[str, str], list[str]] = {}
        with self._database.read() as connection:
            for found in connection.execute(query.order_by(reviews.c.created_at, reviews.c.id)):
                steps.setdefault((found.thread_id, found.checkpoint_id), []).append(found.id)
        return {review.id: steps.get((review.thread_id, review.checkpoint_id or ""), []) for review in shown}

    def last_withdrawn(self, review_id: str) -> Decision | None:
        """The newest decision on the review that does not stand: undone, or refused by the graph."""
        query = select(decisions).where(decisions.c.review_id == review_id, decisions.c.withdrawn_at.is_not(None))
        with self._database.read() as connection:
            row = connection.execute(query.order_by(decisions.c.withdrawn_at.desc()).limit(1)).first()
        return decision_of(row._asdict()) if row else None

    def decide(self, review_id: str, version: str, draft: Draft, reviewer: Reviewer) -> Review:
        """Record the decision on the pending `version`: compare-and-set, decision, audit, and work for a relay.

        Raises `AlreadyDecided`, `Changed` or `HeldByOther` with nothing recorded but the refusal.
        """
        with self._database.write() as connection:
            free = _free_for(reviewer.name, now())
            if made := make_decision(connection, review_id, version, draft, reviewer, free):
                return made
            review = _get(connection, review_id)
            refusal = _refusal(review, version, reviewer.name)
            Note(connection, reviewer).of_review("decision.refused", review, type=draft.type, why=refusal.code)
        raise refusal

    def retry(self, review_id: str, reviewer: Reviewer) -> Review:
        """Have the recorded decision of a review whose resume failed applied once more."""
        with self._database.write() as connection:
            won = connection.execute(
                update(reviews)
                .where(reviews.c.id == review_id, reviews.c.status == ReviewStatus.RESUME_FAILED)
                .values(status=ReviewStatus.RESUMING, error=None, updated_at=now())
            ).rowcount
            review = _get(connection, review_id)
            if won:
                _give_work(connection, review.thread_id, now())
                Note(connection, reviewer).of_review("review.retried", review)
                return review
        raise _refusal(review, review.version, reviewer.name)

    def withdraw(self, review_id: str, reviewer: Reviewer) -> Review:
        """Take a decision back that no relay has taken yet; the review is pending again under a new version."""
        with self._database.write() as connection:
            review = _get(connection, review_id)
            if review.status != ReviewStatus.DECIDED or review.decision is None:
                raise Refused(
                    f"Review {review_id} is {review.status}; only a decision that is not yet applied can be undone."
                )
            if review.decision.reviewer != reviewer.name:
                raise HeldByOther(
                    f"{review.decision.reviewer} made this decision, so only they can undo it.",
                    review_id=review_id,
                    assignee=review.decision.reviewer,
                )
            put_back(connection, review, error=None)
            Note(connection, reviewer).of_review("decision.withdrawn", review, type=review.decision.type)
            return _get(connection, review_id)

    def claim(self, review_id: str, reviewer: Reviewer, seconds: float) -> Review:
        """Reserve a pending review for `reviewer`. Raises `HeldByOther` or `AlreadyDecided`."""
        at = now()
        with self._database.write() as connection:
            won = connection.execute(
                update(reviews)
                .where(
                    reviews.c.id == review_id,
                    reviews.c.status == ReviewStatus.PENDING,
                    _free_for(reviewer.name, at),
                )
                .values(assignee=reviewer.name, claimed_until=at + timedelta(seconds=seconds), updated_at=at)
            ).rowcount
            review = _get(connection, review_id)
            if won:
                Note(connection, reviewer).of_review("review.claimed", review)
                return review
        raise _refusal(review, review.version, reviewer.name)

    def release(self, review_id: str, reviewer: Reviewer) -> Review:
        """Give up a claim. Raises `HeldByOther` where it is somebody else's; a free review stays free."""
        with self._database.write() as connection:
            review = _get(connection, review_id)
            if review.assignee not in (None, reviewer.name):
                raise _held(review)
            if review.assignee:
                connection.execute(
                    update(reviews).where(reviews.c.id == review_id).values(assignee=None, claimed_until=None)
                )
                Note(connection, reviewer).of_review("review.released", review)
            return _get(connection, review_id)


def make_decision(
    connection: Connection,
    review_id: str,
    version: str,
    draft: Draft,
    reviewer: Reviewer,
    *only_if: Any,
    detail: Mapping[str, Any] = MappingProxyType({}),
) -> Review | None:
    """The one way in which a decision comes about: compare-and-set, decision, work for a relay, audit with `detail`.
    None, with nothing recorded, where the pending review is not of that version, or not as `only_if` wants it."""
    at = now()
    decision = {
        "id": new_id("decision"),
        "review_id": review_id,
        "version": version,
        "type": draft.type,
        "value": draft.value,
        "message": draft.message,
        "resume_value": draft.resume_value,
        "reviewer": reviewer.name,
        "signed_in": reviewer.signed_in,
        "decided_at": at,
        "apply_at": at + timedelta(seconds=draft.undo_seconds),
    }
    won = connection.execute(
        update(reviews)
        .where(
            reviews.c.id == review_id,
            reviews.c.version == version,
            reviews.c.status == ReviewStatus.PENDING,
            *only_if,
        )
        .values(status=ReviewStatus.DECIDED, decision_id=decision["id"], error=None, updated_at=at)
    ).rowcount
    if not won:
        return None
    connection.execute(insert(decisions).values(decision))
    review = _get(connection, review_id)
    _give_work(connection, review.thread_id, decision["apply_at"])
    Note(connection, reviewer).of_review(PAST[draft.type], review, **_detail(draft), **detail)
    return review


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


def _get(connection: Connection, review_id: str) -> Review:
    row = connection.execute(select_reviews().where(reviews.c.id == review_id)).first()
    if row is None:
        raise ReviewNotFound(f"There is no review {review_id!r}. `python -m review queue` lists those that wait.")
    return review_of(row)


def _fitting(graph: str | None, status: Sequence[str]) -> list[Any]:
    return [reviews.c.status.in_(status)] * bool(status) + [reviews.c.graph == graph] * (graph is not None)


def _free_for(name: str, at: datetime) -> Any:
    return or_(reviews.c.assignee.is_(None), reviews.c.assignee == name, reviews.c.claimed_until < at)


def _give_work(connection: Connection, thread_id: str, at: datetime) -> None:
    sooner = or_(threads.c.work_at.is_(None), threads.c.work_at > at)
    connection.execute(update(threads).where(threads.c.id == thread_id, sooner).values(work_at=at))


def _detail(draft: Draft) -> dict[str, Any]:
    return {"message": draft.message} if draft.message else {}


def _held(review: Review) -> HeldByOther:
    return HeldByOther(
        f"{review.assignee} has claimed review {review.id}. Ask them to release it, or wait until the claim ends.",
        review_id=review.id,
        assignee=review.assignee,
    )


def _refusal(review: Review, version: str, name: str) -> ReviewError:
    """Why a compare-and-set on `review` changed no row."""
    if review.decision is not None:
        made = review.decision
        return AlreadyDecided(
            f"{made.reviewer} decided review {review.id} already: {made.type}, {made.decided_at:%Y-%m-%d %H:%M:%S} UTC."
            " Your decision was not recorded.",
            review_id=review.id,
            decision=made.type,
            reviewer=made.reviewer,
            decided_at=made.decided_at.isoformat(),
        )
    if review.status != ReviewStatus.PENDING:
        return Changed(
            f"Review {review.id} is {review.status}: its thread moved on. Open the queue for what waits now.",
            review_id=review.id,
            shown=version,
            version=review.version,
        )
    if review.version != version:
        return Changed(
            f"Review {review.id} changed since it was shown, so the decision was not recorded. Look at it again.",
            review_id=review.id,
            shown=version,
            version=review.version,
        )
    return _held(review)
