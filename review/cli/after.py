"""What a command that moves a thread prints: where the thread stands afterwards, and what waits there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import typer

from review.cli.output import excerpt, show
from review.desk import Desk
from review.errors import ReviewError
from review.model import ACTIVE, Review, ReviewStatus, Thread, ThreadStatus
from review.plain import plain
from review.views import review_json


@dataclass(frozen=True)
class After:
    """`values` is null where nothing has run yet, where they were not read, or where they cannot be."""

    thread: Thread
    reviews: list[Review]
    values: Any

    @property
    def failed(self) -> bool:
        stuck = any(review.status == ReviewStatus.RESUME_FAILED for review in self.reviews)
        return stuck or self.thread.status == ThreadStatus.FAILED

    def as_json(self) -> dict[str, Any]:
        return {
            "thread_id": self.thread.id,
            "status": self.thread.status.value,
            "reviews": [review_json(review) for review in self.reviews],
            "values": self.values,
        }

    def as_text(self) -> str:
        lines = [f"Thread {self.thread.id} is {self.thread.status}."]
        if self.thread.error:
            logged = f" [{self.thread.error_id}]" if self.thread.error_id else ""
            lines.append(f"{self.thread.error}{logged}")
        for review in self.reviews:
            offers = ", ".join(review.request.allowed_decisions)
            if review.status == ReviewStatus.RESUME_FAILED:
                lines.append(f"{review.id}: {excerpt(review.title)}: {review.error} The decision is kept: retry.")
            elif review.status == ReviewStatus.PENDING:
                lines.append(f"{review.id} waits: {excerpt(review.title)} ({offers})")
            else:
                lines.append(f"{review.id} is {review.status}: {excerpt(review.title)}")
        if isinstance(self.values, dict):
            lines += [f"  {key}: {excerpt(value)}" for key, value in self.values.items()]
        return "\n".join(lines)


def after(desk: Desk, thread_id: str, *, read: bool) -> After:
    """The thread as it is now; its state is read from the checkpoints only with `read`."""
    reviews = desk.ledger.reviews.of_thread(thread_id, status=ACTIVE)
    return After(desk.thread(thread_id), reviews, _values(desk, thread_id) if read else None)


def show_run(as_json: bool, found: After) -> None:
    """Print it; a failed run is exit code 1."""
    show(as_json, found.as_json(), found.as_text())
    if found.failed:
        raise typer.Exit(1)


def _values(desk: Desk, thread_id: str) -> Any:
    try:
        state = desk.state(thread_id)
    except ReviewError:  # its graph is gone, or the checkpoints cannot be read: the thread's error says so
        return None
    return plain(state.values) if state.exists else None
