"""Keeps the leases of running threads alive, and hears of lost leases and of cancellations."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from review.engine.base import Engine
from review.errors import LeaseLost, StorageFailed
from review.leases import steady_clock
from review.ledger import Ledger

log = logging.getLogger("review.heartbeat")

# Nobody takes a lease over before it was silent for its whole length. Its holder stops writing after this share of
# that, and a write that waits for a locked database gives up within the next WRITE_WAITS.
HOLDS, WRITE_WAITS = 0.5, 0.4
STOP_SECONDS = 1.0  # a ledger that another program keeps locked is not waited for


@dataclass
class Held:
    """A lease of this process: renewed last at `since`, lost or not, and who asked to cancel the run."""

    since: float
    lost: bool = False
    cancel_by: str | None = None


class Heartbeat:
    """One thread for all leases of this process; it beats while there are any."""

    def __init__(
        self,
        ledger: Ledger,
        engine: Engine,
        owner: str,
        lease_seconds: float,
        clock: Callable[[], float] = steady_clock,
    ) -> None:
        self._ledger = ledger
        self._engine = engine
        self._owner = owner
        self._lease_seconds = lease_seconds
        self._clock = clock
        self._held: dict[str, Held] = {}
        self._guard = threading.Lock()
        self._wanted = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, thread_id: str, since: float) -> Iterator[None]:
        """Beat for the thread meanwhile; its lease was taken at `since` by the clock, or later."""
        with self._guard:
            self._held[thread_id] = Held(since)
            if self._thread is None:
                self._thread = threading.Thread(target=self._beat, name="review-heartbeat", daemon=True)
                self._thread.start()
        self._wanted.set()
        try:
            yield
        finally:
            with self._guard:
                self._held.pop(thread_id, None)

    def check(self, thread_id: str) -> None:
        """Called at each step: a run whose lease is lost, or that is to be cancelled, stops here."""
        held = self._held.get(thread_id)
        if held and (held.lost or held.cancel_by):
            self._engine.cancel(thread_id)

    def guard(self, thread_id: str) -> None:
        """Called before each write to the thread. Raises `LeaseLost` where another process may have it by now."""
        held = self._held.get(thread_id)
        if held is None or not self._is_sure(held):
            raise LeaseLost(
                f"This process could not renew its lease on thread {thread_id} in time, so it writes no more to it."
            )

    def stop(self) -> None:
        self._stopped.set()
        self._wanted.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def _is_sure(self, held: Held) -> bool:
        return not held.lost and self._clock() - held.since < self._lease_seconds * HOLDS

    def _beat(self) -> None:
        # Often enough that several beats may be lost, and that a cancellation is felt soon.
        interval = min(1.0, self._lease_seconds / 8)
        while not self._stopped.wait(interval):
            with self._guard:
                held = list(self._held)
            if held:
                self._renew(held)
            else:
                self._wanted.clear()
                if not self._held:
                    self._wanted.wait()

    def _renew(self, thread_ids: list[str]) -> None:
        at = self._clock()
        try:
            still = self._ledger.leases.renew(self._owner, thread_ids, self._lease_seconds)
        except StorageFailed as error:
            log.error("leases could not be renewed: %s", error)
            self._stop_unsure(thread_ids)
            return
        for thread_id in thread_ids:
            with self._guard:
                held = self._held.get(thread_id)
                if held is None or held.since > at:  # given back, or taken anew, meanwhile
                    continue
                if thread_id not in still:
                    held.lost = True
                else:
                    held.since = at
                    held.cancel_by = still[thread_id]
                    if not held.cancel_by:
                        continue
            self._engine.cancel(thread_id)

    def _stop_unsure(self, thread_ids: list[str]) -> None:
        for thread_id in thread_ids:
            held = self._held.get(thread_id)
            if held and not self._is_sure(held):
                self._engine.cancel(thread_id)
