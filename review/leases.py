"""Whose lease has run out: judged by how long it was seen unchanged, never by the time of day that stands in it.

A holder renews its leases long before they end, and stops by itself when it could not. Who wants to take one over
looks at it for the lease's whole length by a clock that no one can set, and takes exactly what it looked at. So clocks
may jump and differ between machines, and a process that was stopped for an hour still finds its lease lost or kept.
The rule is that of leader elections in Kubernetes' client-go, which observes in the same way.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


def steady_clock() -> float:
    """Seconds that go on while the machine sleeps, where the system can count them, and that nobody can set."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


@dataclass(frozen=True)
class Lease:
    """A thread's lease as it stands in the ledger; `until` changes with every renewal."""

    thread_id: str
    owner: str
    until: datetime
    taken_at: datetime
    tries: int


class Sightings:
    """Since when this process has seen each lease as it is now."""

    def __init__(self, seconds: float, clock: Callable[[], float] = steady_clock) -> None:
        self._seconds = seconds
        self._clock = clock
        self._since: dict[tuple[str, str, datetime], float] = {}
        self._guard = threading.Lock()

    def silent(self, leases: Iterable[Lease]) -> set[str]:
        """The threads among `leases`, which must be all there are, whose lease nobody renewed for its whole length."""
        with self._guard:
            at = self._clock()
            seen = {(lease.thread_id, lease.owner, lease.until) for lease in leases}
            self._since = {key: self._since.get(key, at) for key in seen}
            return {key[0] for key, since in self._since.items() if at - since >= self._seconds}
