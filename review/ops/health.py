"""Whether this process can do its work: the ledger and the checkpoints answer, the relay looks for work."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from review.desk import Desk
from review.errors import ReviewError, StorageFailed
from review.ledger.database import storage_failed
from review.settings import sqlite_file


@dataclass(frozen=True)
class Health:
    """`failing` has, by part, the error that says what is wrong; `starting` is true until the relay first looked."""

    starting: bool
    pending: int | None
    relay_age: float | None
    failing: dict[str, ReviewError]

    @property
    def status(self) -> str:
        return "failing" if self.failing else "starting" if self.starting else "ok"

    def as_json(self) -> dict[str, Any]:
        age = None if self.relay_age is None else round(self.relay_age, 3)
        told: dict[str, Any] = {"status": self.status, "pending": self.pending, "relay_age_seconds": age}
        told |= {part: "failing" if part in self.failing else "ok" for part in ("ledger", "checkpoints")}
        told["relay"] = "failing" if "relay" in self.failing else "starting" if self.starting else "ok"
        if self.failing:
            told["error"] = next(iter(self.failing.values())).as_json()
            told["errors"] = {part: error.as_json() for part, error in self.failing.items()}
        return told


class HealthCheck:
    """Of one desk, in the process that serves it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._begun = time.monotonic()

    def look(self) -> Health:
        failing: dict[str, ReviewError] = {}
        pending = None
        try:
            pending = self._desk.ledger.reviews.count()
        except ReviewError as error:
            failing["ledger"] = error
        try:
            self._read_checkpoints()
        except ReviewError as error:
            failing["checkpoints"] = error
        age = self._desk.relay_age
        if late := self._late(age):
            failing["relay"] = late
        return Health(age is None or not self._desk.serving, pending, age, failing)

    def _late(self, age: float | None) -> ReviewError | None:
        bound = self._desk.settings.health_seconds
        if age is not None and self._desk.serving:
            if age <= bound:
                return None
            told = f"The relay last looked for work {age:.0f} seconds ago"
        elif time.monotonic() - self._begun <= bound:
            return None
        else:
            told = f"The relay has not begun to look for work within {bound:.0f} seconds"
        return StorageFailed(f"{told}, so recorded decisions are not carried out here. See the log, then start again.")

    def _read_checkpoints(self) -> None:
        """On a connection of its own: the engine's may be at work, and may not be there yet."""
        path = sqlite_file(self._desk.settings.checkpoints_url)
        if not path.exists() and self._desk.relay_age is None:
            return  # the relay makes it with its first look
        try:
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=1)) as connection:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
                connection.execute("SELECT thread_id FROM checkpoints LIMIT 1").fetchone()
        except sqlite3.Error as error:
            raise storage_failed(path.name, error) from error
