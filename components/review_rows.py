"""Reviews and threads as rows of a list."""

from __future__ import annotations

from components.rows import Row
from components.times import ago, due, waits
from components.words import KIND, PAST, REVIEW, THREAD
from review.model import Review, ReviewStatus, Thread, now


def review_row(review: Review, among: str = "") -> Row:
    """What it is, how long it has waited, when it is due, who has it; `among` says which of several siblings it is."""
    kind = KIND[review.kind]
    badges = [(kind.text, kind.tone)]
    if review.status != ReviewStatus.PENDING:
        badges.append((REVIEW[review.status].text, REVIEW[review.status].tone))
    if review.priority and review.status == ReviewStatus.PENDING:
        badges.append((f"Priority {review.priority}", "red"))
    if review.example:
        badges.append(("Example", "gray"))
    revision = review.request.details.get("Revision", 1)
    note = f"{review.graph}, revision {revision}" if revision != 1 else review.graph
    if among:
        note += f", {among}"
    if held := review.holder(now()):
        note += f", claimed by {held}"
    if review.escalated_to:
        note += f", escalated to {review.escalated_to}"
    pending = review.status == ReviewStatus.PENDING
    aside = [(waits(review.created_at), "")] * pending
    if pending and review.due_at:
        aside.append(due(review.due_at))
    if review.decision:
        aside.append((f"{PAST[review.decision.type]} {ago(review.decision.decided_at)}", ""))
    return Row(review.id, f"/review?review={review.id}", review.title, badges, note, aside)


def thread_row(thread: Thread) -> Row:
    """What it is, where it stands, when it moved last."""
    word = THREAD[thread.status]
    badges = [(word.text, word.tone)] + [("Example", "gray")] * thread.example
    note = f"{thread.graph}  {thread.id}"
    title = thread.title or f"Thread of {thread.graph}"
    return Row(thread.id, f"/threads?thread={thread.id}", title, badges, note, [(ago(thread.updated_at), "")])
