"""Keeps the leases of running threads alive, and hears of lost leases and of cancellations."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from review.engine.base import Engine
from review.errors import StorageFailed
from review.ledger import Ledger

log = logging.getLogger("review.heartbeat")


class Heartbeat:
    """One thread for all leases of this process; it beats while there are any."""

    def __init__(self, ledger: Ledger, engine: Engine, owner: str, lease_seconds: float) -> None:
        self._ledger = ledger
        self._engine = engine
        self._owner = owner
        self._lease_seconds = lease_seconds
        self._held: dict[str, str | None] = {}  # thread id: who asked to cancel it
        self._lost: set[str] = set()
        self._guard = threading.Lock()
        self._wanted = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, thread_id: str) -> Iterator[None]:
        """Beat for the thread meanwhile."""
        with self._guard:
            self._held[thread_id] = None
            self._lost.discard(thread_id)
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
        if thread_id in self._lost or self._held.get(thread_id):
            self._engine.cancel(thread_id)

    def stop(self) -> None:
        self._stopped.set()
        self._wanted.set()
        if self._thread is not None:
            self._thread.join()

    def _beat(self) -> None:
        # Often enough that three beats may be lost, and that a cancellation is felt soon.
        interval = min(1.0, self._lease_seconds / 4)
        while not self._stopped.wait(interval):
            with self._guard:
                held = list(self._held)
            if held:
                self._renew(held)
            else:
                self._wanted.clear()
                if not self._held:
                    self._wanted.wait()

    def _renew(self, held: list[str]) -> None:
        try:
            still = self._ledger.threads.renew(self._owner, held, self._lease_seconds)
        except StorageFailed as error:
            log.error("leases could not be renewed: %s", error)
            return
        for thread_id in held:
            with self._guard:
                if thread_id not in self._held:
                    continue
                if thread_id not in still:
                    self._lost.add(thread_id)
                elif still[thread_id]:
                    self._held[thread_id] = still[thread_id]
                else:
                    continue
            self._engine.cancel(thread_id)
