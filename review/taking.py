"""What this process may take: threads that nobody holds, and those whose holder is dead or has gone silent."""

from __future__ import annotations

from review.leases import Lease, Sightings
from review.ledger import Ledger, Taken
from review.model import now
from review.owners import Owner
from review.running import backoff
from review.settings import Settings


class Taking:
    """Finds threads for one process, and takes their leases."""

    def __init__(self, ledger: Ledger, settings: Settings, owner: Owner) -> None:
        self._leases = ledger.leases
        self._settings = settings
        self._owner = owner
        self._sightings = Sightings(settings.lease_seconds)

    def due(self, limit: int) -> list[str]:
        """The threads that have work now and that nobody else holds, longest waiting first."""
        return self._leases.due(self._owner.name, self._ended(), limit)

    def take(self, thread_id: str, *, idle: bool = False) -> Taken | None:
        """The thread under our lease; None where another process has it, or where there is nothing to do on it (with
        `idle`, even then)."""
        name, seconds = self._owner.name, self._settings.lease_seconds
        taken = self._leases.take(thread_id, name, seconds, idle=idle)
        if taken is None and (ended := self._ended().get(thread_id)):
            return self._leases.take(thread_id, name, seconds, ended, idle=idle)
        return taken

    def _ended(self) -> dict[str, Lease]:
        """The leases of others that have run out, by thread: of a process that lives no more, or not renewed for their
        whole length. A run that goes on ending with its process waits longer each time."""
        leases = self._leases.held()
        silent = self._sightings.silent(leases)
        dead = self._owner.dead({lease.owner for lease in leases})
        at = now()
        return {
            lease.thread_id: lease
            for lease in leases
            if (lease.owner in dead or lease.thread_id in silent)
            and not 0 <= (at - lease.taken_at).total_seconds() < backoff(self._settings, lease.tries - 1)
        }
