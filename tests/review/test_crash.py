"""Killed at any point between a decision and its effect: the next process finds exactly one effect."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from review.errors import InvalidAnswer
from review.model import ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk, Spawn
from tests.support import (
    ADA,
    ROOT,
    begin,
    outcome_of,
    pending,
    reviews,
    stop_outside_transactions,
    take_and_die,
    values,
    wait_for,
)

# Dies where the file `die-at-<place>` lies beside the graph, once: the file goes first.
MORTAL = """
from review.contract import once
HERE = pathlib.Path(__file__).parent
EFFECTS = HERE / "effects"
def die(place):
    mark = HERE / f"die-at-{place}"
    if mark.exists():
        mark.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
def effect():
    die("before the effect")
    with open(EFFECTS, "a") as effects: effects.write("done\\n")
    die("behind the effect")
    return "done"
def check():
    return "done" if EFFECTS.exists() and EFFECTS.read_text() else None
def ask(state):
    if (HERE / "asked").exists(): die("before the interrupt")
    (HERE / "asked").touch()
    said = interrupt({"draft": "kill me"})
    die("behind the interrupt")
    return {"answer": said, "log": ["ask"]}
def act(state):
    die("in a later node")
    return {"log": [once("act", effect, check=check)]}
def last(state):
    die("in the last node")
    return {"log": ["last"]}
graph = wire(ask, act, last)
"""

SERVES = """
import sys
from pathlib import Path
from review.desk import open_desk
from review.settings import Settings

desk = open_desk(Settings(data_dir=Path(sys.argv[1]), graphs=Path(sys.argv[2]), poll_seconds=0.02, lease_seconds=600))
desk.relay.start()
print("serving", flush=True)
for line in sys.stdin: pass
desk.close()
"""

EDITORIAL = ROOT / "langgraph.json"
PLACES = [
    "before the interrupt",
    "behind the interrupt",
    "in a later node",
    "before the effect",
    "behind the effect",
    "in the last node",
]


class Server:
    """A process that serves a desk until it is told to stop, or killed."""

    def __init__(self, spawn: Spawn, data: Path, graphs: Path) -> None:
        self.process = spawn(SERVES, data, graphs)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line == "serving\n"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def died(self) -> bool:
        return self.process.poll() == -signal.SIGKILL

    def stop(self) -> None:
        outcome_of(self.process)


@pytest.mark.parametrize("place", PLACES)
def test_killed_at_any_place_the_action_happens_once(
    make_desk: MakeDesk, spawn: Spawn, tmp_path: Path, place: str
) -> None:
    desk = make_desk({"mortal": MORTAL})
    graphs = tmp_path / "graphs"
    review = pending(desk, begin(desk, "mortal").id)
    (graphs / f"die-at-{place}").touch()
    desk.decide(review.id, "approve", ADA)
    server = Server(spawn, tmp_path / "data", graphs / "langgraph.json")
    wait_for(server.died, f"its death {place}")
    server.kill()
    left = desk.thread(review.thread_id)
    assert left.lease_owner is not None
    assert desk.review(review.id).status == ReviewStatus.RESUMING

    # Its lease has minutes to go; that its process is dead is known all the same.
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE
    after = desk.thread(review.thread_id)
    assert (after.lease_owner, after.lease_until) == (None, None)
    assert desk.review(review.id).status == ReviewStatus.RESUMED
    assert values(desk, review.thread_id)["log"] == ["ask", "done", "last"]
    assert values(desk, review.thread_id)["answer"]["reviewer"] == "ada"
    assert (graphs / "effects").read_text() == "done\n"
    assert reviews(desk, review.thread_id) == []


@pytest.mark.parametrize("happened", [True, False], ids=["it happened", "it did not"])
def test_an_action_of_unknown_outcome_is_for_a_person_to_tell(
    make_desk: MakeDesk, spawn: Spawn, tmp_path: Path, happened: bool
) -> None:
    desk = make_desk({"mortal": MORTAL.replace(", check=check", "")})
    graphs = tmp_path / "graphs"
    review = pending(desk, begin(desk, "mortal").id)
    (graphs / "die-at-behind the effect").touch()
    desk.decide(review.id, "approve", ADA)
    server = Server(spawn, tmp_path / "data", graphs / "langgraph.json")
    wait_for(server.died, "its death")
    server.kill()
    thread = desk.finish(review.thread_id, review.id)
    assert thread.status == ThreadStatus.FAILED
    assert "may or may not have taken effect" in str(thread.error)
    assert (graphs / "effects").read_text() == "done\n"
    asked = pending(desk, thread.id)
    assert asked.title.startswith("Did act take effect? · ")
    for value in (None, {}, {"act": {}}, {"act": {"took_effect": "perhaps"}}, {"act": {"took_effect": True}, "b": {}}):
        with pytest.raises(InvalidAnswer, match="whether it took effect"):
            desk.decide(asked.id, "retry", ADA, value=value)
    outcome = {"took_effect": happened, "result": "found"} if happened else {"took_effect": False}
    desk.decide(asked.id, "retry", ADA, value={"act": outcome})
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    assert (graphs / "effects").read_text() == ("done\n" if happened else "done\ndone\n")
    assert values(desk, thread.id)["log"] == ["ask", "found" if happened else "done", "last"]
    (told,) = desk.ledger.audit.entries(actions=("action.concluded",))
    assert (told.actor, told.detail["took_effect"]) == ("ada", happened)


def test_a_start_whose_process_died_before_its_first_step_is_begun(make_desk: MakeDesk) -> None:
    """Also where the thread had a life before: what it is to begin with is still to be taken."""
    desk = make_desk({"mortal": MORTAL})
    thread = begin(desk, "mortal")
    for _ in range(2):
        desk.decide(pending(desk, thread.id).id, "approve", ADA)
        assert desk.finish(thread.id).status == ThreadStatus.DONE
        desk.start("mortal", {"topic": "again"}, ADA, thread_id=thread.id)
        take_and_die(desk, thread.id)
        assert desk.finish(thread.id).status == ThreadStatus.INTERRUPTED
        assert values(desk, thread.id)["topic"] == "again"


def test_a_live_process_keeps_its_threads(make_desk: MakeDesk, spawn: Spawn, tmp_path: Path) -> None:
    waits = """
HERE = pathlib.Path(__file__).parent
def node(state):
    (HERE / "running").touch()
    while not (HERE / "go").exists(): time.sleep(0.005)
    return {"log": ["node"]}
graph = wire(node)
"""
    desk = make_desk({"waits": waits})
    graphs = tmp_path / "graphs"
    thread = desk.start("waits", {"topic": "bread"}, ADA)
    server = Server(spawn, tmp_path / "data", graphs / "langgraph.json")
    wait_for((graphs / "running").exists, "the run")
    stop_outside_transactions(desk, server.process.pid)  # silent, not dead
    for _ in range(3):
        assert not desk.relay.advance(thread.id)
        assert desk.relay.run_due() == 0
    assert desk.thread(thread.id).status == ThreadStatus.RUNNING
    os.kill(server.process.pid, signal.SIGCONT)
    (graphs / "go").touch()
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    assert values(desk, thread.id)["log"] == ["node"]
    server.stop()


def published(data: Path) -> list[Path]:
    return sorted((data / "published").glob("*.md")) if (data / "published").exists() else []


def test_a_server_killed_between_a_decision_and_its_effect_publishes_once(
    make_desk: MakeDesk, spawn: Spawn, tmp_path: Path
) -> None:
    desk = make_desk(EDITORIAL)
    data = tmp_path / "data"
    server = Server(spawn, data, EDITORIAL)
    thread = desk.start("editorial", {"topic": "Bread in the morning"}, ADA)
    review = wait_for(lambda: reviews(desk, thread.id), "the draft")[0]
    stop_outside_transactions(desk, server.process.pid)  # so that the decision finds it too late
    desk.decide(review.id, "approve", ADA)
    server.kill()
    assert published(data) == []
    server = Server(spawn, data, EDITORIAL)
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.DONE, "the publication")
    server.stop()
    (article,) = published(data)
    assert "Bread in the morning" in article.read_text("utf-8")
    assert desk.review(review.id).status == ReviewStatus.RESUMED
    assert desk.thread(thread.id).lease_owner is None


def test_a_server_killed_at_five_moments_publishes_five_times_in_all(
    make_desk: MakeDesk, spawn: Spawn, tmp_path: Path
) -> None:
    """One draft a kill, from just behind the decision to well behind its effect."""
    desk = make_desk(EDITORIAL)
    data = tmp_path / "data"
    threads = [desk.start("editorial", {"topic": f"Draft number {n}"}, ADA).id for n in range(5)]
    desk.relay.run_due()
    for n, thread_id in enumerate(threads):
        server = Server(spawn, data, EDITORIAL)
        desk.decide(pending(desk, thread_id).id, "approve", ADA)
        time.sleep(n * 0.02)  # not waiting for anything: this is the moment of death
        server.kill()
    for thread_id in threads:
        assert desk.finish(thread_id, reviews(desk, thread_id, "resumed", "resuming", "decided")[0].id).status == "done"
    assert len(published(data)) == 5
    log = [json.dumps(entry.action) for entry in desk.ledger.audit.entries(actions=("decision.applied",))]
    assert len(log) == 5
