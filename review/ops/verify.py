"""Checks the invariants of the ledger against the checkpoints, and names each that is broken.

The app may run meanwhile: what looks broken is read once more, and what changes under the reading is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from review.desk import Desk
from review.engine.base import Snapshot
from review.errors import BadInput, GraphNotFound, ReviewError, StorageFailed
from review.ledger.checking import Record
from review.model import ThreadStatus
from review.ops.files import damage, databases, opened
from review.ops.invariants import Broken, of_records, of_snapshot
from review.running import ref_of

PAGE = 100
LOOKS = 3


@dataclass
class Report:
    """`broken` are invariants that do not hold, `notes` what an operator may want to know. `checked` counts threads,
    `skipped` those that a live process was running."""

    broken: list[Broken] = field(default_factory=list)
    notes: list[Broken] = field(default_factory=list)
    checked: int = 0
    skipped: int = 0

    @property
    def summary(self) -> str:
        threads = f"{self.checked} thread{'' if self.checked == 1 else 's'} checked"
        skipped = f", {self.skipped} skipped that a live process runs" if self.skipped else ""
        found = f"{len(self.broken)} broken" if self.broken else "everything holds"
        return f"{threads}{skipped}: {found}."

    def as_json(self) -> dict[str, Any]:
        return {
            "checked": self.checked,
            "skipped": self.skipped,
            "broken": [each.as_json() for each in self.broken],
            "notes": [each.as_json() for each in self.notes],
        }


class Verifier:
    """Reads one desk; changes nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def run(self) -> Report:
        report = Report()
        report.broken += self._damage()
        try:
            self._check_all(report)
        except StorageFailed as error:
            report.broken.append(Broken("readable", error.message))
        return report

    def _check_all(self, report: Report) -> None:
        after = ""
        while records := self._desk.ledger.checking.page(after, PAGE):
            dead = self._desk.dead({held for record in records if (held := record.thread.lease_owner)})
            for record in records:
                self._check(record, dead, report)
            after = records[-1].thread.id

    def _damage(self) -> Iterator[Broken]:
        for path in self._files():
            if path.exists():
                with opened(path, self._desk.settings.lock_seconds) as connection:
                    for told in damage(connection):
                        yield Broken("intact", f"{path.name} is damaged: {told}")

    def _files(self) -> list[Path]:
        try:
            return list(databases(self._desk.settings, "verify").values())
        except BadInput:  # a ledger that is not a file is its database's to check
            return []

    def _check(self, record: Record, dead: set[str], report: Report) -> None:
        """A thread that looks broken may have moved between the reading of the ledger and of the checkpoints."""
        for _ in range(LOOKS):
            if record.thread.lease_owner and record.thread.lease_owner not in dead:
                report.skipped += 1
                return
            broken, notes = self._found(record)
            again = self._desk.ledger.checking.one(record.thread.id) if broken else record
            if again is None:
                return
            if again == record:
                report.checked += 1
                report.broken += broken
                report.notes += notes
                return
            record = again
        report.skipped += 1

    def _found(self, record: Record) -> tuple[list[Broken], list[Broken]]:
        broken, notes = of_records(record)
        thread = record.thread
        if thread.lease_owner:
            told = f"is held by {thread.lease_owner}, which lives no more; a relay takes it over"
            notes.append(Broken("lease", told, thread.id))
        if not thread.graph or thread.pruned_at:
            return broken, notes
        try:
            snapshot = self._desk.engine.snapshot(ref_of(thread))
        except GraphNotFound as error:
            notes.append(Broken("readable", f"cannot be compared: {error.message}", thread.id))
        except ReviewError as error:
            broken.append(Broken("readable", f"cannot be read: {error.message}", thread.id))
        except Exception as error:  # a state that the graph's own types refuse
            failed = notes if thread.status == ThreadStatus.FAILED else broken
            failed.append(Broken("readable", f"cannot be read: {type(error).__name__}", thread.id))
        else:
            self._compare(record, snapshot, broken, notes)
        return broken, notes

    @staticmethod
    def _compare(record: Record, snapshot: Snapshot, broken: list[Broken], notes: list[Broken]) -> None:
        found = of_snapshot(record, snapshot)
        # What another program does with its thread, the relay follows when it looks next.
        (notes if record.thread.found or snapshot.lost else broken).extend(found)


__all__ = ["Broken", "Report", "Verifier"]
