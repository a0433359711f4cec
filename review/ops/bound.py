"""The ids that every log line of a piece of work carries. Light: the relay binds them, whoever writes the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from review.ledger import Taken

_bound: ContextVar[Mapping[str, str]] = ContextVar("bound", default={})  # noqa: B039  never changed in place


@contextmanager
def bound(**ids: str) -> Iterator[None]:
    """Log lines meanwhile carry these ids too, also those that the engine writes for this work on its own thread."""
    token = _bound.set({**_bound.get(), **ids})
    try:
        yield
    finally:
        _bound.reset(token)


def bound_ids() -> Mapping[str, str]:
    return _bound.get()


def ids_of(taken: Taken) -> dict[str, str]:
    """The reviews and decisions that a run carries; several are joined by commas."""
    reviews = [*taken.fresh, *taken.resuming]
    decisions = [review.decision.id for review in reviews if review.decision]
    found = {"review_id": ",".join(review.id for review in reviews), "decision_id": ",".join(decisions)}
    return {name: ids for name, ids in found.items() if ids}
