"""SIGKILL at every named place and at random moments under load; afterwards all records must agree."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from review.desk import open_desk
from review.settings import Settings
from tests.chaos.agreement import disagreements
from tests.chaos.graphs import GRAPHS, IN_GRAPHS
from tests.chaos.processes import ended, forked, kill_after, was_killed
from tests.chaos.victim import IN_OUR_CODE, work
from tests.support import write_graphs

PLACES = (*IN_OUR_CODE, *IN_GRAPHS)
# After so many deaths at named places, two come at random moments, with two processes at work.
RANDOM_IN = 6
FINISHED_IN = 10
LONGEST_LIFE = 0.4
UNDER_LOAD = 4


@dataclass
class Campaign:
    """One data folder through `kills` deaths. The same seed has the same deaths in the same order; what the system's
    scheduler makes of them is not in our hands."""

    folder: Path
    seed: int
    kills: int
    tell: Callable[[str], None] = print
    deaths: Counter[str] = field(default_factory=Counter)
    processes: int = 0

    def run(self) -> list[str]:
        """Kill, let the next process go on, and so forth; returns what does not agree in the end."""
        self.tell(f"kills: {self.kills}, seed {self.seed}, in {self.folder}")
        rng = random.Random(self.seed)
        settings = self._settings()
        while self.deaths.total() < self.kills:
            if self.processes % FINISHED_IN == FINISHED_IN - 1:
                self._finish(settings)
            if self.processes % RANDOM_IN == RANDOM_IN - 1:
                self._at_random(settings, rng)
            else:
                self._at(self._next_place(rng), settings, rng)
        self._finish(settings)
        desk = open_desk(settings)
        try:
            found = disagreements(desk, settings.graphs.parent)
            done = desk.ledger.threads.counts()
        finally:
            desk.close()
        self.tell(
            f"{self.deaths.total()} deaths, {self.processes} processes, threads: {done}, disagreements: {len(found)}"
        )
        return found

    def _settings(self) -> Settings:
        graphs = write_graphs(self.folder / "graphs", **GRAPHS)
        return Settings(
            data_dir=self.folder / "data", graphs=graphs, poll_seconds=0.02, backoff_seconds=0, lease_seconds=600
        )

    def _finish(self, settings: Settings) -> None:
        """One process lives until every thread is done, so that the deaths to come find fresh ones."""
        for mark in settings.graphs.parent.glob("die-at-*"):
            mark.unlink()
        with forked(work, settings, self._seed(), {}) as process:
            code = ended(process)
            if code != 0:
                raise AssertionError(f"A process that was to finish everything ended with {code} (seed {self.seed}).")

    def _next_place(self, rng: random.Random) -> str:
        """A place that was died at least often."""
        fewest = min(self.deaths[place] for place in PLACES)
        return rng.choice([place for place in PLACES if self.deaths[place] == fewest])

    def _at(self, place: str, settings: Settings, rng: random.Random) -> None:
        (settings.graphs.parent / f"die-at-{place}").touch()
        with forked(work, settings, self._seed(), self._starts(rng, len(GRAPHS))) as process:
            code = ended(process)
            if not was_killed(process):
                raise AssertionError(f"A process was to die {place}, and ended with {code} (seed {self.seed}).")
        self.deaths[place] += 1

    def _at_random(self, settings: Settings, rng: random.Random) -> None:
        """Two processes at work on the same threads; both die, at different moments."""
        load = self._starts(rng, UNDER_LOAD)
        lives = sorted(rng.uniform(0, LONGEST_LIFE) for _ in range(2))
        with forked(work, settings, self._seed(), load) as one, forked(work, settings, self._seed(), {}) as other:
            for process, life in zip((one, other), (lives[0], lives[1] - lives[0]), strict=True):
                kill_after(process, life)
                self.deaths["at random"] += was_killed(process)

    def _seed(self) -> str:
        self.processes += 1
        return f"{self.seed}-{self.processes}"

    def _starts(self, rng: random.Random, count: int) -> dict[str, str]:
        names = [*GRAPHS]
        first = rng.randrange(len(names))
        return {f"{self.processes:05}-{n}": names[(first + n) % len(names)] for n in range(count)}
