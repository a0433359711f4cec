"""Deadlines where several processes are about: two workers, a person in the same instant, and nobody but a worker."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from review.model import ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk, Spawn
from tests.support import ADA, ROOT, begin, outcome_of, pending, wait_for

ROUNDS = 30
WORKED = 20

# The node appends to a file what it was answered: an action that would show if it ran twice.
ACTS = """
HERE = pathlib.Path(__file__).parent
def ask(state):
    said = interrupt({"draft": state["topic"], "due_at": state["answer"], "on_timeout": "reject"})
    with open(HERE / "acted", "a") as acted: acted.write(f"{state['topic']} {said['reviewer']}\\n")
    return {"answer": said}
graph = wire(ask)
"""

# One decides as a person, the other lets the deadline of the same review pass, at a barrier in a shared file. Their
# due times lie apart, so that each round's look finds that round's timer alone.
MEETS = """
import json, mmap, sys, time
from datetime import datetime, timedelta
from pathlib import Path
from review.deadlines import Deadlines
from review.desk import open_desk
from review.errors import AlreadyDecided
from review.reviewers import Reviewer
from review.settings import Settings

data, graphs, barrier, mine, ids = sys.argv[1:]
mine, ids = int(mine), json.loads(ids)
desk = open_desk(Settings(data_dir=Path(data), graphs=Path(graphs)))
deadlines = Deadlines(desk.ledger, desk.settings)
with Path(barrier).open("r+b") as file:
    shared = mmap.mmap(file.fileno(), 0)
shown = [desk.review(id) for id in ids]
won = []
until = time.monotonic() + 60
for n, review in enumerate(shown):
    shared[2 * n + mine] = 1
    while not shared[2 * n + 1 - mine]:
        assert time.monotonic() < until, "the other process never came"
    if mine:
        won.append(deadlines.fire(review.due_at) == 1)
    else:
        try:
            desk.decide(review.id, "approve", Reviewer("ada"), version=review.version)
            won.append(True)
        except AlreadyDecided as error:
            assert (error.details["reviewer"], error.details["decision"]) == ("system", "reject")
            won.append(False)
print(json.dumps(won))
desk.close()
"""

SERVES = """
import sys
from pathlib import Path
from review.desk import open_desk
from review.settings import Settings

data, graphs = map(Path, sys.argv[1:])
desk = open_desk(Settings(data_dir=data, graphs=graphs, poll_seconds=0.01))
desk.relay.start()
print("serving", flush=True)
for line in sys.stdin: pass
desk.close()
"""


def ledger_rows(tmp_path: Path, query: str) -> list[Any]:
    connection = sqlite3.connect(tmp_path / "data" / "ledger.sqlite")
    rows = connection.execute(query).fetchall()
    connection.close()
    return rows


def acted(tmp_path: Path) -> list[str]:
    return sorted((tmp_path / "graphs" / "acted").read_text().splitlines())


def test_of_a_person_and_a_deadline_in_the_same_instant_one_counts(
    make_desk: MakeDesk, spawn: Spawn, tmp_path: Path
) -> None:
    desk = make_desk({"acts": ACTS})
    day = datetime.fromisoformat("2040-01-01T00:00:00+00:00")
    given = [{"topic": f"draft-{n}", "answer": (day + timedelta(hours=n)).isoformat()} for n in range(ROUNDS)]
    asked = [pending(desk, begin(desk, "acts", each).id) for each in given]
    barrier = tmp_path / "barrier"
    barrier.write_bytes(bytes(2 * ROUNDS))
    ids = json.dumps([review.id for review in asked])
    places = (tmp_path / "data", tmp_path / "graphs" / "langgraph.json", barrier)
    person, deadline = [json.loads(outcome_of(p)) for p in [spawn(MEETS, *places, mine, ids) for mine in (0, 1)]]

    assert [one != other for one, other in zip(person, deadline, strict=True)] == [True] * ROUNDS
    desk.relay.run_due()
    winners = ["ada" if by_person else "system" for by_person in person]
    assert acted(tmp_path) == sorted(f"draft-{n} {who}" for n, who in enumerate(winners))
    assert ledger_rows(tmp_path, "SELECT count(*) FROM decisions") == [(ROUNDS,)]
    assert ledger_rows(tmp_path, "SELECT DISTINCT status FROM reviews") == [("resumed",)]
    # Of the timers, those of the decided reviews are gone; only the others took effect.
    assert ledger_rows(tmp_path, "SELECT count(*) FROM timers") == [(sum(deadline),)]


def test_two_workers_meet_every_deadline_once(make_desk: MakeDesk, spawn: Spawn, tmp_path: Path) -> None:
    policy = {"acts": {"deadline": {"remind": ["1h"], "escalate": [{"before": "30m", "to": "ben"}]}}}
    desk = make_desk({"acts": ACTS}, policy=policy)
    for n in range(WORKED):
        begin(desk, "acts", {"topic": f"draft-{n}", "answer": "2040-01-01T00:00:00"})
    workers = [spawn(SERVES, tmp_path / "data", tmp_path / "graphs" / "langgraph.json") for _ in range(2)]
    for worker in workers:
        assert worker.stdout and worker.stdout.readline() == "serving\n"
    connection = sqlite3.connect(tmp_path / "data" / "ledger.sqlite", timeout=30)
    with connection:
        connection.execute("UPDATE timers SET fire_at = datetime(fire_at, '-30 years')")
    connection.close()
    over = (ReviewStatus.RESUMED,)
    wait_for(lambda: desk.ledger.reviews.count(status=over) == WORKED, "every deadline to be met")
    for worker in workers:
        outcome_of(worker)

    assert acted(tmp_path) == sorted(f"draft-{n} system" for n in range(WORKED))
    counted = ledger_rows(
        tmp_path, "SELECT action, count(*), count(DISTINCT review_id) FROM audit WHERE actor = 'system' GROUP BY action"
    )
    once = {action: (count, reviews) for action, count, reviews in counted if action.startswith("review.")}
    each = (WORKED, WORKED)
    assert once == dict.fromkeys(once, each)
    assert set(once) == {"review.opened", "review.reminded", "review.escalated", "review.rejected"}
    assert ledger_rows(tmp_path, "SELECT count(*) FROM timers WHERE fired_at IS NULL") == [(0,)]


def test_the_sample_offer_goes_out_without_its_discount_when_nobody_answers(
    make_desk: MakeDesk, spawn: Spawn, tmp_path: Path
) -> None:
    desk = make_desk(ROOT / "langgraph.json")
    offer = {"customer": "Hotel Seeblick", "offer": "120 bed linen sets", "price": 5400.0, "discount": 18}
    thread = begin(desk, "discount_offer", offer | {"hours": 1.5 / 3600})
    review = pending(desk, thread.id)
    assert review.request.on_timeout == "reject"
    worker = spawn("from review.cli import main; raise SystemExit(main(['worker', '--json']))", env=of(tmp_path))
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.DONE, "the desk to decide")
    worker.terminate()
    outcome_of(worker)
    made = desk.review(review.id).decision
    assert made and (made.type, made.reviewer, made.signed_in) == ("reject", "system", True)
    assert made.decided_at >= (review.due_at or made.apply_at)
    state = desk.state(thread.id).values
    assert (state["approved"], state["reason"]) == (False, "Nobody decided before the deadline.")
    (line,) = (tmp_path / "data" / "offers.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["price"] == 5400.0


def of(tmp_path: Path) -> dict[str, str]:
    """Another process of the desk in `tmp_path`, over our own graphs."""
    return {"REVIEW_DATA_DIR": str(tmp_path / "data"), "REVIEW_POLL_SECONDS": "0.05"}


def test_a_worker_that_runs_once_meets_what_came_due_while_nothing_ran(
    make_desk: MakeDesk, spawn: Spawn, tmp_path: Path
) -> None:
    desk = make_desk({"acts": ACTS})
    thread = begin(desk, "acts", {"topic": "draft", "answer": "2040-01-01T00:00:00"})
    desk.claim(pending(desk, thread.id).id, ADA)
    connection = sqlite3.connect(tmp_path / "data" / "ledger.sqlite", timeout=30)
    with connection:
        connection.execute("UPDATE timers SET fire_at = datetime(fire_at, '-30 years')")
    connection.close()
    env = of(tmp_path) | {"REVIEW_GRAPHS": str(tmp_path / "graphs" / "langgraph.json")}
    outcome_of(spawn("from review.cli import main; raise SystemExit(main(['worker', '--once']))", env=env))
    assert desk.thread(thread.id).status == ThreadStatus.DONE
    assert acted(tmp_path) == ["draft system"]
