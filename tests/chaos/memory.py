"""What a process keeps in memory: live objects, the memory that the system gave it, and which threads it still knows.

What grows with the threads is a leak. What grows with the statements, types or lengths that occur is a cache: it fills
up, first quickly, then ever more slowly. So growth is told for each thread that was finished, over the later half."""

from __future__ import annotations

import gc
import json
import sys
from collections import Counter
from collections.abc import Set
from dataclasses import asdict, dataclass
from pathlib import Path

# What SQLite's driver keeps for each connection: the statements and cursors that it used last, up to its own limit.
DRIVERS = (STATEMENT := "sqlite3.Statement", "weakref.ReferenceType")
# Objects by which what is under way, and what libraries keep, differs from one part of a run to another.
SLACK = 5000


@dataclass(frozen=True)
class Sample:
    """finished: threads, by then. objects: that live. statements: of SQLite, that are kept. resident: kB of memory."""

    finished: int
    objects: int
    statements: int
    resident: int


@dataclass(frozen=True)
class Growth:
    """Over the later half of a run: threads that were finished, and objects that came and stayed."""

    threads: int
    objects: int

    @property
    def is_bounded(self) -> bool:
        """Not one object for each thread; one that is kept has several."""
        return self.objects <= self.threads + SLACK


def sample(finished: int) -> Sample:
    """Of this process, now. Its allocator counts objects of up to 512 bytes: that is every object but long texts and
    the tables of large collections, and each of those has small ones about it."""
    gc.collect()
    statements = sum(_kind(each) == STATEMENT for each in gc.get_objects())
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
    return Sample(finished, sys.getallocatedblocks(), statements, resident)


def growth(samples: list[Sample]) -> Growth | None:
    """From the second quarter to the last one, by the lowest of each, since what is under way comes and goes. None
    of too few samples."""
    quarter = len(samples) // 4
    earlier, later = samples[quarter : 2 * quarter], samples[-quarter:]
    if not quarter:
        return None
    came = min(each.objects for each in later) - min(each.objects for each in earlier)
    return Growth(later[-1].finished - earlier[-1].finished, came)


def remembered(names: Set[str]) -> dict[str, list[str]]:
    """Which of the names this process still has in its objects, but for `names` itself: each with what holds it."""
    gc.collect()
    found: dict[str, list[str]] = {}
    for holder in gc.get_objects():
        if holder is not names:
            for held in gc.get_referents(holder):
                if type(held) is str and held in names:
                    found.setdefault(held, []).append(_kind(holder))
    return found


def live_types() -> Counter[str]:
    """How many objects of each type live in this process, but for those of `DRIVERS`."""
    gc.collect()
    types = Counter(map(_kind, gc.get_objects()))
    for kind in DRIVERS:
        del types[kind]
    return types


def _kind(each: object) -> str:
    return f"{type(each).__module__}.{type(each).__qualname__}"


def write(file: Path, sampled: Sample) -> None:
    with file.open("a") as opened:
        opened.write(json.dumps(asdict(sampled)) + "\n")


def read(file: Path) -> list[Sample]:
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return [Sample(**json.loads(line)) for line in lines]
