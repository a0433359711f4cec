"""Reviews and threads as rows of a list."""

from __future__ import annotations

from components.made import made
from components.rows import Row
from components.times import ago, due, waits
from components.words import CRITICAL, KIND, REVIEW, THREAD, Word, short_id
from review.model import Review, ReviewStatus, Thread, now

EXAMPLE = Word("Example", "gray", "")
REMINDER = Word("Reminder", "orange", "notifications")
DUE_ICON = {"red": "alarm", "orange": "schedule"}  # by tone: late, and soon


def review_row(review: Review, among: str = "", *, reminded: bool = False) -> Row:
    """What it is, how long it has waited, when it is due, who has it; `among` says which of several siblings it is,
    `reminded` that its deadline was called to mind."""
    badges = [KIND[review.kind]]
    if review.status != ReviewStatus.PENDING:
        badges.append(REVIEW[review.status])
    if review.critical and review.status == ReviewStatus.PENDING:
        badges.append(CRITICAL)
    if review.priority and review.status == ReviewStatus.PENDING:
        badges.append(Word(f"Priority {review.priority}", "red", "priority_high"))
    if reminded and review.status == ReviewStatus.PENDING:
        badges.append(REMINDER)
    if review.example:
        badges.append(EXAMPLE)
    revision = review.request.details.get("Revision", 1)
    note = f"{review.graph}, revision {revision}" if revision != 1 else review.graph
    if among:
        note += f", {among}"
    if held := review.holder(now()):
        note += f", claimed by {held}"
    if review.escalated_to:
        note += f", escalated to {review.escalated_to}"
    pending = review.status == ReviewStatus.PENDING
    aside = [Word(waits(review.created_at), "", "")] * pending
    if pending and review.due_at:
        told, tone = due(review.due_at)
        aside.append(Word(told, tone, DUE_ICON.get(tone, "")))
    if review.decision:
        aside.append(Word(f"{made(review)} {ago(review.decision.decided_at)}", "", ""))
    return Row(review.id, f"/review?review={review.id}", review.title, badges, note, aside)


def thread_row(thread: Thread) -> Row:
    """What it is, where it stands, when it was started, which the list goes by, and when it moved last."""
    badges = [THREAD[thread.status]] + [EXAMPLE] * thread.example
    note = "  ".join(filter(None, (thread.graph, short_id(thread.id))))
    title = thread.title or f"Thread of {thread.graph or 'another program'}"
    started, moved = f"started {ago(thread.created_at)}", f"moved {ago(thread.updated_at)}"
    aside = [started] + [moved] * (ago(thread.updated_at) != ago(thread.created_at))
    return Row(thread.id, f"/threads?thread={thread.id}", title, badges, note, [Word(each, "", "") for each in aside])
