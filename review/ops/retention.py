"""Retention: finished threads of a certain age lose their checkpoints. Their reviews, decisions and audit entries stay.

Threads of other programs are theirs to prune. One thread at a time, each under a lease of its own, so that a new start
of it waits the moment that it takes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

from review.engine.base import Engine
from review.errors import LeaseLost, ReviewError
from review.heartbeat import HOLDS
from review.leases import steady_clock
from review.ledger import Ledger
from review.ledger.upkeep import PRUNER, Key
from review.model import now
from review.settings import Settings

log = logging.getLogger("review.retention")

BATCH = 20  # what a look prunes at most, so that the relay goes on looking for work
HOUR = 3600.0
LEASE_SECONDS = 60.0


class Retention:
    """Of one desk. `owner` is this process."""

    def __init__(self, ledger: Ledger, engine: Engine, settings: Settings, owner: str) -> None:
        self._ledger = ledger
        self._engine = engine
        self._days = settings.retention_days
        # Others take a lease over that was silent for the setting's length, however long it was to last.
        self._sure_seconds = min(settings.lease_seconds, LEASE_SECONDS) * HOLDS
        self._holder = f"{owner}{PRUNER}"
        self._next = steady_clock()
        self._under_way: Iterator[str] | None = None

    def look(self) -> None:
        """In the relay's process: once an hour, in batches over several looks."""
        if not self._days or steady_clock() < self._next:
            return
        self._under_way = self._under_way or self.prune(self._days)
        try:
            if sum(1 for _ in zip(range(BATCH), self._under_way, strict=False)) == BATCH:
                return
        except ReviewError as error:
            log.error("finished threads could not be pruned: %s", error)
        self._under_way = None
        self._next = steady_clock() + HOUR

    def prune(self, days: float) -> Iterator[str]:
        """Prune what finished longer ago; yields the id of each thread that was pruned."""
        before = now() - timedelta(days=days)
        after: Key | None = None
        while keys := self._ledger.upkeep.prunable(before, after, BATCH):
            after = keys[-1]
            for _, thread_id in keys:
                since = steady_clock()
                if self._ledger.upkeep.reserve(thread_id, self._holder, before, LEASE_SECONDS):
                    self._remove(thread_id, since)
                    yield thread_id

    def _remove(self, thread_id: str, since: float) -> None:
        def guard() -> None:
            if steady_clock() - since > self._sure_seconds:
                raise LeaseLost(
                    f"This process was held up for so long that others may have thread {thread_id} by now, so its "
                    "checkpoints are not removed. They will be at the next look."
                )

        try:
            self._engine.delete_thread(thread_id, guard)
        except BaseException:
            self._ledger.upkeep.give_back(thread_id, self._holder)
            raise
        self._ledger.upkeep.pruned(thread_id, self._holder)
