"""Puts a backup in the place of the databases. What was there is moved aside, never deleted."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from review.errors import StorageFailed
from review.ledger import Ledger
from review.model import now
from review.ops.backup import Backup, read_backup
from review.ops.files import BESIDE, LEDGER, check_unused, databases, keep, opened, told
from review.reviewers import Reviewer
from review.settings import Settings


@dataclass(frozen=True)
class Restored:
    """`aside` are the folders with what was there before."""

    backup: Backup
    aside: tuple[Path, ...]


def restore_backup(settings: Settings, folder: Path, reviewer: Reviewer) -> Restored:
    """Raises `BadInput` for a backup that is not whole, and while any process uses the data."""
    backup = read_backup(folder)
    targets = databases(settings, "restore")
    check_unused(settings, targets)
    ready = {name: _beside(path) for name, path in targets.items()}
    try:
        for name in backup.files:
            with told(ready[name].name):
                targets[name].parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / name, ready[name])
        _settle(ready[LEDGER], settings, backup, reviewer)
        check_unused(settings, targets)
        for path in targets.values():
            _check_closed(path, settings.lock_seconds)
        aside = {moved for path in targets.values() if (moved := _move_aside(path))}
        for name in backup.files:
            with told(targets[name].name):
                keep(ready[name])
                ready[name].rename(targets[name])
                keep(targets[name].parent)
    finally:
        for path in ready.values():
            for end in ("", ".migrating", *BESIDE):
                path.with_name(path.name + end).unlink(missing_ok=True)
    return Restored(backup, tuple(sorted(aside)))


def _settle(path: Path, settings: Settings, backup: Backup, reviewer: Reviewer) -> None:
    """Nobody holds a thread of the restored ledger any more; what was running then is picked up as after a crash."""
    ledger = Ledger(f"sqlite:///{path}", lock_seconds=settings.lock_seconds)
    try:
        ledger.upkeep.restored(backup.taken_at, reviewer)
    finally:
        ledger.close()


def _check_closed(path: Path, seconds: float) -> None:
    """SQLite gives up its log only to the last one who has the database open, whoever the others are."""
    if not path.exists():
        return
    try:
        with opened(path, min(seconds, 1), write=True) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except StorageFailed as error:  # one that is damaged may be replaced for just that
        if "locked" in str(error.details.get("cause")):
            raise StorageFailed(f"Another program has {path.name} open. Stop it, then try again.") from error


def _move_aside(path: Path) -> Path | None:
    files = [each for each in (path, *(path.with_name(path.name + end) for end in BESIDE)) if each.exists()]
    if not files:
        return None
    aside = path.parent / f"before-restore-{now():%Y%m%dT%H%M%S}"
    with told(path.name):
        aside.mkdir(exist_ok=True)
        for file in files:
            file.rename(aside / file.name)
    return aside


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.restoring")
