"""A desk under a clock of ours, and beside it a model of what must come of all that is done to it."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import review.model
from review.desk import Desk, open_desk
from review.errors import Refused
from review.model import ThreadStatus
from review.ops.verify import Verifier
from review.reviewers import Reviewer
from review.settings import Settings
from tests.support import SIBLINGS, write_graphs

CLAIM, UNDO, ESCALATED_AFTER, DUE_AFTER = 100, 50, 500, 1000
# What the graph's `interrupt` returns for each decision.
RETURNED = {"approve": True, "reject": False, "edit": "Mine", "respond": "Why"}
WITH_RELAY = ("decided", "resuming")
NEVER = datetime.min.replace(tzinfo=UTC)
REAL_NOW = review.model.now

# Asks once more where changes are wanted; its action is a line in the state, once for each time it is reached.
ASKS = """
def ask(state): return {"answer": interrupt(f"Publish {state['topic']}?"), "log": ["ask"]}
def again(state): return "ask" if state["answer"] == "Why" else "act"
def act(state): return {"log": ["act"]}
builder = StateGraph(State)
builder.add_node("ask", ask); builder.add_node("act", act)
builder.add_conditional_edges("ask", again, ["ask", "act"])
builder.add_edge(START, "ask"); builder.add_edge("act", END)
graph = builder.compile()
"""
POLICY = {
    "asks": {
        "deadline": {
            "after": DUE_AFTER,
            "on_timeout": "reject",
            "escalate": [{"after": ESCALATED_AFTER, "to": "carla", "priority": 3}],
        }
    }
}


@dataclass
class Modelled:
    """One review as it must be."""

    id: str
    version: str
    opened: datetime
    status: str = "pending"
    holder: str | None = None
    held_until: datetime = NEVER
    said: tuple[str, str] | None = None  # the decision's type, and who made it
    apply_at: datetime = NEVER
    undone_by: str | None = None
    escalated: bool = False
    audit: Counter[str] = field(default_factory=lambda: Counter({"review.opened": 1}))

    def held_by_other(self, who: str, at: datetime) -> bool:
        return self.holder not in (None, who) and self.held_until >= at


class ModelledDesk(RuleBasedStateMachine):
    """The clock is ours: it stands still but for `time_passes`."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.at = REAL_NOW()
        for name, module in list(sys.modules.items()):
            if name.startswith("review.") and getattr(module, "now", None) is not None:
                module.now = self.clock  # type: ignore[attr-defined]
        graphs = write_graphs(self.folder / "graphs", asks=ASKS, siblings=SIBLINGS)
        self.settings = Settings(
            data_dir=self.folder / "data", graphs=graphs, policy=POLICY, claim_seconds=CLAIM, backoff_seconds=0
        )
        self.desk: Desk = open_desk(self.settings)
        self.known: dict[str, Modelled] = {}
        self.graphs: dict[str, str] = {}
        self.dead: set[str] = set()  # threads that a dead process holds

    def clock(self) -> datetime:
        return self.at.astimezone(UTC)

    def teardown(self) -> None:
        self.relay_runs()
        report = Verifier(self.desk).run()
        assert report.broken == []
        self.desk.close()
        for name, module in list(sys.modules.items()):
            if name.startswith("review.") and getattr(module, "now", None) == self.clock:
                module.now = REAL_NOW  # type: ignore[attr-defined]

    @initialize()
    def two_threads_ask(self) -> None:
        self.start("asks")
        self.start("siblings")
        self.relay_runs()

    @rule(graph=st.sampled_from(["asks", "asks", "siblings"]))
    def start(self, graph: str) -> None:
        if len(self.graphs) < 4:
            thread = self.desk.start(graph, {"topic": "bread"}, Reviewer("ada"))
            self.graphs[thread.id] = graph
            assert thread.status == ThreadStatus.QUEUED

    @rule(seconds=st.sampled_from([1, UNDO + 1, CLAIM + 1, ESCALATED_AFTER + 1, DUE_AFTER + 1]))
    def time_passes(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)

    @rule()
    def relay_runs(self) -> None:
        """Meets the deadlines, applies what is due, and takes over from the dead."""
        for each in self.known.values():
            if each.status == "pending" and self.graph_of(each) == "asks":
                self.deadline_passes(each)
        due = [each for each in self.known.values() if each.status in WITH_RELAY and each.apply_at <= self.at]
        self.desk.relay.run_due()
        for each in due:
            each.status = "resumed"
            each.audit["decision.applied"] += 1
        self.dead.clear()
        self.take_in_new_reviews()
        for thread_id in self.graphs:
            self.the_graph_has_what_was_said(thread_id)

    def the_graph_has_what_was_said(self, thread_id: str) -> None:
        """Each answer once, in the order of the reviews; an edited state may make siblings answer anew."""
        of_thread = [each for each in self.known.values() if self.thread_of(each) == thread_id]
        resumed = [each for each in of_thread if each.status == "resumed"]
        said = [RETURNED[each.said[0]] for each in resumed if each.said]
        state = self.desk.state(thread_id).values
        if self.graphs[thread_id] == "asks":
            ends = ["act"] if said and said[-1] != "Why" else []
            assert state.get("log", []) == ["ask"] * len(said) + ends
            assert state.get("answer") == (said[-1] if said else None)
        elif not any(each.status == "superseded" for each in of_thread):
            answered = sorted(zip(map(self.node_of, resumed), said, strict=True))
            log = [each if each == "join" else tuple(each) for each in state.get("log", [])]
            assert log == answered + ["join"] * (len(answered) == 2)

    def deadline_passes(self, each: Modelled) -> None:
        age = self.at - each.opened
        if age >= timedelta(seconds=ESCALATED_AFTER) and not each.escalated:
            each.escalated = True
            each.audit["review.escalated"] += 1
            if each.holder not in (None, "carla"):
                each.holder = None
                each.audit["review.released"] += 1
        if age >= timedelta(seconds=DUE_AFTER):
            each.status, each.said, each.apply_at = "decided", ("reject", "system"), self.at
            each.audit["review.rejected"] += 1

    # What must hold.

    @invariant()
    def every_review_is_as_the_model_has_it(self) -> None:
        for each in self.known.values():
            found = self.desk.review(each.id)
            assert found.status == each.status
            assert found.version == each.version
            made = found.decision
            assert ((made.type, made.reviewer) if made else None) == each.said
            if each.status == "pending":
                holder = each.holder if each.held_until >= self.at else None
                assert found.holder(self.at) == holder
            record = self.desk.ledger.checking.one(found.thread_id)
            assert record is not None
            made_on_it = [one for one in record.decisions if one.review_id == each.id]
            assert sum(one.withdrawn_at is None for one in made_on_it) == (each.said is not None)
            told = Counter({action: n for (of, action), n in record.entries.items() if of == each.id})
            assert told == +each.audit, (told - each.audit, each.audit - told)

    # Helpers.

    def take_in_new_reviews(self) -> None:
        threads = list(self.graphs)
        waiting = self.desk.ledger.reviews.page(limit=200)
        for found in sorted(waiting, key=lambda review: (threads.index(review.thread_id), review.node)):
            if found.id not in self.known:
                self.known[found.id] = Modelled(found.id, found.version, found.created_at)

    def any(self, pick: int) -> Modelled:
        """One of the reviews, whatever became of it."""
        return list(self.known.values())[pick % len(self.known)]

    def thread_of(self, each: Modelled) -> str:
        return self.desk.review(each.id).thread_id

    def node_of(self, each: Modelled) -> str:
        return self.desk.review(each.id).node

    def graph_of(self, each: Modelled) -> str:
        return self.desk.review(each.id).graph

    def refused(self, act: Any) -> Refused:
        with pytest.raises(Refused) as refusal:
            act()
        return refusal.value
