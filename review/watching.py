"""A run as one watches it: its steps as they come, what is being written, and the word that it ends in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from review.engine.base import Written
from review.errors import ReviewError
from review.forking import Forking
from review.model import BEING_APPLIED, BUSY, Review, ReviewStatus, Step, Thread, ThreadStatus
from review.running import ref_of


class Ending(StrEnum):
    """What came of a run."""

    PUBLISHED = "published"  # the graph is at its end, and its state names what it published
    FINISHED = "finished"  # the graph is at its end
    ASKS = "asks"  # it waits for a person, who has not decided anything yet
    ASKS_AGAIN = "asks again"  # it waits for a person after the decision
    WAITS = "waits for others"  # the decision is taken in; reviews of the same step are still open
    FAILED = "failed"  # a node, the run or the resume
    UNDONE = "undone"  # the decision was taken back before it was applied
    CLOSED = "closed"  # a person ended the thread


@dataclass(frozen=True)
class Watched:
    """The run of one thread, as it is now.

    ending is None while it goes on, or before it begins: then review, the one whose decision it follows, is still to
    be applied. next are the nodes at work, written what their models have written so far. trouble says why the steps
    cannot be read.
    """

    thread: Thread
    steps: tuple[Step, ...]
    ending: Ending | None
    review: Review | None = None
    next: tuple[str, ...] = ()
    written: tuple[Written, ...] = ()
    published: str = ""
    trouble: str = ""

    @property
    def goes_on(self) -> bool:
        return self.ending is None


class Watching(Forking):
    """Watching runs, whichever process they are in. Every method raises `ReviewError` subclasses alone."""

    def watch(self, thread_id: str, review_id: str | None = None) -> Watched:
        """The thread's run from its beginning; with a review, what came since that was asked."""
        # The order matters: what is read later may be further on, so that no ending comes before its last step.
        review = self.ledger.reviews.get(review_id) if review_id else None
        thread = self.ledger.threads.get(thread_id)
        try:
            steps = self._steps_since(thread, review)
        except ReviewError as error:
            return Watched(thread, (), _ending(thread, review, (), ""), review, trouble=error.message)
        published = _published(steps, thread)
        later = self.ledger.reviews.of_thread(thread_id, status=[ReviewStatus.PENDING])
        ending = _ending(thread, review, later, published)
        if ending is not None or thread.status not in BUSY:
            return Watched(thread, steps, ending, review, published=published)
        return Watched(thread, steps, None, review, self._at_work(thread), self._unfinished(thread, steps))

    def _steps_since(self, thread: Thread, review: Review | None) -> tuple[Step, ...]:
        if not thread.graph:
            return ()
        ref = ref_of(self._unpruned(thread.id))
        return tuple(self.engine.steps(ref, review.checkpoint_id if review else None))

    def _at_work(self, thread: Thread) -> tuple[str, ...]:
        try:
            return self.engine.snapshot(ref_of(thread)).next if thread.graph else ()
        except ReviewError:
            return ()

    def _unfinished(self, thread: Thread, steps: Sequence[Step]) -> tuple[Written, ...]:
        """What is being written; not what a step has brought by now."""
        return tuple(
            text
            for text in self.engine.written(thread.id)
            if not any(text.root in step.nodes and step.at > text.began for step in steps)
        )


def _ending(thread: Thread, review: Review | None, pending: Sequence[Review], published: str) -> Ending | None:
    if review is not None and review.status in BEING_APPLIED:
        return None
    if review is not None and review.status == ReviewStatus.RESUME_FAILED:
        return Ending.FAILED
    if review is not None and review.status == ReviewStatus.PENDING and thread.status == ThreadStatus.INTERRUPTED:
        return Ending.ASKS_AGAIN if review.error else Ending.UNDONE if review.round else Ending.ASKS
    match thread.status:
        case ThreadStatus.DONE:
            return Ending.PUBLISHED if published else Ending.FINISHED
        case ThreadStatus.FAILED:
            return Ending.FAILED
        case ThreadStatus.CLOSED:
            return Ending.CLOSED
        case ThreadStatus.INTERRUPTED:
            made = review.decision if review is not None else None
            if made is None:
                return Ending.ASKS
            later = any(each.created_at > made.decided_at for each in pending)
            return Ending.ASKS_AGAIN if later else Ending.WAITS
    return None


def _published(steps: Sequence[Step], thread: Thread) -> str:
    """What the graph's state says that it published, where it says so under that name."""
    values: Any = steps[-1].values if steps and thread.status == ThreadStatus.DONE else {}
    return str(values.get("published") or "") if isinstance(values, Mapping) else ""
