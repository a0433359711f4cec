"""Eight processes answer each review at the same moment: six people and the desk's own deadline, in two of them."""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from review.deadlines import Deadlines, at_the_end
from review.desk import Desk, open_desk
from review.errors import AlreadyDecided
from review.model import Review, ReviewStatus, now
from review.ops.verify import Verifier
from review.reviewers import SYSTEM, Reviewer
from review.settings import Settings
from tests.chaos.processes import PATIENCE, ended, forked, forks
from tests.support import ADA, wait_for, write_graphs

TIMEOUT = "timeout"
KINDS = ("approve", "reject", "edit", TIMEOUT) * 2

# Its action shows if it happens twice: a line of its own, written at once.
ACTS = """
import json
from review.contract import Request, ask, once
EFFECTS = pathlib.Path(__file__).parent / "effects"
def question(state):
    topic, due = state["topic"].split(" ", 1)
    said = ask(Request(title=topic, subject="Bread", due_at=due, on_timeout="reject"))
    return {"answer": [topic, said.decision, said.reviewer]}
def act(state):
    def effect():
        file = os.open(EFFECTS, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(file, (json.dumps(state["answer"]) + "\\n").encode())
        os.close(file)
    once("act", effect)
    return {"log": ["act"]}
graph = wire(question, act)
"""


@dataclass
class Race:
    """`rounds` reviews, and what came of them: who won each, what the others were told, which actions happened."""

    folder: Path
    seed: int
    rounds: int
    tell: Callable[[str], None] = print
    told: list[list[dict[str, Any]]] = field(default_factory=list)
    asked: list[Review] = field(default_factory=list)
    effects: list[list[str]] = field(default_factory=list)
    refused_in_audit: int = 0
    broken: list[str] = field(default_factory=list)

    def run(self) -> Race:
        self.tell(f"race: {len(KINDS)} processes, {self.rounds} reviews, seed {self.seed}, in {self.folder}")
        graphs = write_graphs(self.folder / "graphs", acts=ACTS)
        settings = Settings(data_dir=self.folder / "data", graphs=graphs, poll_seconds=0.2, lock_seconds=PATIENCE)
        desk = open_desk(settings)
        self._ask(desk)
        desk.close()
        barrier = forks.Barrier(len(KINDS))
        shown = [(review.id, review.version) for review in self.asked]
        with ExitStack() as stack:
            contenders = [
                stack.enter_context(forked(contend, settings, barrier, mine, shown, self.seed))
                for mine in range(len(KINDS))
            ]
            codes = [ended(process, 4 * PATIENCE) for process in contenders]
        assert codes == [0] * len(KINDS), codes
        self.told = [json.loads((self.folder / f"told-{mine}").read_text()) for mine in range(len(KINDS))]
        desk = open_desk(settings)
        self._look_back(desk)
        desk.close()
        self.tell(f"winners by kind: {self.winners_by_kind}, actions: {len(self.effects)}, refusals: {self.refusals}")
        return self

    @property
    def winners(self) -> list[list[int]]:
        """For each review, the processes that won it."""
        return [[mine for mine, told in enumerate(self.told) if told[n]["won"]] for n in range(self.rounds)]

    @property
    def winners_by_kind(self) -> dict[str, int]:
        won = [KINDS[mine] for winners in self.winners for mine in winners]
        return {kind: won.count(kind) for kind in dict.fromkeys(KINDS)}

    @property
    def refusals(self) -> int:
        """How many losers were told who won, and with what."""
        count = 0
        for n, winners in enumerate(self.winners):
            who, kind = reviewer_of(winners[0]), "reject" if KINDS[winners[0]] == TIMEOUT else KINDS[winners[0]]
            for told in (told[n] for told in self.told if not told[n]["won"]):
                names = (told["review_id"], told["reviewer"], told["decision"]) == (self.asked[n].id, who.name, kind)
                sentence = f"{who.name} decided review {self.asked[n].label} already: {kind}, "
                count += names and told["message"].startswith(sentence)
        return count

    def _ask(self, desk: Desk) -> None:
        """One review a round. Their due times lie apart, so that each round's look finds that round's timer alone."""
        desk.relay.start()
        first = now() + timedelta(days=1)
        for n in range(self.rounds):
            desk.start("acts", {"topic": f"draft-{n} {(first + timedelta(minutes=n)).isoformat()}"}, ADA)
        wait_for(lambda: desk.ledger.reviews.count() == self.rounds, "all reviews", PATIENCE)
        self.asked = sorted(desk.ledger.reviews.page(limit=self.rounds), key=_due)

    def _look_back(self, desk: Desk) -> None:
        lines = (self.folder / "graphs" / "effects").read_text().splitlines()
        self.effects = sorted(json.loads(line) for line in lines)
        self.refused_in_audit = len(desk.ledger.audit.entries(actions=("decision.refused",), limit=None))
        self.asked = [desk.review(review.id) for review in self.asked]
        self.broken = [each.told for each in Verifier(desk).run().broken]


def contend(settings: Settings, barrier: Barrier, mine: int, shown: list[tuple[str, str]], seed: int) -> None:
    """One of the processes: at the barrier of each round, decide or let the deadline pass."""
    logging.disable()
    desk = open_desk(settings)
    desk.relay.start()
    rng = random.Random(f"{seed}-{mine}")
    told = []
    for review_id, version in shown:
        review = desk.review(review_id)
        barrier.wait(PATIENCE)
        time.sleep(rng.uniform(0, 0.002))  # so that the winners are not always the same
        told.append(_meet(desk, review, version, mine))
    until = time.monotonic() + PATIENCE
    while any(desk.review(review_id).status != ReviewStatus.RESUMED for review_id, _ in shown):
        assert time.monotonic() < until, "a decision was never applied"
        time.sleep(0.05)
    (settings.data_dir.parent / f"told-{mine}").write_text(json.dumps(told))
    desk.close()


def _meet(desk: Desk, review: Review, version: str, mine: int) -> dict[str, Any]:
    try:
        if KINDS[mine] == TIMEOUT:
            if Deadlines(desk.ledger, desk.settings).fire(_due(review)):
                return {"won": True}
            draft, _ = at_the_end(review)  # who lost is told by asking, as a person is
            assert draft is not None
            desk.ledger.decisions.decide(review.id, version, draft, SYSTEM)
        else:
            value = "Cake" if KINDS[mine] == "edit" else None
            why = "No." if KINDS[mine] == "reject" else ""
            desk.decide(review.id, KINDS[mine], reviewer_of(mine), value=value, message=why, version=version)
    except AlreadyDecided as error:
        return {"won": False, "message": error.message, **error.details}
    return {"won": True}


def reviewer_of(mine: int) -> Reviewer:
    return SYSTEM if KINDS[mine] == TIMEOUT else Reviewer(f"process {mine}")


def _due(review: Review) -> datetime:
    assert review.due_at is not None
    return review.due_at
