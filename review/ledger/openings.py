"""Pauses become reviews: opened once for each, renewed where a re-run of their node asks otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from review.contract import Request
from review.ledger.audit import Note, new_id
from review.ledger.rows import due_of, request_row, review_of, select_reviews
from review.ledger.tables import reviews, threads
from review.ledger.timers import Planned, set_timers
from review.ledger.undo import withdraw_changed
from review.model import Review, ReviewKind, ReviewStatus, Thread, now
from review.times import iso
from review.versions import is_version, version_of


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
    timers: tuple[Planned, ...] = ()
    critical: bool = False


def open_reviews(
    connection: Connection, note: Note, thread: Thread, openings: Sequence[Opening], active: Sequence[Review]
) -> list[Review]:
    """Open or renew a review for each pause; returns those of the active ones that no pause matches. A decision on
    what a pause no longer shows is withdrawn: nobody has decided what it shows now."""
    unmatched = {review.pause_key: review for review in active}
    edited = _edited(connection, thread.id) if openings else {}
    about = _about(connection, thread) if any(each.kind != ReviewKind.INTERRUPT for each in openings) else ""
    for opening in (_saying(about, each) for each in openings):
        known = unmatched.pop(opening.pause_key, None)
        if known is None:
            asked_before = edited.get(opening.node, [])
            _insert(connection, note, thread, opening, asked_before.pop(0) if asked_before else None)
        elif known.status == ReviewStatus.DECIDED and not is_version(known, opening.payload, opening.checkpoint_id):
            _renew(connection, note, withdraw_changed(connection, note, known), opening)
        elif known.status == ReviewStatus.PENDING:
            _renew(connection, note, known, opening)
    return list(unmatched.values())


def _about(connection: Connection, thread: Thread) -> str:
    """What the thread is about: its title, where that is of a question, which was then the first thing asked in it."""
    first = select(reviews.c.kind).where(reviews.c.thread_id == thread.id).order_by(reviews.c.created_at).limit(1)
    return thread.title if connection.scalar(first) == ReviewKind.INTERRUPT else ""


def _saying(about: str, opening: Opening) -> Opening:
    """A failure or a breakpoint is named after its node alone; several of one graph are told apart by this."""
    if not about or opening.kind == ReviewKind.INTERRUPT:
        return opening
    return replace(opening, request=replace(opening.request, title=f"{opening.request.title} · {about}"))


def _edited(connection: Connection, thread_id: str) -> dict[str, list[str]]:
    """By node, the reviews that an edit of the thread's state has superseded and that were not asked anew so far."""
    ids = connection.scalar(select(threads.c.edited).where(threads.c.id == thread_id)) or []
    found: dict[str, list[str]] = {}
    if not ids:
        return found
    for row in connection.execute(
        select(reviews.c.id, reviews.c.node).where(reviews.c.id.in_(ids)).order_by(reviews.c.created_at, reviews.c.id)
    ):
        found.setdefault(row.node, []).append(row.id)
    return found


def _insert(connection: Connection, note: Note, thread: Thread, opening: Opening, replaces: str | None) -> None:
    at = now()
    fixed = {"id": new_id("review"), "thread_id": thread.id, "graph": thread.graph, "example": thread.example}
    fixed |= {"replaces": replaces}
    row = _row(opening, 0) | fixed | {"status": ReviewStatus.PENDING, "created_at": at, "updated_at": at}
    connection.execute(insert(reviews).values(row))
    set_timers(connection, row["id"], opening.timers)
    opened = connection.execute(select_reviews().where(reviews.c.id == row["id"])).one()
    review = review_of(opened)
    note.of_review("review.opened", review, **({"due_at": iso(review.due_at)} if review.due_at else {}))


def _renew(connection: Connection, note: Note, known: Review, opening: Opening) -> None:
    """A sibling's resume re-ran the node: the question may read differently now. Its deadline stays, and what was
    critical stays so."""
    request = replace(opening.request, due_at=known.request.due_at, on_timeout=known.request.on_timeout)
    row = _row(replace(opening, request=request, critical=known.critical or opening.critical), known.round)
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
        "critical": opening.critical,
    }
