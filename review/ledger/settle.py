"""Settling: after a run, one transaction tells the ledger where the thread stands and gives its lease back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, update

from review.contract import Request
from review.errors import LeaseLost
from review.ledger.audit import SYSTEM, Note, new_id
from review.ledger.database import Database
from review.ledger.reviews import put_back
from review.ledger.rows import due_of, request_row, review_of, select_reviews
from review.ledger.tables import ACTIVE, reviews, threads
from review.ledger.threads import Taken, get_thread
from review.model import Review, Reviewer, ReviewKind, ReviewStatus, Thread, ThreadStatus, now
from review.versions import version_of


@dataclass(frozen=True)
class Opening:
    """A pause of the thread, read by its dialect: ready to be a review. `payload` is plain JSON."""

    pause_key: str
    kind: ReviewKind
    dialect: str
    node: str
    payload: Any
    request: Request
    interrupt_id: str | None = None
    task_id: str | None = None
    checkpoint_id: str | None = None


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

    supersede: whether active reviews that match no opening are over. work: whether a relay should come again at once.
    """

    status: ThreadStatus
    openings: tuple[Opening, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    error: str | None = None
    error_id: str | None = None
    input_pending: bool = False
    supersede: bool = True
    work: bool = False
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
            title = open_reviews(connection, note, thread, end, active)
            work_at = now() if end.work else _next_work(active)
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
                "updated_at": now(),
            }
            connection.execute(update(threads).where(threads.c.id == thread_id).values(**values))
            if end.status in _ENDED:
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
            for review in active_reviews(connection, thread_id):
                resolve(connection, note, Resolution(review, ReviewStatus.SUPERSEDED))
            closed = status == ThreadStatus.CLOSED
            connection.execute(
                update(threads)
                .where(threads.c.id == thread_id)
                .values(
                    status=status,
                    input_pending=False,
                    work_at=None if closed else now(),
                    lease_owner=None,
                    lease_until=None,
                    cancel_by=None,
                    updated_at=now(),
                )
            )
            note.of_thread(action, thread_id, thread.graph, thread.example)


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
    if action := _RESOLVED.get(status):
        note.of_review(action, review, **({"error": resolution.error} if resolution.error else {}))


def open_reviews(connection: Connection, note: Note, thread: Thread, end: Settlement, active: list[Review]) -> str:
    """Open or renew a review for each pause, end those without one; returns the first review's title."""
    unmatched = {review.pause_key: review for review in active}
    for opening in end.openings:
        known = unmatched.pop(opening.pause_key, None)
        if known is None:
            _insert(connection, note, thread, opening)
        elif known.status == ReviewStatus.PENDING:
            _renew(connection, note, known, opening)
    if end.supersede:
        for review in unmatched.values():
            if review.status == ReviewStatus.PENDING:
                resolve(connection, note, Resolution(review, ReviewStatus.SUPERSEDED))
    return end.openings[0].request.title if end.openings else ""


def _insert(connection: Connection, note: Note, thread: Thread, opening: Opening) -> None:
    at = now()
    fixed = {"id": new_id("review"), "thread_id": thread.id, "graph": thread.graph, "example": thread.example}
    row = _row(opening, 0) | fixed | {"status": ReviewStatus.PENDING, "created_at": at, "updated_at": at}
    connection.execute(insert(reviews).values(row))
    opened = connection.execute(select_reviews().where(reviews.c.id == row["id"])).one()
    note.of_review("review.opened", review_of(opened))


def _renew(connection: Connection, note: Note, known: Review, opening: Opening) -> None:
    """A sibling's resume re-ran the node: the question may read differently now."""
    row = _row(opening, known.round)
    if row["version"] == known.version:
        return
    connection.execute(update(reviews).where(reviews.c.id == known.id).values(**row, updated_at=now()))
    note.of_review("review.changed", known, was=known.version, version=row["version"])


def _row(opening: Opening, round_: int) -> dict[str, Any]:
    return {
        "node": opening.node,
        "kind": opening.kind,
        "dialect": opening.dialect,
        "interrupt_id": opening.interrupt_id,
        "task_id": opening.task_id,
        "checkpoint_id": opening.checkpoint_id,
        "pause_key": opening.pause_key,
        "version": version_of(opening.payload, opening.checkpoint_id, round_),
        "round": round_,
        "request": request_row(opening.request),
        "payload": opening.payload,
        "due_at": due_of(opening.request),
    }


def active_reviews(connection: Connection, thread_id: str) -> list[Review]:
    query = select_reviews().where(reviews.c.thread_id == thread_id, reviews.c.status.in_(ACTIVE))
    return [review_of(row) for row in connection.execute(query)]


def _next_work(active: list[Review]) -> datetime | None:
    """When the next decision of the thread is due. One that is `resuming` now was put back to be retried meanwhile."""
    waiting = [review for review in active if review.status in (ReviewStatus.DECIDED, ReviewStatus.RESUMING)]
    return min((review.decision.apply_at for review in waiting if review.decision), default=None)
