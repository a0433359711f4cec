"""Which process is alive: each holds a file locked while it lives, so a killed one is known at once."""

from __future__ import annotations

import socket
import time
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from review.errors import StorageFailed

LONG_AGO = 3600.0


class Owner:
    """This process as the holder of leases: a name, and a lock that goes with the process."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self.name = f"{socket.gethostname()}/{uuid.uuid4().hex[:12]}"
        self._lock: FileLock | None = None
        if folder is not None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                self._lock = FileLock(_file(folder, self.name))
                self._lock.acquire(timeout=0)
            except OSError as error:
                raise StorageFailed(f"The folder {folder} cannot be written: {error.strerror}.") from error

    def dead(self, owners: Iterable[str]) -> list[str]:
        """Those of `owners` that certainly live no more. Of another machine's, only time will tell."""
        return [owner for owner in owners if owner != self.name and self._is_dead(owner)]

    def close(self, *, unsettled: bool = False) -> None:
        """This process holds no lease any more; with `unsettled`, it still does, and is dead once it has ended."""
        if self._lock is not None and self._folder is not None and not unsettled:
            self._lock.release()
            _file(self._folder, self.name).unlink(missing_ok=True)

    def tidy(self, holders: Iterable[str]) -> None:
        """Remove what killed processes left long ago, but for those that hold a lease: it tells that they are dead."""
        if self._folder is None:
            return
        held = {_file(self._folder, owner) for owner in holders}
        for file in self._folder.glob("*.lock"):
            with suppress(OSError, Timeout):
                # A younger one may be about to be locked by the process that made it.
                if file not in held and time.time() - file.stat().st_mtime > LONG_AGO:
                    with FileLock(file, timeout=0):
                        file.unlink()

    def _is_dead(self, owner: str) -> bool:
        host, _, _ = owner.rpartition("/")
        if self._folder is None or host != socket.gethostname():
            return False
        file = _file(self._folder, owner)
        if not file.exists():
            return False
        try:
            # The file stays: to remove it could take it from a process that has just opened it.
            with FileLock(file, timeout=0):
                return True
        except Timeout:
            return False


def _file(folder: Path, owner: str) -> Path:
    return folder / f"{owner.rpartition('/')[2]}.lock"
