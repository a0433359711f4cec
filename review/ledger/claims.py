"""Claims: who holds a review, for how long; who has it open; and the sentences of a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select, update

from review.errors import AlreadyDecided, Changed, HeldByOther, Refused, ReviewError
from review.ledger.audit import Note
from review.ledger.database import Database
from review.ledger.reviews import get_review
from review.ledger.rows import entry_of
from review.ledger.spelling import spellings
from review.ledger.tables import audit, reviews, viewers
from review.model import Review, ReviewStatus, now
from review.names import same_name
from review.reviewers import Reviewer
from review.times import from_iso, iso

CLAIMED, ASSIGNED = "review.claimed", "review.assigned"
# What tells of a review whose it is.
RESERVING = (CLAIMED, ASSIGNED, "review.taken_over", "review.released", "claim.withdrawn")


class Claims:
    """The claims of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(
        self, review_id: str, reviewer: Reviewer, seconds: float, *, take_over: bool = False, batch: str | None = None
    ) -> Review:
        """Reserve a pending review for `reviewer`; who has it already keeps it so much longer. With `take_over`, also
        from somebody else, which is recorded. By its `batch` it can be taken back. Raises `HeldByOther` or
        `AlreadyDecided`."""
        at = now()
        with self._database.write() as connection:
            before = get_review(connection, review_id)
            if take_over:
                take_claim_over(connection, review_id, before.version, reviewer)
            won = connection.execute(
                update(reviews)
                .where(
                    reviews.c.id == review_id,
                    reviews.c.status == ReviewStatus.PENDING,
                    free_for(connection, review_id, reviewer.name, at),
                )
                .values(assignee=reviewer.name, claimed_until=at + timedelta(seconds=seconds), updated_at=at)
            ).rowcount
            review = get_review(connection, review_id)
            if won:
                if not same_name(before.holder(at), reviewer.name):
                    Note(connection, reviewer).of_review(CLAIMED, review, **_to_take_back(batch, before))
                return review
        raise refusal_of(review, review.version)

    def assign(
        self,
        review_id: str,
        to: str,
        reviewer: Reviewer,
        seconds: float,
        *,
        take_over: bool = False,
        batch: str | None = None,
    ) -> Review:
        """Reserve a pending review for somebody else, who can release it; one that is claimed already, with
        `take_over` only. Otherwise as `claim`."""
        at = now()
        with self._database.write() as connection:
            before = get_review(connection, review_id)
            won = connection.execute(
                update(reviews)
                .where(reviews.c.id == review_id, reviews.c.status == ReviewStatus.PENDING)
                .where(*() if take_over else [free_for(connection, review_id, to, at)])
                .values(assignee=to, claimed_until=at + timedelta(seconds=seconds), updated_at=at)
            ).rowcount
            review = get_review(connection, review_id)
            if won:
                was = before.holder(at)
                if not same_name(was, to):
                    detail = ({"was": was} if was else {}) | _to_take_back(batch, before)
                    Note(connection, reviewer).of_review(ASSIGNED, review, to=to, **detail)
                return review
        raise refusal_of(review, review.version)

    def release(self, review_id: str, reviewer: Reviewer) -> Review:
        """Give up a claim. Raises `HeldByOther` where it is somebody else's; a free review stays free."""
        with self._database.write() as connection:
            review = get_review(connection, review_id)
            holder = review.holder(now())
            if holder and not same_name(holder, reviewer.name):
                raise held(review)
            if review.assignee:
                connection.execute(
                    update(reviews).where(reviews.c.id == review_id).values(assignee=None, claimed_until=None)
                )
                Note(connection, reviewer).of_review("review.released", review)
            return get_review(connection, review_id)

    def withdraw_batch(
        self, batch: str, review_ids: Sequence[str], reviewer: Reviewer, seconds: float
    ) -> dict[str, Review | ReviewError]:
        """What `reviewer` reserved under that name is as it was before, in one transaction: by review, what it is now,
        or why it stays reserved. Nothing of what the batch changed nothing of. Somebody else keeps what they were seen
        to have open within so many `seconds`."""
        outcomes: dict[str, Review | ReviewError] = {}
        with self._database.write() as connection:
            note = Note(connection, reviewer)
            for review_id in dict.fromkeys(review_ids):
                try:
                    if (withdrawn := _withdraw(connection, review_id, batch, note, seconds)) is not None:
                        outcomes[review_id] = withdrawn
                except ReviewError as refusal:  # which comes before anything is changed
                    outcomes[review_id] = refusal
        return outcomes


def _to_take_back(batch: str | None, before: Review) -> dict[str, Any]:
    """What the entry of a claim in a batch has beside: whose the review was, until when."""
    if batch is None:
        return {}
    was, until = before.holder(now()), before.claimed_until
    return {"batch": batch} | ({"was": was, "was_until": iso(until)} if was and until else {})


def _withdraw(connection: Connection, review_id: str, batch: str, note: Note, seconds: float) -> Review | None:
    review = get_review(connection, review_id)
    of_review = (audit.c.thread_id == review.thread_id, audit.c.review_id == review_id)
    newest = select(audit).where(*of_review, audit.c.action.in_(RESERVING)).order_by(audit.c.id.desc())
    told = [entry_of(row) for row in connection.execute(newest)]
    made = next((entry for entry in told if entry.detail.get("batch") == batch), None)
    if made is None or not same_name(made.actor, note.actor.name):
        return None
    to = made.detail.get("to") or made.actor
    if review.status != ReviewStatus.PENDING:
        raise Refused(f"Review {review.label} waits for nobody any more, so it stays as it is.")
    since = Refused(f"Somebody claimed, assigned or released review {review.label} since, so it stays as it is.")
    if made is not told[0]:
        raise since
    at = now()
    open_with = (viewers.c.review_id == review_id, viewers.c.seen_at >= at - timedelta(seconds=seconds))
    if not same_name(to, note.actor.name) and spellings(connection, viewers.c.reviewer, to, *open_with):
        raise Refused(f"{to} has review {review.label} open. Ask them to release it, or take it over.")
    was, until = made.detail.get("was"), made.detail.get("was_until")
    before = from_iso(until) if until else None
    still = before is not None and before > at
    holder = {"assignee": was, "claimed_until": before} if still else {"assignee": None, "claimed_until": None}
    as_read = [reviews.c[name] == getattr(review, name) for name in ("id", "status", "assignee", "claimed_until")]
    if not connection.execute(update(reviews).where(*as_read).values(**holder, updated_at=at)).rowcount:
        raise since
    note.of_review("claim.withdrawn", review, was=to, **({"to": was} if still else {}))
    return get_review(connection, review_id)


def take_claim_over(connection: Connection, review_id: str, version: str, reviewer: Reviewer) -> None:
    """Make the claim of somebody else `reviewer`'s, and record it; nothing where there is none on that version."""
    at = now()
    review = get_review(connection, review_id)
    held = review.holder(at)
    if (
        held is None
        or same_name(held, reviewer.name)
        or (review.status, review.version) != (ReviewStatus.PENDING, version)
    ):
        return
    connection.execute(update(reviews).where(reviews.c.id == review_id).values(assignee=reviewer.name))
    Note(connection, reviewer).of_review("review.taken_over", review, was=held)


def keep_claim(connection: Connection, review_id: str, reviewer: Reviewer, seconds: float) -> None:
    """Prolong a claim that `reviewer` has; of anybody else's, and of none, nothing changes."""
    at = now()
    mine = spellings(connection, reviews.c.assignee, reviewer.name, reviews.c.id == review_id)
    if not mine:
        return
    connection.execute(
        update(reviews)
        .where(
            reviews.c.id == review_id,
            reviews.c.status == ReviewStatus.PENDING,
            reviews.c.assignee.in_(mine),
            reviews.c.claimed_until.between(at, at + timedelta(seconds=seconds)),
        )
        .values(claimed_until=at + timedelta(seconds=seconds))
    )


def free_for(connection: Connection, review_id: str, name: str, at: datetime) -> Any:
    """For a compare-and-set on the review: that nobody else has claimed it."""
    mine = spellings(connection, reviews.c.assignee, name, reviews.c.id == review_id)
    return or_(reviews.c.assignee.is_(None), reviews.c.assignee.in_(mine), reviews.c.claimed_until < at)


def free_for_now(review: Review, version: str, name: str) -> bool:
    """What the compare-and-set on that version would say now."""
    holder = review.holder(now())
    mine = holder is None or same_name(holder, name)
    return mine and (review.status, review.version) == (ReviewStatus.PENDING, version)


def held(review: Review) -> HeldByOther:
    return HeldByOther(
        f"{review.assignee} has claimed review {review.label}. Ask them to release it, wait until the claim ends, or "
        "take it over.",
        review_id=review.id,
        assignee=review.assignee,
    )


def refusal_of(review: Review, version: str) -> ReviewError:
    """Why a compare-and-set on `review` changed no row."""
    if review.decision is not None:
        made = review.decision
        return AlreadyDecided(
            f"{made.reviewer} decided review {review.label} already: {made.type}, "
            f"{made.decided_at:%Y-%m-%d %H:%M:%S} UTC. Your decision was not recorded.",
            review_id=review.id,
            decision=made.type,
            reviewer=made.reviewer,
            decided_at=iso(made.decided_at),
        )
    if review.status != ReviewStatus.PENDING:
        return Changed(
            f"Review {review.label} is {review.status}: its thread moved on. Open the queue for what waits now.",
            review_id=review.id,
            shown=version,
            version=review.version,
        )
    if review.version != version:
        return Changed(
            f"Review {review.label} changed since it was shown, so the decision was not recorded. Look at it again.",
            review_id=review.id,
            shown=version,
            version=review.version,
        )
    return held(review)
