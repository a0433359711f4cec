"""The ledger: the database of threads, reviews, decisions and audit entries; the only truth about who decided what."""

from __future__ import annotations

from review.ledger.actions import Actions
from review.ledger.audit import Audit
from review.ledger.checking import Checking
from review.ledger.claims import Claims
from review.ledger.database import MEMORY, Database
from review.ledger.decisions import Decisions, Draft
from review.ledger.drafts import Drafts
from review.ledger.exporting import Exporting
from review.ledger.forks import Forks
from review.ledger.found import FoundThreads
from review.ledger.leases import Leases, Taken
from review.ledger.measures import Measures
from review.ledger.mentions import Mentions
from review.ledger.notes import Notes
from review.ledger.openings import Opening
from review.ledger.queue import Queue
from review.ledger.reviews import Reviews
from review.ledger.settle import Resolution, Settlement, Settling
from review.ledger.threads import Start, Threads
from review.ledger.timers import Timers
from review.ledger.undo import Undo
from review.ledger.upkeep import Upkeep
from review.ledger.viewers import Viewers
from review.ledger.views import Views

__all__ = ["MEMORY", "Draft", "Ledger", "Opening", "Resolution", "Settlement", "Start", "Taken"]


class Ledger:
    """All of one ledger. `url` is a database URL; `MEMORY` forgets everything with the process."""

    def __init__(self, url: str, *, lock_seconds: float = 10) -> None:
        self._database = Database(url, lock_seconds=lock_seconds)
        self.threads = Threads(self._database)
        self.leases = Leases(self._database)
        self.reviews = Reviews(self._database)
        self.queue = Queue(self._database)
        self.decisions = Decisions(self._database)
        self.undo = Undo(self._database)
        self.claims = Claims(self._database)
        self.viewers = Viewers(self._database)
        self.drafts = Drafts(self._database)
        self.notes = Notes(self._database)
        self.mentions = Mentions(self._database)
        self.views = Views(self._database)
        self.timers = Timers(self._database)
        self.settling = Settling(self._database)
        self.audit = Audit(self._database)
        self.actions = Actions(self._database)
        self.found = FoundThreads(self._database)
        self.forks = Forks(self._database)
        self.exporting = Exporting(self._database)
        self.measures = Measures(self._database)
        self.upkeep = Upkeep(self._database)
        self.checking = Checking(self._database)

    def close(self) -> None:
        self._database.close()
