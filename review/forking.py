"""What if: from any checkpoint of a thread into a new one, with another state or for another decision."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from review.deciding import Deciding
from review.engine.base import Shape, Stood
from review.errors import ActionsRepeated, BadInput, Pruned, ReviewError
from review.model import Thread
from review.plain import exceeds_64_bits, plain
from review.reviewers import Reviewer
from review.running import ref_of


class Forking(Deciding):
    """Forks, and what a fork is made from. Every method raises `ReviewError` subclasses alone."""

    def shape(self, graph: str) -> Shape:
        """The graph's nodes and edges, for a drawing."""
        return self.engine.shape(graph)

    def stood(self, thread_id: str, checkpoint_id: str) -> Stood:
        """Where the thread stood at one of its checkpoints, with the values' own types."""
        return self.engine.stood(ref_of(self._unpruned(thread_id)), checkpoint_id)

    def fork(
        self,
        thread_id: str,
        checkpoint_id: str,
        reviewer: Reviewer,
        *,
        values: Mapping[str, Any] | None = None,
        repeat_actions: bool = False,
    ) -> Thread:
        """A new thread that stands where this one stood at the checkpoint, with `values` changed, and goes on from
        there; this one stays as it is. The step that it stood in begins anew, so that what it asked is asked again.

        Raises `ActionsRepeated` where an action has begun since then, which the fork would do once more under a key of
        its own; with `repeat_actions` that is accepted.
        """
        origin = self._unpruned(thread_id)
        if not origin.graph:
            raise BadInput(f"Nobody knows which graph thread {origin.label} is of. Assign it to one first.")
        change = None if values is None else new_values(values)
        begun = self.begun_since(origin, self.engine.stood(ref_of(origin), checkpoint_id).at)
        if begun and not repeat_actions:
            raise ActionsRepeated(
                f"Since that step, thread {origin.label} has begun {', '.join(begun)}. A new thread from there begins "
                "those steps anew, and may do that a second time. Say that it may, or take a later step.",
                actions=begun,
            )
        fork_id = str(uuid.uuid4())
        try:
            self.engine.fork_thread(ref_of(origin), checkpoint_id, fork_id, change)
            fork = self.ledger.forks.record(fork_id, origin, checkpoint_id, reviewer, begun)
        except Exception as error:
            with suppress(ReviewError):  # what was copied is no thread of anybody's
                self.engine.delete_thread(fork_id)
            if isinstance(error, ReviewError):
                raise
            # Whatever the graph's own reducers and types raise.
            raise BadInput(f"The graph does not take these values: {type(error).__name__}: {error}") from error
        self._wake(fork_id)
        return fork

    def fork_review(self, review_id: str, reviewer: Reviewer, *, repeat_actions: bool = False) -> Thread:
        """A fork from where the review was asked, which asks it again: for another decision. Raises as `fork`."""
        review = self.ledger.reviews.get(review_id)
        if review.checkpoint_id is None:
            raise BadInput(f"Review {review.label} was asked before its thread had any checkpoint. Start a new thread.")
        return self.fork(review.thread_id, review.checkpoint_id, reviewer, repeat_actions=repeat_actions)

    def begun_since(self, thread: Thread, since: datetime) -> list[str]:
        """The actions that led from then to where the thread is now, which a fork from there would begin a second time:
        its own, and those of the threads that it was forked from, up to where each fork left."""
        begun = self.ledger.forks.actions_between(thread.id, since)
        while thread.origin_thread and thread.origin_checkpoint:
            left_at = self.engine.stood(ref_of(thread), thread.origin_checkpoint).at
            if left_at <= since:
                break
            begun = self.ledger.forks.actions_between(thread.origin_thread, since, left_at) + begun
            try:
                thread = self.ledger.threads.get(thread.origin_thread)
            except ReviewError:  # an example that was removed; what it did is not known any more
                break
        return list(dict.fromkeys(begun))

    def _unpruned(self, thread_id: str) -> Thread:
        thread = self.ledger.threads.get(thread_id)
        if thread.pruned_at:
            raise Pruned(
                f"The state and the steps of thread {thread.label} were removed on {thread.pruned_at:%Y-%m-%d}, since "
                "it had finished long before. Its reviews and decisions are kept; "
                "a new start of it begins from nothing."
            )
        return thread


def new_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a state is to become. Raises `BadInput` for what no state can be."""
    if not isinstance(values, Mapping):
        raise BadInput("The new values must be an object: state keys and what they become.")
    check_numbers("The new state", values)
    return dict(values)


def check_numbers(what: str, value: Any) -> None:
    """Raises `BadInput` where `value` holds a whole number that no checkpoint can keep."""
    if exceeds_64_bits(plain(value)):
        raise BadInput(
            f"{what} holds a whole number beyond 64 bits, which no checkpoint can keep. "
            "Give it as text or as a fraction."
        )
