"""Any order of what people, deadlines and crashes do to a desk, against a model of what must come of it."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import review.model
from review.desk import Desk, open_desk
from review.errors import Refused, StorageFailed
from review.ledger.settle import Settling
from review.model import Review, Reviewer, ThreadStatus
from review.ops.verify import Verifier
from review.settings import Settings
from tests.support import SIBLINGS, take_and_die, write_graphs

PEOPLE = ("ada", "ben", "carla")
CLAIM, UNDO, ESCALATED_AFTER, DUE_AFTER = 100, 50, 500, 1000
# What the graph's `interrupt` returns for each decision.
RETURNED = {"approve": True, "reject": False, "edit": "Mine", "respond": "Why"}
WITH_RELAY = ("decided", "resuming")
NEVER = datetime.min.replace(tzinfo=UTC)
PICK = st.integers(0, 59)
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


class DeskMachine(RuleBasedStateMachine):
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

    # What happens.

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

    @rule(pick=PICK, who=st.sampled_from(PEOPLE))
    def open_in_a_browser(self, pick: int, who: str) -> None:
        each = self.any(pick)
        others = self.desk.look_at(each.id, f"browser-{who}", Reviewer(who))
        assert who not in others
        silent = self.at + timedelta(seconds=self.settings.browser_seconds)
        if each.holder == who and each.status == "pending" and self.at <= each.held_until <= silent:
            each.held_until = silent

    @rule(pick=PICK, who=st.sampled_from(PEOPLE), take_over=st.booleans())
    def claim(self, pick: int, who: str, take_over: bool) -> None:
        each = self.any(pick)
        other = each.held_by_other(who, self.at)
        if each.status != "pending" or (other and not take_over):
            self.refused(lambda: self.desk.claim(each.id, Reviewer(who), take_over=take_over))
            return
        self.desk.claim(each.id, Reviewer(who), take_over=take_over)
        already = each.holder == who and each.held_until >= self.at
        each.audit["review.taken_over"] += other
        each.audit["review.claimed"] += not already
        each.holder, each.held_until = who, self.at + timedelta(seconds=CLAIM)

    @rule(
        pick=PICK,
        who=st.sampled_from(PEOPLE),
        kind=st.sampled_from(["approve", "reject", "edit", "respond"]),
        undo=st.sampled_from([0, UNDO, UNDO]),
        take_over=st.booleans(),
        stale=st.sampled_from([False, False, False, True]),
    )
    def decide(self, pick: int, who: str, kind: str, undo: int, take_over: bool, stale: bool) -> None:
        each = self.any(pick)
        said = {"value": "Mine" if kind == "edit" else None, "message": "Why" if kind in ("reject", "respond") else ""}
        version = "another version" if stale else each.version

        def act() -> Review:
            return self.desk.decide(
                each.id, kind, Reviewer(who), version=version, undo_seconds=undo, take_over=take_over, **said
            )

        other = each.held_by_other(who, self.at)
        if each.status != "pending" or stale or (other and not take_over):
            refusal = self.refused(act)
            each.audit["decision.refused"] += 1
            if each.said:  # the loser is told who decided
                assert (refusal.details["decision"], refusal.details["reviewer"]) == each.said
            return
        made = act()
        assert made.version == each.version
        if other:
            each.holder = who
        each.audit["review.taken_over"] += other
        each.undone_by = None
        each.status, each.said, each.apply_at = "decided", (kind, who), self.at + timedelta(seconds=undo)
        past = {"approve": "approved", "reject": "rejected", "edit": "edited", "respond": "responded"}
        each.audit[f"review.{past[kind]}"] += 1

    @rule(pick=PICK, who=st.sampled_from((*PEOPLE, None, None, None)), now=st.booleans())
    def undo_or_apply_now(self, pick: int, who: str | None, now: bool) -> None:
        decided = [each for each in self.known.values() if each.status == "decided"]
        each = decided[pick % len(decided)] if decided and pick % 4 else self.any(pick)
        who = who or (each.said[1] if each.said and each.said[1] in PEOPLE else "ada")
        verb = self.desk.apply_now if now else self.desk.undo
        mine = each.status == "decided" and each.said is not None and each.said[1] == who
        in_time = each.apply_at > self.at
        if not now and each.status == "pending" and each.undone_by == who:
            assert verb(each.id, Reviewer(who)).version == each.version, "sent again, it is the same undo"
        elif not mine or (not now and not in_time):
            self.refused(lambda: verb(each.id, Reviewer(who)))
        elif now:
            verb(each.id, Reviewer(who))
            each.audit["decision.hastened"] += in_time
            each.apply_at = min(each.apply_at, self.at)
        else:
            undone = verb(each.id, Reviewer(who))
            assert undone.version != each.version, "what was decided on the old version must not count on the new one"
            each.status, each.said, each.version, each.undone_by = "pending", None, undone.version, who
            each.audit["decision.withdrawn"] += 1

    @rule(pick=PICK)
    def edit_the_state(self, pick: int) -> None:
        each = self.any(pick)
        thread_id = self.thread_of(each)
        of_thread = [other for other in self.known.values() if self.thread_of(other) == thread_id]
        waiting = any(other.status in WITH_RELAY for other in of_thread)
        idle = any(other.status == "pending" for other in of_thread)
        if waiting or not idle or thread_id in self.dead:
            self.refused(lambda: self.desk.edit_state(thread_id, {"topic": "rye"}, Reviewer("ada")))
            return
        if self.desk.thread(thread_id).status != ThreadStatus.INTERRUPTED:
            return  # edited before, and not asked anew yet
        self.desk.edit_state(thread_id, {"topic": "rye"}, Reviewer("ada"))
        for other in of_thread:
            if other.status == "pending":
                other.status = "superseded"
                other.audit["review.superseded"] += 1

    # What goes wrong.

    @rule(pick=PICK)
    def the_process_that_took_a_thread_dies(self, pick: int) -> None:
        due = [thread_id for thread_id in self.desk.relay.due() if thread_id not in self.dead]
        if due:
            thread_id = sorted(due, key=list(self.graphs).index)[pick % len(due)]
            take_and_die(self.desk, thread_id)
            self.dead.add(thread_id)
            for each in self.known.values():
                if each.status == "decided" and each.apply_at <= self.at and self.thread_of(each) == thread_id:
                    each.status = "resuming"

    @precondition(lambda self: not self.dead)
    @rule()
    def the_ledger_fails_when_a_run_is_settled(self) -> None:
        """As a process that dies between the run's last checkpoint and its settling; the thread stays ours."""
        with pytest.MonkeyPatch.context() as faulty:
            faulty.setattr(Settling, "settle", _fails)
            for thread_id in self.desk.relay.due():
                with pytest.raises(StorageFailed):
                    self.desk.relay.advance(thread_id)
        self.relay_runs()

    @rule()
    def restart(self) -> None:
        self.desk.close()
        self.desk = open_desk(self.settings)

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


def _fails(*_arguments: Any) -> None:
    raise StorageFailed("The disk reports an error.")


EXAMPLES, STEPS = 20, 30
DeskMachine.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=True,  # `make test` proves the same each time; `make chaos` looks further
    database=None,
    suppress_health_check=list(HealthCheck),
)
test_a_desk_does_what_its_model_does = DeskMachine.TestCase
