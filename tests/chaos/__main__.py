"""`make chaos`: every fault at full size. `python -m tests.chaos kills --seed 7` runs one of them again."""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.chaos.bare import measure
from tests.chaos.kills import Campaign
from tests.chaos.locked import locked_for
from tests.chaos.race import KINDS, Race
from tests.chaos.soak import Soak
from tests.review.test_machine import DeskMachine

print_now = partial(print, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 1 where any of the programs found something."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("programs", nargs="*", metavar="PROGRAM", help=f"of {', '.join(PROGRAMS)}; without any, all")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="printed, to be given again")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=200, help="reviews of the race")
    parser.add_argument("--seconds", type=float, default=600, help="of the soak")
    parser.add_argument("--lock", type=float, default=30, help="seconds for which a database is locked")
    parser.add_argument("--examples", type=int, default=1000, help="of the state machine")
    given = parser.parse_args(arguments)
    if unknown := set(given.programs) - set(PROGRAMS):
        parser.error(f"there is no {', '.join(unknown)}")
    print_now(f"seed {given.seed}")
    failed = 0
    for name in given.programs or PROGRAMS:
        began = time.monotonic()
        folder = Path(tempfile.mkdtemp(prefix=f"chaos-{name}-"))
        print_now(f"{name}: begins, seed {given.seed}, in {folder}")
        try:
            found = PROGRAMS[name](folder, given)
        except (Exception, pytest.fail.Exception):  # one that cannot go on does not keep the others from being run
            found = traceback.format_exc().splitlines()
        if not found:
            shutil.rmtree(folder, ignore_errors=True)
        for each in found:
            print_now(f"  {each}")
        print_now(f"{name}: {'FAILED' if found else 'holds'}, {time.monotonic() - began:.0f} s, seed {given.seed}\n")
        failed += bool(found)
    return int(failed > 0)


def _kills(folder: Path, given: argparse.Namespace) -> list[str]:
    campaign = Campaign(folder, given.seed, given.kills, print_now)
    found = campaign.run()
    for place, count in sorted(campaign.deaths.items()):
        print_now(f"  {count:4} {place}")
    return found


def _race(folder: Path, given: argparse.Namespace) -> list[str]:
    race = Race(folder, given.seed, given.rounds, print_now).run()
    found = [f"{len(winners)} winners" for winners in race.winners if len(winners) != 1]
    if len(race.effects) != given.rounds:
        found.append(f"{len(race.effects)} actions")
    if race.refusals != given.rounds * (len(KINDS) - 1):
        found.append(f"{race.refusals} refusals")
    return found + race.broken


def _soak(folder: Path, given: argparse.Namespace) -> list[str]:
    return Soak(folder, given.seed, given.seconds, tell=print_now).run()


def _locked(folder: Path, given: argparse.Namespace) -> list[str]:
    names = ("ledger.sqlite", "checkpoints.sqlite")
    return [told for name in names for told in locked_for(folder / name, name, given.lock, print_now)]


def _machine(_folder: Path, given: argparse.Namespace) -> list[str]:
    """Raises, with the steps that lead there, where the desk does otherwise than its model."""
    longer = settings(DeskMachine.TestCase.settings, max_examples=given.examples, derandomize=False)
    run_state_machine_as_test(seed(given.seed)(DeskMachine), settings=longer)
    return []


def _bare(folder: Path, given: argparse.Namespace) -> list[str]:
    """For comparison alone: nothing that it finds is a failure."""
    measure(folder, given.seed, print_now)
    return []


PROGRAMS: dict[str, Callable[[Path, argparse.Namespace], list[str]]] = {
    "race": _race,
    "kills": _kills,
    "locked": _locked,
    "machine": _machine,
    "soak": _soak,
    "bare": _bare,
}

if __name__ == "__main__":
    sys.exit(main())
