"""Fifty reviewers on one server: how long each waits for the answer to a decision, and what each costs in memory."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from review.reviewers import Reviewer
from tests.benchmarks.crowd import PATIENCE, Session, crowd
from tests.benchmarks.homes import APP, bare, fill
from tests.benchmarks.table import Row, Sizes, Spread
from tests.serving import Server, serving

SESSIONS = 50
EVERY, ROUNDS = 5.0, 6  # seconds between two decisions of one reviewer, and how many each of them makes
SETTLE = 4.0  # seconds until a server has done what it does after its start
NAMES = [f"Reviewer {number}" for number in range(SESSIONS)]


def measure_sessions() -> list[Row]:
    """Seconds from sending the click on Approve until the run that shows the next review has finished; megabytes of
    the server's resident memory that each open session adds."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        fill(home, SESSIONS * (ROUNDS + 2), claimed_by=[Reviewer(name) for name in NAMES])
        with serving(APP, home) as server:
            ours, seconds = asyncio.run(_open(server, "tab=mine", decides=True))
        with serving(bare(home), home) as server:
            blank, _ = asyncio.run(_open(server))
    return [
        Spread(f"decision acknowledged, {SESSIONS} deciding every {EVERY:.0f} s", seconds, PATIENCE),
        Sizes(f"memory of a session, {SESSIONS} open", ours, blank),
    ]


async def _open(server: Server, query: str = "", *, decides: bool = False) -> tuple[float, list[float]]:
    """What an open session costs, in bytes; how long its reviewer waited, each time."""
    async with crowd(server.port, ["Somebody else"]):
        await asyncio.sleep(SETTLE)
        before = _resident(server.pid)
        async with crowd(server.port, NAMES, query) as sessions:
            cost = (_resident(server.pid) - before) / SESSIONS
            for session in sessions:
                session.wake()
            waited = await asyncio.gather(*map(_decide, sessions, range(SESSIONS))) if decides else []
    return cost, [seconds for each in waited for seconds in each]


async def _decide(session: Session, number: int) -> list[float]:
    """Approve what is open, at a time of its own within the seconds that all of them have; until an answer stays away,
    which would be taken for that to the next."""
    first = time.monotonic() + EVERY * number / SESSIONS
    last = first + EVERY * ROUNDS  # who waits long for an answer does not make up for it
    waited: list[float] = []
    for turn in range(ROUNDS):
        await asyncio.sleep(max(0.0, first + EVERY * turn - time.monotonic()))
        if time.monotonic() > last or (waited and waited[-1] >= PATIENCE):
            break
        waited.append(await session.click("submit_"))
    return waited


def _resident(pid: int) -> int:
    """Bytes of a process's memory that are not swapped out, as Linux tells it."""
    (line,) = (line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024
