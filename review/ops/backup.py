"""A backup: both databases as they stood at one moment, taken while the app runs.

For that moment the ledger's write lock is held and a read transaction is begun on each database; that takes
milliseconds. The copies are then made from those transactions, while everybody goes on. At that moment no checkpoint
can be older than what the ledger says of it: a run keeps its steps first and settles afterwards. A thread that was
running stands so in the copy, and is picked up as after a crash.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from review.errors import BadInput, StorageFailed
from review.ledger.database import HEAD
from review.model import now
from review.ops.files import LEDGER, damage, databases, digest, keep, opened, row_counts, told
from review.settings import Settings

MANIFEST = "backup.json"
FORMAT = 1


@dataclass(frozen=True)
class Copied:
    """One file of a backup."""

    sha256: str
    bytes: int
    rows: dict[str, int]


@dataclass(frozen=True)
class Backup:
    """What a backup's manifest says. `migration` is that of the ledger."""

    taken_at: str
    migration: str
    files: dict[str, Copied]
    format: int = FORMAT


def take_backup(settings: Settings, folder: Path) -> Backup:
    """Copy both databases into `folder`, which must be new or empty. The manifest is written last: a folder without one
    is no backup."""
    sources = databases(settings, "backup")
    if not sources[LEDGER].exists():
        raise BadInput(f"There is no ledger at {sources[LEDGER]}, so there is nothing to back up.")
    _make(folder)
    with ExitStack() as stack:
        pinned, at = _pin(stack, {name: path for name, path in sources.items() if path.exists()}, settings.lock_seconds)
        migration = pinned[LEDGER].execute("SELECT version_num FROM alembic_version").fetchone()
        files = {name: _copied(connection, folder / name) for name, connection in pinned.items()}
    backup = Backup(at, migration[0] if migration else HEAD, files)
    with told(MANIFEST):
        draft = folder / f"{MANIFEST}.part"
        draft.write_text(json.dumps(asdict(backup), indent=2) + "\n", "utf-8")
        keep(draft)
        draft.rename(folder / MANIFEST)
        keep(folder)
    return backup


def read_backup(folder: Path) -> Backup:
    """The manifest of a backup that is whole. Raises `BadInput` for anything else."""
    try:
        read = json.loads((folder / MANIFEST).read_text("utf-8"))
    except FileNotFoundError:
        raise BadInput(
            f"{folder} is no complete backup: it has no {MANIFEST}, which is written last. Name another one."
        ) from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{folder / MANIFEST} cannot be read: {error}. Name another backup.") from error
    backup = _read(read, folder)
    for name, file in backup.files.items():
        if not (folder / name).is_file():
            raise BadInput(f"The backup {folder} is not complete: {name} is missing. Name another one.")
        if digest(folder / name) != file.sha256:
            raise BadInput(f"The backup {folder} is damaged: {name} is not what was copied. Name another one.")
    return backup


def _read(manifest: Any, folder: Path) -> Backup:
    try:
        if manifest["format"] != FORMAT or str(manifest["migration"]) > HEAD:
            raise BadInput(f"The backup {folder} was made by a newer version of Countersign. Update this program.")
        files = {str(name): Copied(**file) for name, file in manifest["files"].items()}
        if LEDGER not in files or any(Path(name).name != name for name in files):
            raise KeyError(LEDGER)
        return Backup(manifest["taken_at"], manifest["migration"], files)
    except (KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"{folder / MANIFEST} is not the manifest of a backup. Name another folder.") from error


def _make(folder: Path) -> None:
    with told(str(folder)):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise BadInput(f"{folder} is there already. Name a folder that does not exist, or an empty one.")
        folder.mkdir(parents=True, exist_ok=True)


def _pin(stack: ExitStack, sources: dict[str, Path], seconds: float) -> tuple[dict[str, sqlite3.Connection], str]:
    """A read transaction on each database, all of one moment at which nothing was being written to the ledger."""
    pinned = {name: stack.enter_context(opened(path, seconds)) for name, path in sources.items()}
    with opened(sources[LEDGER], seconds, write=True) as lock:
        lock.execute("BEGIN IMMEDIATE")
        try:
            for connection in pinned.values():
                connection.execute("BEGIN")
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the transaction begins here
            at = now().isoformat()
        finally:
            lock.execute("ROLLBACK")
    return pinned, at


def _copied(source: sqlite3.Connection, path: Path) -> Copied:
    with told(path.name):
        copy = sqlite3.connect(path, isolation_level=None)
        try:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # so that the backup is this one file
            if found := damage(copy):
                raise StorageFailed(f"The copy of {path.name} is damaged: {found[0]}. Try again on another disk.")
            rows = row_counts(copy)
        finally:
            copy.close()
        keep(path)
        return Copied(digest(path), path.stat().st_size, rows)
