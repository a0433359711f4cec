"""Two workers, twenty simulated reviewers, a kill every few seconds, for minutes: memory, leases and all records."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from review.desk import Desk, open_desk
from review.errors import ReviewError
from review.model import Reviewer, ReviewStatus, ThreadStatus
from review.settings import Settings
from tests.chaos.agreement import disagreements
from tests.chaos.graphs import GRAPHS
from tests.chaos.processes import ended, forked
from tests.chaos.victim import Person, work
from tests.support import write_graphs

REVIEWERS, WAITING = 20, 40
WARM = 30  # seconds after which a worker's memory counts as that of a warm one
CHECKED = {name: source for name, source in GRAPHS.items() if name != "unchecked"}


@dataclass
class Soak:
    """`seconds` of work; a worker is killed every `kill_every`, and another one takes its place. One is never killed,
    so that its memory can be watched."""

    folder: Path
    seed: int
    seconds: float
    kill_every: float = 20
    tell: Callable[[str], None] = print
    kills: int = 0
    memory: list[int] = field(default_factory=list)

    def run(self) -> list[str]:
        self.tell(f"soak: {self.seconds:g} s, a kill every {self.kill_every:g} s, seed {self.seed}, in {self.folder}")
        graphs = write_graphs(self.folder / "graphs", **CHECKED)
        settings = Settings(data_dir=self.folder / "data", graphs=graphs, poll_seconds=0.1, backoff_seconds=0)
        stop = self.folder / "stop"  # a file: a shared lock would be left by who is killed over it
        with ExitStack() as stack:
            stack.callback(stop.touch)
            people = stack.enter_context(forked(review_all, settings, self.seed, stop))
            steady = stack.enter_context(forked(serve, settings, stop))
            self._kill_now_and_then(settings, stop, steady)
            stop.touch()
            codes = [ended(people), ended(steady)]
        with forked(work, settings, f"{self.seed}-last", {}) as last:
            codes.append(ended(last))
        desk = open_desk(settings)
        found = disagreements(desk, graphs.parent)
        leaked = [f"{lease.thread_id}: its lease is left" for lease in desk.ledger.threads.leases()]
        done = desk.ledger.threads.counts()
        desk.close()
        self._tell_memory()
        self.tell(f"{self.kills} kills, threads: {done}, disagreements: {len(found)}, leases left: {len(leaked)}")
        return [*found, *leaked, *(f"a process ended with {code}" for code in codes if code)]

    def _kill_now_and_then(self, settings: Settings, stop: Path, steady: ForkServerProcess) -> None:
        until = time.monotonic() + self.seconds
        while time.monotonic() < until:
            with forked(serve, settings, stop) as victim:
                life = min(time.monotonic() + self.kill_every, until)
                while time.monotonic() < life:
                    time.sleep(min(5.0, self.kill_every))
                    self.memory.append(_resident(steady))
                victim.kill()
                self.kills += 1

    def _tell_memory(self) -> None:
        step = self.seconds / max(len(self.memory), 1)
        warm = self.memory[min(int(WARM / step), len(self.memory) - 1)]
        self.tell(f"memory of the worker that lives: {warm} kB after {WARM} s, {self.memory[-1]} kB at the end")


def serve(settings: Settings, stop: Path) -> None:
    """A worker."""
    logging.disable()
    desk = open_desk(settings)
    desk.relay.start()
    while not stop.exists():
        time.sleep(0.2)
    desk.close()


def review_all(settings: Settings, seed: int, stop: Path) -> None:
    """The reviewers, in one process without a relay; each a thread that claims, decides and undoes."""
    logging.disable()
    desk = open_desk(settings)
    with ThreadPoolExecutor(REVIEWERS) as pool:
        people = [pool.submit(_review, desk, seed, n, stop) for n in range(REVIEWERS)]
    desk.close()
    for person in people:
        person.result()  # a reviewer who stumbled has simulated nothing


def _review(desk: Desk, seed: int, mine: int, stop: Path) -> None:
    rng = random.Random(f"{seed}-{mine}")
    name, count = f"reviewer-{mine}", 0
    person = SoakPerson(desk, desk.settings.graphs.parent, rng, name)
    while not stop.exists():
        with suppress(ReviewError):  # somebody else was first, or the database is busy
            counts = desk.ledger.threads.counts()
            if sum(counts.values()) - counts.get(ThreadStatus.DONE, 0) < WAITING:
                thread_id = f"{mine:02}-{count:06}"
                desk.start(rng.choice([*CHECKED]), {"topic": thread_id}, Reviewer(name), thread_id=thread_id)
                count += 1
            person.attend_one()
        time.sleep(rng.uniform(0.05, 0.5))


class SoakPerson(Person):
    """Claims one review, thinks, then decides it, or leaves it."""

    def attend_one(self) -> None:
        waiting = self._desk.ledger.reviews.page(limit=WAITING)
        if failed := self._desk.ledger.reviews.page(status=[ReviewStatus.RESUME_FAILED]):
            self._desk.decide(failed[0].id, "retry", self._reviewer)
        if not waiting:
            return
        review = self._rng.choice(waiting)
        self._desk.claim(review.id, self._reviewer, seconds=5, take_over=self._rng.random() < 0.1)
        self._desk.look_at(review.id, self._reviewer.name, self._reviewer)
        if self._rng.random() < 0.1:
            self._desk.release(review.id, self._reviewer)
        else:
            self._decide(review)


def _resident(process: ForkServerProcess) -> int:
    """The resident memory of a process in kB."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
