"""Two processes decide the same review at the same moment: one wins, the other is told who."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from tests.conftest import MakeDesk, Spawn
from tests.support import ADA, outcome_of, wait_for

ROUNDS = 50

# The node appends to a file what it was answered: an action that would show if it ran twice.
ACTS = """
HERE = pathlib.Path(__file__).parent
def ask(state):
    said = interrupt({"draft": state["topic"]})
    with open(HERE / "acted", "a") as acted: acted.write(f"{state['topic']} {said['reviewer']}\\n")
    return {"answer": said}
graph = wire(ask)
"""

# Each process marks its place for a round in a shared file, then waits for the other's mark: a barrier.
DECIDES = """
import json, mmap, sys, time
from pathlib import Path
from review.desk import open_desk
from review.errors import AlreadyDecided
from review.model import Reviewer
from review.settings import Settings

data, graphs, barrier, mine, ids = sys.argv[1:]
mine, ids = int(mine), json.loads(ids)
desk = open_desk(Settings(data_dir=Path(data), graphs=Path(graphs), poll_seconds=0.05))
desk.relay.start()
with Path(barrier).open("r+b") as file:
    shared = mmap.mmap(file.fileno(), 0)
versions = [desk.review(id).version for id in ids]
told = []
until = time.monotonic() + 60
for n, id in enumerate(ids):
    shared[2 * n + mine] = 1
    while not shared[2 * n + 1 - mine]:
        assert time.monotonic() < until, "the other process never came"
    try:
        desk.decide(id, ("approve", "reject")[mine], Reviewer(f"process {mine}"), version=versions[n])
        told.append({"won": True})
    except AlreadyDecided as error:
        told.append({"won": False, "message": error.message, **error.details})
while any(desk.review(id).status in ("decided", "resuming") for id in ids):
    assert time.monotonic() < until, "a decision was never applied"
    time.sleep(0.02)
print(json.dumps(told))
desk.close()
"""


def test_of_two_processes_one_decides_and_the_other_is_told(make_desk: MakeDesk, spawn: Spawn, tmp_path: Path) -> None:
    desk = make_desk({"acts": ACTS})
    desk.relay.start()
    threads = [desk.start("acts", {"topic": f"draft-{n}"}, ADA).id for n in range(ROUNDS)]
    wait_for(lambda: desk.ledger.reviews.count() == ROUNDS, "fifty reviews")
    asked = desk.ledger.reviews.page(limit=ROUNDS)
    desk.close()

    barrier = tmp_path / "barrier"
    barrier.write_bytes(bytes(2 * ROUNDS))
    ids = json.dumps([review.id for review in asked])
    places = (tmp_path / "data", tmp_path / "graphs" / "langgraph.json", barrier)
    processes = [spawn(DECIDES, *places, mine, ids) for mine in (0, 1)]
    told: list[list[dict[str, Any]]] = [json.loads(outcome_of(process)) for process in processes]

    winners = []
    for n, review in enumerate(asked):
        (winner,) = [mine for mine in (0, 1) if told[mine][n]["won"]]
        loser = told[1 - winner][n]
        kind = ("approve", "reject")[winner]
        assert (loser["review_id"], loser["reviewer"], loser["decision"]) == (review.id, f"process {winner}", kind)
        assert loser["message"].startswith(f"process {winner} decided review {review.id} already: {kind}, ")
        winners.append(f"process {winner}")
    acted = sorted((tmp_path / "graphs" / "acted").read_text().splitlines())
    assert acted == sorted(f"{review.payload['draft']} {who}" for review, who in zip(asked, winners, strict=True))

    connection = sqlite3.connect(tmp_path / "data" / "ledger.sqlite")
    made = dict(connection.execute("SELECT review_id, reviewer FROM decisions").fetchall())
    (count,) = connection.execute("SELECT count(*) FROM decisions").fetchone()
    statuses = connection.execute("SELECT DISTINCT status FROM reviews").fetchall()
    refused = connection.execute("SELECT count(*) FROM audit WHERE action = 'decision.refused'").fetchone()
    leases = connection.execute("SELECT count(*) FROM threads WHERE lease_owner IS NOT NULL").fetchone()
    connection.close()
    assert count == ROUNDS
    assert [made[review.id] for review in asked] == winners
    assert (statuses, refused, leases) == ([("resumed",)], (ROUNDS,), (0,))
    assert len(threads) == ROUNDS
