"""Settling: after a run, one transaction tells the ledger where the thread stands and gives its lease back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from review.errors import LeaseLost
from review.ledger.audit import Note
from review.ledger.database import Database
from review.ledger.leases import Taken
from review.ledger.openings import Opening, open_reviews
from review.ledger.rows import review_of, select_reviews
from review.ledger.tables import reviews, threads
from review.ledger.threads import get_thread
from review.ledger.timers import drop_timers
from review.ledger.undo import put_back
from review.model import ACTIVE, BEING_APPLIED, Review, ReviewStatus, Thread, ThreadStatus, now
from review.reviewers import SYSTEM, Reviewer


@dataclass(frozen=True)
class Resolution:
    """What became of a review that the run was to apply: `resumed`, `resume_failed`, `superseded`, `decided` (to be
    applied again), or `pending` (the graph refused the answer; `error` says why)."""

    review: Review
    status: ReviewStatus
    error: str | None = None


@dataclass(frozen=True)
class Settlement:
    """Where a thread stands after a run.

    supersede: whether active reviews that match no opening are over. again_in: seconds until a relay should come again,
    where it should. tries: how many runs in a row could not be brought to an end.
    """

    status: ThreadStatus
    openings: tuple[Opening, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    error: str | None = None
    error_id: str | None = None
    input_pending: bool = False
    supersede: bool = True
    again_in: float | None = None
    tries: int = 0
    actor: Reviewer = SYSTEM


_RESOLVED = {
    ReviewStatus.RESUMED: "decision.applied",
    ReviewStatus.RESUME_FAILED: "resume.failed",
    ReviewStatus.PENDING: "decision.invalid",
    ReviewStatus.SUPERSEDED: "review.superseded",
}
_ENDED = {ThreadStatus.DONE: "thread.finished", ThreadStatus.FAILED: "thread.failed"}


class Settling:
    """The transactions that end a run or take a thread out of the relay's hands."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def settle(self, thread_id: str, owner: str, end: Settlement) -> datetime | None:
        """Record the end of a run and release the lease; returns when a relay has to look again, if it has to.

        Raises `LeaseLost` with nothing recorded where the lease is no longer `owner`'s.
        """
        with self._database.write(derived=True) as connection:
            thread = get_thread(connection, thread_id)
            if thread.lease_owner != owner:
                raise LeaseLost(f"Thread {thread_id} was taken over by another process; nothing was recorded here.")
            note = Note(connection)
            for resolution in end.resolutions:
                resolve(connection, note, resolution)
            active = active_reviews(connection, thread_id)
            title = sync_reviews(connection, note, thread, end, active)
            work_at = _next_work(active) if end.again_in is None else now() + timedelta(seconds=end.again_in)
            values = {
                "status": end.status,
                "error": end.error,
                "error_id": end.error_id,
                "input_pending": end.input_pending,
                "title": thread.title or title,
                "work_at": work_at,
                "lease_owner": None,
                "lease_until": None,
                "cancel_by": None,
                "tries": end.tries,
                "updated_at": now(),
            } | ({"edited": None} if end.again_in is None else {})
            connection.execute(update(threads).where(threads.c.id == thread_id).values(**values))
            # One that still has a decision to be marked as applied comes here once more, and ends then.
            if end.status in _ENDED and not (end.status == ThreadStatus.DONE and work_at):
                detail = {"error": end.error, "error_id": end.error_id} if end.error else {}
                Note(connection, end.actor).of_thread(
                    _ENDED[end.status], thread_id, thread.graph, thread.example, **detail
                )
        return work_at

    def release(self, taken: Taken, owner: str) -> None:
        """Give a lease back as if it had never been taken."""
        before = taken.before
        with self._database.write(derived=True) as connection:
            if get_thread(connection, before.id).lease_owner != owner:
                return
            for review in taken.fresh:
                resolve(connection, Note(connection), Resolution(review, ReviewStatus.DECIDED))
            work_at = (
                now() if taken.resuming or before.input_pending else _next_work(active_reviews(connection, before.id))
            )
            connection.execute(
                update(threads)
                .where(threads.c.id == before.id)
                .values(status=before.status, work_at=work_at, lease_owner=None, lease_until=None)
            )

    def end(self, thread_id: str, owner: str, action: str, status: ThreadStatus, reviewer: Reviewer) -> None:
        """A person changed the thread under the lease: every active review of it is superseded.

        `closed` ends the thread; `running` leaves it to a relay, which opens what it finds.
        """
        with self._database.write() as connection:
            thread = get_thread(connection, thread_id)
            if thread.lease_owner != owner:
                raise LeaseLost(f"Thread {thread_id} was taken over by another process; nothing was recorded here.")
            note = Note(connection, reviewer)
            active = active_reviews(connection, thread_id)
            for review in active:
                resolve(connection, note, Resolution(review, ReviewStatus.SUPERSEDED))
            closed = status == ThreadStatus.CLOSED
            connection.execute(
                update(threads)
                .where(threads.c.id == thread_id)
                .values(
                    status=status,
                    error=thread.error if thread.graph else None,  # of no known graph: that it is to be assigned
                    input_pending=False,
                    edited=None if closed else [review.id for review in active],
                    work_at=None if closed else now(),
                    lease_owner=None,
                    lease_until=None,
                    cancel_by=None,
                    updated_at=now(),
                )
            )
            note.of_thread(action, thread_id, thread.graph, thread.example)


def sync_reviews(connection: Connection, note: Note, thread: Thread, end: Settlement, active: list[Review]) -> str:
    """Open or renew a review for each pause, end those without one; returns the first review's title."""
    for review in open_reviews(connection, note, thread, end.openings, active):
        if end.supersede and review.status == ReviewStatus.PENDING:
            resolve(connection, note, Resolution(review, ReviewStatus.SUPERSEDED))
        elif end.supersede and review.status == ReviewStatus.RESUME_FAILED:
            # Its pause is gone: the graph had taken the answer before the run that should have told so ended.
            resolve(connection, note, Resolution(review, ReviewStatus.RESUMED))
    return end.openings[0].request.title if end.openings else ""


def resolve(connection: Connection, note: Note, resolution: Resolution) -> None:
    review, status = resolution.review, resolution.status
    if status == ReviewStatus.PENDING:
        put_back(connection, review, resolution.error)
    else:
        connection.execute(
            update(reviews)
            .where(reviews.c.id == review.id)
            .values(status=status, error=resolution.error, updated_at=now())
        )
    if status not in ACTIVE and review.due_at is not None:
        drop_timers(connection, review.id)
    if action := _RESOLVED.get(status):
        note.of_review(action, review, **({"error": resolution.error} if resolution.error else {}))


def active_reviews(connection: Connection, thread_id: str) -> list[Review]:
    query = select_reviews().where(reviews.c.thread_id == thread_id, reviews.c.status.in_(ACTIVE))
    return [review_of(row) for row in connection.execute(query)]


def _next_work(active: list[Review]) -> datetime | None:
    """When the next decision of the thread is due. One that is `resuming` now was put back to be retried meanwhile."""
    waiting = [review for review in active if review.status in BEING_APPLIED]
    return min((review.decision.apply_at for review in waiting if review.decision), default=None)
