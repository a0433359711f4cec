"""Two workers, twenty simulated reviewers, a kill every few seconds, for minutes: memory, leases and all records.

One worker is never killed, and its memory is watched. What may grow in it is bounded: the statements that each of its
connections keeps, and the memory that the system's allocator has got back and not returned. What is there for a thread
must go with the thread, so live objects are what is judged, and the resident memory is told beside them."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from review.desk import Desk, open_desk
from review.errors import ReviewError
from review.model import ENDED, ReviewStatus, ThreadStatus
from review.reviewers import Reviewer
from review.settings import Settings
from tests.chaos import memory
from tests.chaos.agreement import disagreements
from tests.chaos.graphs import GRAPHS
from tests.chaos.processes import ended, forked, kill_after
from tests.chaos.victim import Person, work
from tests.support import write_graphs

REVIEWERS, WAITING, ALL = 20, 40, 1_000_000
SAMPLED = 5.0  # seconds from one look at the memory to the next
# Finished threads that a worker may still know: those that the last runs left in variables, and those with whose ids a
# statement was first made.
KNOWN = 100
MEMORY_FILE, KNOWN_FILE = "memory", "known"
CHECKED = {name: source for name, source in GRAPHS.items() if name != "unchecked"}


@dataclass
class Soak:
    """`seconds` of work; a worker is killed every `kill_every`, and another one takes its place."""

    folder: Path
    seed: int
    seconds: float
    kill_every: float = 20
    tell: Callable[[str], None] = print
    kills: int = 0

    def run(self) -> list[str]:
        """What does not hold: of the records, and of the memory, which takes minutes to tell anything."""
        return [*self.work(), *self._memory()]

    def work(self) -> list[str]:
        """What does not hold of the records when all is done."""
        self.tell(f"soak: {self.seconds:g} s, a kill every {self.kill_every:g} s, seed {self.seed}, in {self.folder}")
        graphs = write_graphs(self.folder / "graphs", **CHECKED)
        settings = Settings(
            data_dir=self.folder / "data", graphs=graphs, poll_seconds=0.1, backoff_seconds=0, browser_seconds=5
        )  # else who has gone keeps what they claimed for a minute
        stop = self.folder / "stop"  # a file: a shared lock would be left by who is killed over it
        with ExitStack() as stack:
            stack.callback(stop.touch)
            people = stack.enter_context(forked(review_all, settings, self.seed, stop))
            steady = stack.enter_context(forked(serve, settings, stop, self.folder))
            self._kill_now_and_then(settings, stop)
            stop.touch()
            codes = [ended(people), ended(steady)]
        with forked(work, settings, f"{self.seed}-last", {}) as last:
            codes.append(ended(last))
        desk = open_desk(settings)
        found = disagreements(desk, graphs.parent)
        leaked = [f"{lease.thread_id}: its lease is left" for lease in desk.ledger.leases.held()]
        done = desk.ledger.threads.counts()
        desk.close()
        self.tell(f"{self.kills} kills, threads: {done}, disagreements: {len(found)}, leases left: {len(leaked)}")
        stumbled = [f"a process ended with {code}" for code in codes if code != 0]
        return [*found, *leaked, *stumbled]

    def _kill_now_and_then(self, settings: Settings, stop: Path) -> None:
        until = time.monotonic() + self.seconds
        while time.monotonic() < until:
            with forked(serve, settings, stop) as victim:
                kill_after(victim, max(0.0, min(self.kill_every, until - time.monotonic())))
                self.kills += 1

    def _memory(self) -> list[str]:
        """What does not fit a memory that is bounded."""
        told = self.folder / KNOWN_FILE
        if not told.exists():
            return ["the worker that was to live has not told what it keeps in memory"]
        known, samples = int(told.read_text("utf-8")), memory.read(self.folder / MEMORY_FILE)
        for each in samples[:: max(1, len(samples) // 10)]:
            self.tell(
                f"  {each.finished:6} threads: {each.resident} kB, {each.objects} objects, {each.statements} statements"
            )
        grown = memory.growth(samples)
        if grown is None:
            return ["the soak was too short to tell anything of its memory"]
        self.tell(
            f"memory of the worker that lives: {grown.objects:+} objects over the later {grown.threads} threads, "
            f"{known} finished threads still known"
        )
        return [
            *[f"{grown.objects} objects came with {grown.threads} threads and stayed"] * (not grown.is_bounded),
            *[f"a worker still knows {known} threads that are finished"] * (known > KNOWN),
        ]


def serve(settings: Settings, stop: Path, watched: Path | None = None) -> None:
    """A worker; one that is `watched` writes into that folder what it keeps in memory, at intervals and in the end."""
    logging.disable()
    desk = open_desk(settings)
    desk.relay.start()
    due = 0.0
    while not stop.exists():
        time.sleep(0.2)
        if watched and time.monotonic() >= due:
            due = time.monotonic() + SAMPLED
            with suppress(ReviewError):  # the ledger is busy
                done = desk.ledger.threads.counts().get(ThreadStatus.DONE, 0)
                memory.write(watched / MEMORY_FILE, memory.sample(done))
    if watched:
        threads = desk.ledger.threads.page(limit=ALL)
        finished = frozenset(thread.id for thread in threads if thread.status in ENDED)
        del threads
        (watched / KNOWN_FILE).write_text(str(len(memory.remembered(finished))))
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
