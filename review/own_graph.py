"""A script's own compiled graph, with a desk over it until it is closed or forgotten."""

from __future__ import annotations

import weakref
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from review.errors import BadInput, ThreadNotFound
from review.model import Review, Thread
from review.reviewers import Reviewer

if TYPE_CHECKING:
    from langgraph.pregel import Pregel

    from review.desk import Desk
    from review.ledger import Ledger


class OwnGraph:
    """What an `ApprovalQueue` opens, and whose threads it may speak of: see there."""

    def __init__(
        self,
        graph: Pregel[Any, Any, Any, Any],
        *,
        ledger: Ledger | str | Path | None = None,
        reviewer: str | None = None,
    ) -> None:
        # Here and not above: a desk sets how LangGraph reads checkpoints, and a graph that is there has its own way.
        from review.engine.calls import Kept
        from review.ledger import Ledger
        from review.own import close_desk, desk_over, user_name

        self.reviewer = Reviewer(reviewer or user_name()).name
        self._kept = Kept()
        self._desk = desk_over(graph, ledger, self._kept)
        self._name = graph.name
        self._mine = not isinstance(ledger, Ledger)
        self._forgotten = weakref.finalize(self, close_desk, self._desk, self._mine)

    def close(self) -> None:
        """Give up what the queue opened. Done by itself when the queue is forgotten or the program ends."""
        if self._forgotten.detach():
            self._desk.close(ledger=self._mine)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _open(self) -> Desk:
        if not self._forgotten.alive:
            raise BadInput("This approval queue is closed. Make another one over the same graph and ledger.")
        return self._desk

    def _who(self, reviewer: str | None) -> Reviewer:
        return Reviewer(reviewer or self.reviewer)

    def _thread(self, thread_id: str) -> Thread:
        try:
            thread = self._open.thread(thread_id)
        except ThreadNotFound as error:
            raise ThreadNotFound(
                f"This queue has no thread {thread_id!r}. `submit_for_approval` returns the id of a new one, and "
                "`pending` has those that wait."
            ) from error
        if thread.graph != self._name:
            raise ThreadNotFound(
                f"Thread {thread_id!r} belongs to graph {thread.graph!r}, and this queue is over {self._name!r}. "
                "Use a queue over that graph."
            )
        return thread

    def _check_state(self, review: Review) -> None:
        """A ledger that outlived the checkpoints knows of reviews that nothing can answer any more."""
        if review.checkpoint_id and not self._open.state(review.thread_id).exists:
            raise ThreadNotFound(
                f"The ledger has thread {review.thread_id!r}, and the graph's checkpointer does not. Compile the graph "
                "with the checkpointer on which the thread was started, or `close_thread` it."
            )
