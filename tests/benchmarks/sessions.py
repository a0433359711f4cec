"""Fifty reviewers on one server: how long each waits for the answer to a decision, and what each costs in memory."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
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
    """Seconds from sending the click on Approve until the next review is there, as a first sign that the decision is
    kept, and until all that follows is drawn: of one server, and of two over one data folder, as it takes on two cores.
    Megabytes of a server's resident memory that each open session adds."""
    rows: list[Row] = []
    for servers in (1, 2):
        with _desks(servers) as (found, home):
            ours, waited = asyncio.run(_open(found, "tab=mine", decides=True))
            if servers == 1:
                with serving(bare(home), home) as server:
                    blank, _ = asyncio.run(_open([server]))
                rows.append(Sizes(f"memory of a session, {SESSIONS} open", ours, blank))
        many = f"{SESSIONS} deciding every {EVERY:.0f} s on {servers} server{'s' * (servers > 1)}"
        rows.append(Spread(f"decision acknowledged, {many}", [drawn for drawn, _ in waited], PATIENCE))
        rows.append(Spread("  and all of it drawn", [ended for _, ended in waited], PATIENCE))
    return rows


@contextmanager
def _desks(servers: int) -> Iterator[tuple[list[Server], Path]]:
    """So many servers over one data folder, in which each reviewer has enough to decide."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = Path(folder)
        fill(home, SESSIONS * (ROUNDS + 2), claimed_by=[Reviewer(name) for name in NAMES])
        yield [stack.enter_context(serving(APP, home)) for _ in range(servers)], home


async def _open(
    servers: Sequence[Server], query: str = "", *, decides: bool = False
) -> tuple[float, list[tuple[float, float]]]:
    """What an open session costs, in bytes; how long its reviewer waited, each time."""
    async with AsyncExitStack() as stack:
        for server in servers:
            await stack.enter_async_context(crowd(server.port, ["Somebody else"]))
        await asyncio.sleep(SETTLE)
        before = sum(_resident(server.pid) for server in servers)
        shares = [
            await stack.enter_async_context(crowd(server.port, NAMES[place :: len(servers)], query))
            for place, server in enumerate(servers)
        ]
        sessions = [session for together in zip(*shares, strict=True) for session in together]
        cost = (sum(_resident(server.pid) for server in servers) - before) / SESSIONS
        for session in sessions:
            session.wake()
        waited = await asyncio.gather(*map(_decide, sessions, range(SESSIONS))) if decides else []
    return cost, [seconds for each in waited for seconds in each]


async def _decide(session: Session, number: int) -> list[tuple[float, float]]:
    """Approve what is open, at a time of its own within the seconds that all of them have; until an answer stays away,
    which would be taken for that to the next."""
    first = time.monotonic() + EVERY * number / SESSIONS
    last = first + EVERY * ROUNDS  # who waits long for an answer does not make up for it
    waited: list[tuple[float, float]] = []
    for turn in range(ROUNDS):
        await asyncio.sleep(max(0.0, first + EVERY * turn - time.monotonic()))
        if time.monotonic() > last or (waited and waited[-1][0] >= PATIENCE):
            break
        waited.append(await session.click("submit_"))
    return waited


def _resident(pid: int) -> int:
    """Bytes of a process's memory that are not swapped out, as Linux tells it."""
    (line,) = (line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024
