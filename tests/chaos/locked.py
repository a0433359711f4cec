"""Another process holds a database's lock for half a minute, while decisions are made and applied."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from review.desk import open_desk
from review.errors import StorageFailed
from review.model import Review, ThreadStatus
from review.ops.verify import Verifier
from review.settings import Settings
from tests.chaos.processes import forked, forks
from tests.support import ADA, ASK, begin, pending, wait_for, write_graphs


def hold(path: Path, seconds: float, held: object) -> None:
    """Another program that keeps the write lock."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        held.set()  # type: ignore[attr-defined]
        time.sleep(seconds)
        connection.execute("ROLLBACK")


def locked_for(folder: Path, name: str, seconds: float, tell: Callable[[str], None] = print) -> list[str]:
    """What does not hold after database `name` was locked for so long."""
    graphs = write_graphs(folder / "graphs", ask=ASK)
    short = {"poll_seconds": 0.05, "lock_seconds": seconds / 15, "max_tries": 100, "backoff_seconds": seconds / 30}
    desk = open_desk(Settings(data_dir=folder / "data", graphs=graphs, **short))
    first, second = (pending(desk, begin(desk).id) for _ in range(2))
    desk.relay.start()
    held, told = forks.Event(), list[str]()

    def decided(review: Review) -> bool:
        """Whoever is refused may try again, and has decided once: nothing was recorded of what was refused."""
        try:
            return desk.decide(review.id, "approve", ADA, key=f"key-{review.id}").decision is not None
        except StorageFailed as error:
            told.append(error.message)
            return False

    with forked(hold, folder / "data" / name, seconds, held) as process:
        held.wait()
        began = time.monotonic()
        while process.is_alive():
            decided(first)
            time.sleep(seconds / 100)
    wait_for(lambda: decided(first) and decided(second), "the decisions", 120)
    for review in (first, second):
        wait_for(lambda id=review.thread_id: desk.thread(id).status == ThreadStatus.DONE, "the end", 120)  # type: ignore[misc]
    found = [each.told for each in Verifier(desk).run().broken]
    tell(
        f"{name} was locked for {time.monotonic() - began:.0f} s in all: {len(told)} decisions were refused "
        f"({told[0] if told else 'none'}), both threads are done, broken: {found}"
    )
    found += [message for message in told if "is locked by another program" not in message]
    desk.close()
    return found
