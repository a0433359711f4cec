"""The two databases as files: where they are, what they have, who uses them."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy.engine import make_url

from review.errors import BadInput, StorageFailed
from review.ledger.database import storage_failed
from review.settings import Settings, sqlite_file

LEDGER, CHECKPOINTS = "ledger.sqlite", "checkpoints.sqlite"  # as a backup names them
BESIDE = ("-wal", "-shm")


def databases(settings: Settings, what: str) -> dict[str, Path]:
    """The files of these settings under a backup's names; `what` is the command. Raises `BadInput` where the ledger is
    not a file."""
    url = make_url(settings.ledger_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise BadInput(
            f"The ledger is a {url.get_backend_name()} database, which `{what}` does not copy. Stop the app and the "
            "workers, copy the ledger with the database's own tool, such as pg_dump, and the file of the checkpoints "
            "beside it."
        )
    return {LEDGER: Path(url.database), CHECKPOINTS: sqlite_file(settings.checkpoints_url)}


@contextmanager
def opened(path: Path, seconds: float, *, write: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection without transactions of its own; the driver's failures as sentences."""
    mode = "rw" if write else "ro"
    with told(path.name):
        address = f"{path.resolve().as_uri()}?mode={mode}"
        with closing(sqlite3.connect(address, uri=True, timeout=seconds, isolation_level=None)) as connection:
            yield connection


@contextmanager
def told(name: str) -> Iterator[None]:
    """Raises `StorageFailed` for what the driver or the system reports."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise storage_failed(name, error) from error


def damage(connection: sqlite3.Connection) -> list[str]:
    """What SQLite itself finds wrong with a database."""
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
        keys = {
            f"a row of {row[0]} names a row of {row[2]} that is not there"
            for row in connection.execute("PRAGMA foreign_key_check")
        }
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return found + sorted(keys)


def row_counts(connection: sqlite3.Connection) -> dict[str, int]:
    names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    tables = [row[0] for row in connection.execute(names).fetchall()]
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def keep(path: Path) -> None:
    """Have the disk hold the file, or the folder's list of files, before going on."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def check_unused(settings: Settings, files: dict[str, Path], *, but: str = "") -> None:
    """Raises `BadInput` while another process has the data folder or a database; `but` is a holder's name to pass."""
    for folder in {settings.data_dir / "owners", *(path.parent / "owners" for path in files.values())}:
        for lock in sorted(folder.glob("*.lock")):
            if lock.stem != but.rpartition("/")[2] and _is_held(lock):
                raise BadInput(f"An app, a worker or a script is using {settings.data_dir}. Stop it, then try again.")


def _is_held(lock: Path) -> bool:
    try:
        with FileLock(lock, timeout=0):
            return False
    except Timeout:
        return True
    except OSError as error:
        raise StorageFailed(f"The folder {lock.parent} cannot be written: {error.strerror}.") from error
