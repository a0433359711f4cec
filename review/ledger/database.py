"""One database: its engine, its transactions, its migrations, and its failures in sentences."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from review.errors import BadInput, StorageFailed

log = logging.getLogger("review.audit")

MEMORY = "sqlite://"
HEAD = "0007"  # the newest migration; a test compares it with the scripts

TOLD = "told"  # in a connection's info: what its transaction records, for the log once that is certain

_UNOPENED = "cannot be opened. See that the folder exists and that this user may write there"
_FULL = "cannot be written: the disk is full. Nothing was recorded; free some space and try again"
_CAUSES = (
    ("locked", "is locked by another program. Nothing was recorded; try again, or stop that program"),
    ("readonly", "cannot be written: it is read-only. Nothing was recorded; give this user the right to write there"),
    *((sign, _UNOPENED) for sign in ("unable to open", "permission denied", "file exists", "not a directory")),
    *((sign, _FULL) for sign in ("disk is full", "no space left")),
    ("malformed", "is damaged. Restore it from a backup"),
    ("not a database", "is not a database. Move the file away, or name another one"),
    ("disk i/o", "cannot be read or written: the disk reports an error. Nothing was recorded"),
)


def storage_failed(name: str, error: BaseException) -> StorageFailed:
    """A database's failure as a sentence; the driver's own words stay in the log and in `cause`."""
    driver = getattr(error, "orig", None) or error
    words = str(driver)
    told = next((told for sign, told in _CAUSES if sign in words.lower()), f"reports an error: {words}")
    failed = StorageFailed(f"The database {name} {told}.", database=name, cause=words)
    # Python's drivers name so what happens to a database from outside; a damaged one is another kind of error.
    failed.passes = isinstance(driver, OSError) or type(driver).__name__ == "OperationalError"
    return failed


class Database:
    """Transactions on the ledger. Safe to share between threads."""

    def __init__(self, url: str, *, lock_seconds: float = 10) -> None:
        self.url = _parsed(url)
        self.name = Path(self.url.database).name if self.url.database else "in memory"
        self._memory = self.url.get_backend_name() == "sqlite" and not self.url.database
        self._lock_seconds = lock_seconds
        # A database in memory is one connection, so its transactions take turns. Of a file, those that write do: who
        # waits for SQLite's own lock sleeps and looks again, in no order, and among many is passed over for seconds.
        self._turn = threading.RLock()
        self._engine = self._connect(lock_seconds)
        self._migrate()

    @contextmanager
    def write(self, *, derived: bool = False) -> Iterator[Connection]:
        """One transaction that may change rows: all of it is kept, or none. Raises `StorageFailed`.

        `derived` is for what can be read again from the checkpoints, such as leases and the ends of runs: a power cut
        may take it back, a crash of the process not. A person's decision is on the disk before it is acknowledged.
        """
        with self._told(), self._writing(), self._engine.connect() as connection:
            connection = connection.execution_options(write="NORMAL" if derived else "FULL")
            about = connection.info
            try:
                with connection.begin():
                    yield connection
                for action, ids in about.get(TOLD, ()):
                    log.info(action, extra=ids)
            finally:
                about.pop(TOLD, None)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the rows. Raises `StorageFailed`."""
        with self._turn if self._memory else nullcontext(), self._told(), self._engine.connect() as connection:
            yield connection

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """The turn to write, which the databases of servers give by themselves."""
        if self.url.get_backend_name() != "sqlite":
            yield
            return
        if not self._turn.acquire(timeout=self._lock_seconds):
            raise storage_failed(self.name, sqlite3.OperationalError("database is locked"))
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise
        except DBAPIError as error:
            raise storage_failed(self.name, error) from error

    def _connect(self, lock_seconds: float) -> Engine:
        if self.url.get_backend_name() != "sqlite":
            return create_engine(self.url, pool_pre_ping=True)
        if self._memory:
            arguments: dict[str, Any] = {"check_same_thread": False}
            engine = create_engine(self.url, poolclass=StaticPool, connect_args=arguments, json_serializer=_json)
        else:
            try:
                Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise storage_failed(self.name, error) from error
            engine = create_engine(
                self.url,
                connect_args={"timeout": lock_seconds},
                pool_size=20,
                max_overflow=40,
                pool_use_lifo=True,  # what is seldom needed keeps few statements, whose memory is a connection's own
                json_serializer=_json,
            )
        event.listen(engine, "connect", partial(_prepare, lock_seconds))
        event.listen(engine, "begin", _begin)
        return engine

    def _migrate(self) -> None:
        if self._version() == HEAD:
            return
        lock = nullcontext() if self._memory or not self.url.database else FileLock(f"{self.url.database}.migrating")
        try:
            with lock:
                if self._version() != HEAD:
                    self._upgrade()
        except OSError as error:
            raise storage_failed(self.name, error) from error

    def _version(self) -> str | None:
        with self.read() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return str(found) if found else None

    def _upgrade(self) -> None:
        from alembic import command
        from alembic.config import Config
        from alembic.util import CommandError

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
        with self.write() as connection:
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise StorageFailed(
                    f"The ledger {self.name} was made by a newer version of Countersign. Update this program."
                ) from error


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        raise BadInput(f"The ledger's address {url!r} is not a database URL. Write sqlite:///path/to/file.") from error
    if parsed.get_backend_name() == "sqlite" and parsed.database == ":memory:":
        return make_url(MEMORY)
    return parsed


def _json(value: Any) -> str | bytes:
    """JSON for SQLite, which makes an integer of the text `1.0` in a JSON column, but leaves bytes alone."""
    text = json.dumps(value)
    return text.encode() if isinstance(value, int | float) and not isinstance(value, bool) else text


def _prepare(lock_seconds: float, connection: Any, _record: Any) -> None:
    # The driver's own transaction handling would begin too late; `_begin` does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    _use_wal(cursor, time.monotonic() + lock_seconds)
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _use_wal(cursor: Any, until: float) -> None:
    """SQLite does not wait for the lock by itself where another process makes the same change to a fresh file."""
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: an upgrade from a read lock could fail without waiting.
    synchronous = connection.get_execution_options().get("write")
    if synchronous:
        connection.exec_driver_sql(f"PRAGMA synchronous={synchronous}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if synchronous else "BEGIN")
