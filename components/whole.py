"""All that the page of one thread shows, read once for each time that it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.graph_drawing import Marks
from components.session import desk
from review.engine.base import Shape
from review.errors import ReviewError
from review.model import WAITING, Review, ReviewKind, Thread, ThreadStatus
from review.story import Moment, story_of
from review.watching import Watched


@dataclass(frozen=True)
class Whole:
    """A thread with its run and its story; without a shape where the graph is gone."""

    watched: Watched
    reviews: Sequence[Review]
    moments: Sequence[Moment]
    marks: Marks
    shape: Shape | None

    @property
    def thread(self) -> Thread:
        return self.watched.thread


def read_whole(thread_id: str) -> Whole:
    """Raises `ReviewError` where there is no such thread."""
    watched = desk().watch(thread_id)
    entries = desk().ledger.audit.entries(thread_id=thread_id)
    reviews = desk().ledger.reviews.of_thread(thread_id)
    return Whole(watched, reviews, story_of(watched.steps, entries), _marks(watched), _shape(watched.thread))


def _shape(thread: Thread) -> Shape | None:
    try:
        return desk().shape(thread.graph) if thread.graph else None
    except ReviewError:  # the watched run tells why
        return None


def _marks(watched: Watched) -> Marks:
    """Which nodes have run, which are next, which of those failed."""
    status = watched.thread.status
    done = {"__start__", *(node for step in watched.steps for node in step.nodes)}
    if status == ThreadStatus.DONE:
        done.add("__end__")
    standing, failed = set(watched.next), set()
    if status in WAITING and watched.thread.graph and not watched.trouble:
        snapshot = desk().state(watched.thread.id)
        standing = set(snapshot.next)
        failed = {pause.root for pause in snapshot.pauses if pause.kind == ReviewKind.FAILED}
    return Marks(done, standing - failed, failed)
