"""What a worker keeps of threads that are done: nothing, whatever became of them and whoever ran them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise

import pytest

from review.desk import Desk
from review.errors import Refused
from review.model import Review, ReviewKind, ThreadStatus
from tests.chaos.graphs import CHECKED
from tests.chaos.memory import live_types, remembered
from tests.conftest import MakeDesk
from tests.foreign import Foreign, MakeForeign
from tests.support import ADA, BEN, FRAGILE, SIBLINGS, wait_for

EACH, BATCHES = 6, 3  # threads of each kind in a batch; batches

# Nobody answers it; the desk does, at its deadline.
LATE = """
def ask(state): return {"answer": interrupt({"prompt": "Now?", "timeout_seconds": 0.01, "on_timeout": "reject"})}
graph = wire(ask)
"""
# Runs until the file `go` is there.
WAITS = """
HERE = pathlib.Path(__file__).parent
def wait(state):
    while not (HERE / "go").exists(): time.sleep(0.01)
    return {"log": ["wait"]}
graph = wire(wait)
"""
GRAPHS = {"checked": CHECKED, "siblings": SIBLINGS, "fragile": FRAGILE, "late": LATE}
KINDS = (*GRAPHS, "other")  # the last are another program's


@pytest.fixture
def worker(make_desk: MakeDesk, caplog: pytest.LogCaptureFixture) -> Iterator[Desk]:
    """Serves; a slow machine does not take its leases, and what fails is not kept by the log of the test."""
    desk = make_desk({**GRAPHS}, lease_seconds=600, backoff_seconds=0)
    with caplog.at_level("CRITICAL"):
        desk.relay.start()
        yield desk


def test_nothing_of_a_finished_thread_stays_in_its_worker(worker: Desk, foreign: MakeForeign) -> None:
    other = foreign(worker)
    go_through(worker, other, 0)
    warm, types = ids_in(worker), [live_types()]
    for number in range(BATCHES):
        finished = ids_in(worker) - warm  # the last batch may stand in a variable of a thread that waits for work
        go_through(worker, other, number + 1)
        types.append(live_types())
    assert len(finished) >= (BATCHES - 1) * len(KINDS) * EACH * 2  # a thread and its review, or more

    # A statement that was made anew keeps the values that it ran with first: of one thread, never of all of a kind.
    still = remembered(finished)
    assert len(still) < EACH, Counter(holder for holders in still.values() for holder in holders)
    grown = [later - earlier for earlier, later in pairwise(types)]
    came = {kind: [each[kind] for each in grown] for kind in grown[0]}
    leaked = {kind: counts for kind, counts in came.items() if min(counts) >= at_least(kind)}
    assert leaked == {}, "objects of these types came with each batch of threads and did not go with it"


def test_a_thread_that_waits_for_its_turn_waits_there_once(make_desk: MakeDesk) -> None:
    desk = make_desk({"waits": WAITS}, concurrency=1)
    desk.relay.start()
    for _ in range(4):
        desk.start("waits", {"topic": "bread"}, ADA)
    looks: set[float | None] = set()

    def has_looked() -> bool:
        looks.add(desk.relay._looked)
        return len(looks) > 10

    wait_for(has_looked, "the relay to find the same threads many times")
    assert len(desk.relay._submitted) == 4
    (desk.settings.graphs.parent / "go").touch()
    wait_for(lambda: set(desk.ledger.threads.counts()) == {ThreadStatus.DONE}, "the end of all threads")
    wait_for(lambda: not desk.relay._submitted, "the end of what was submitted")
    assert not desk.relay._queued


def at_least(kind: str) -> int:
    """How many a batch would leave of a type that it leaked: of ours, one for each thread of a kind. Libraries make
    some of their own while they warm up."""
    return EACH if kind.startswith("review.") else EACH * len(KINDS)


def go_through(desk: Desk, other: Foreign, number: int) -> None:
    """A batch of threads, of each kind some, from their start to their end."""
    broken = desk.settings.graphs.parent / "broken"
    broken.touch()
    for n in range(EACH):
        for kind in GRAPHS:
            thread_id = f"{kind}-{number}-{n}"
            desk.start(kind, {"topic": thread_id}, ADA, thread_id=thread_id)
        other("checked", f"other-{number}-{n}", {"topic": f"other-{number}-{n}"})

    def all_done() -> bool:
        for review in desk.ledger.reviews.page(limit=100):
            attend(desk, review)
        return set(desk.ledger.threads.counts()) == {ThreadStatus.DONE}

    wait_for(lambda: desk.ledger.threads.counts().get(ThreadStatus.FAILED) == EACH, "those that fail")
    broken.unlink()
    wait_for(lambda: found_all(desk, number), "the other program's threads")
    wait_for(all_done, "the end of all threads", 60)


def attend(desk: Desk, review: Review) -> None:
    """As a browser does: look, claim, write, decide, take it back, decide."""
    with suppress(Refused):  # the desk was first, at the deadline
        desk.look_at(review.id, "a browser", BEN)
        desk.claim(review.id, ADA)
        desk.save_draft(review.id, ADA, review.version, "message", "Well")
        if review.graph != "late":
            kind = "retry" if review.kind == ReviewKind.FAILED else "approve"
            desk.decide(review.id, kind, ADA, undo_seconds=600)
            undone = desk.undo(review.id, ADA)
            desk.decide(review.id, kind, ADA, version=undone.version)


def found_all(desk: Desk, number: int) -> bool:
    return len(desk.ledger.found.known([f"other-{number}-{n}" for n in range(EACH)])) == EACH


def ids_in(desk: Desk) -> frozenset[str]:
    """What the threads, reviews and decisions of the ledger are called."""
    records = desk.ledger.checking.page("", 1000)
    return frozenset(
        name
        for record in records
        for name in (
            record.thread.id,
            *(review.id for review in record.reviews),
            *(decision.id for decision in record.decisions),
        )
    )
