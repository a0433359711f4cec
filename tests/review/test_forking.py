"""What if: a fork stands where its origin stood, goes its own way, and leaves the origin as it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from review.desk import Desk
from review.errors import ActionsRepeated, BadInput, CheckpointNotFound, Pruned
from review.model import Review, ReviewStatus, Step, Thread, ThreadStatus
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, BEN, SIBLINGS, actions, begin, pending, reviews, values

# An action that counts how often it takes effect, between two questions.
PAYS = """
from review.contract import idempotency_key, once
HERE = pathlib.Path(__file__).parent
def ask(state): return {"answer": interrupt({"draft": f"Pay for {state['topic']}?", "prompt": "Pay?"})}
def pay(state):
    def effect():
        with (HERE / "paid").open("a") as out:
            out.write(idempotency_key("pay") + "\\n")
        return "paid"
    return {"log": [once("pay", effect)]}
def thank(state): return {"log": [interrupt("Thank them?")]}
graph = wire(ask, pay, thank)
"""

# A subgraph that asks, beside a sibling that asks, again and again; before them a subgraph that counts its visits.
NESTED = """
class Outer(TypedDict, total=False):
    visits: int
    said: str
    log: Annotated[list, operator.add]
class Inner(TypedDict, total=False):
    said: str
class Memory(TypedDict, total=False):
    seen: Annotated[list, operator.add]
    visits: int
def note(state): return {"seen": ["once more"]}
def count(state): return {"visits": len(state["seen"])}
memory = StateGraph(Memory)
memory.add_sequence([note, count])
memory.add_edge(START, "note")
def look(state): return {}
def ask(state): return {"said": interrupt("inner?")}
inner = StateGraph(Inner)
inner.add_sequence([look, ask])
inner.add_edge(START, "look")
def beside(state): return {"log": [f"beside {interrupt('beside?')}"]}
def join(state): return {"log": [f"inner {state['said']}, {state['visits']}"]}
builder = StateGraph(Outer)
builder.add_node("remember", memory.compile(checkpointer=True))
builder.add_node("inner", inner.compile())
builder.add_node("beside", beside)
builder.add_node("join", join)
builder.add_edge(START, "remember")
builder.add_edge("remember", "inner")
builder.add_edge("remember", "beside")
builder.add_edge(["inner", "beside"], "join")
builder.add_edge("join", "remember")
graph = builder.compile()
"""

TALK = """
from langgraph.graph import MessagesState
def speak(state): return {"messages": [("ai", interrupt("What?"))]}
graph = wire(speak, state=MessagesState)
"""

STOPS = """
def first(state): return {"log": ["first"]}
def second(state): return {"log": ["second"]}
graph = wire(first, second, interrupt_before=["second"])
"""


def stored(desk: Desk, thread_id: str) -> list[Any]:
    """Everything that the checkpoints' database has of the thread, byte by byte."""
    with closing(sqlite3.connect(desk.settings.data_dir / "checkpoints.sqlite")) as connection:
        rows = []
        for table in ("checkpoints", "writes"):
            found = connection.execute(f"SELECT * FROM {table} WHERE thread_id = ?", (thread_id,))
            rows += sorted(found.fetchall(), key=repr)
        return rows


def step_behind(desk: Desk, thread_id: str, node: str) -> Step:
    return next(step for step in desk.steps(thread_id) if step.nodes == (node,))


def decided(desk: Desk, thread_id: str, kind: str = "approve", **more: Any) -> Thread:
    review = pending(desk, thread_id)
    desk.decide(review.id, kind, ADA, **more)
    return desk.finish(thread_id, review.id)


def forked(desk: Desk, thread_id: str, step: Step, **more: Any) -> Thread:
    return desk.finish(desk.fork(thread_id, step.checkpoint_id, BEN, **more).id)


def test_a_fork_asks_again_and_goes_its_own_way(desk: Desk) -> None:
    origin = decided(desk, begin(desk).id)
    before = stored(desk, origin.id)
    fork = forked(desk, origin.id, step_behind(desk, origin.id, "write"))
    assert fork.status == ThreadStatus.INTERRUPTED
    assert decided(desk, fork.id, "edit", value="Something else").status == ThreadStatus.DONE
    assert values(desk, fork.id)["answer"]["content"] == "Something else"
    assert values(desk, origin.id)["answer"]["content"] == "About bread"
    assert stored(desk, origin.id) == before
    assert desk.thread(origin.id) == origin


def test_a_fork_with_other_values_asks_about_those(desk: Desk) -> None:
    origin = begin(desk)
    before = stored(desk, origin.id)
    step = step_behind(desk, origin.id, "write")
    fork = forked(desk, origin.id, step, values={"topic": "cake", "log": ["rewritten"]})
    assert pending(desk, fork.id).payload["draft"] == "About cake"
    assert values(desk, fork.id)["log"] == ["rewritten"]
    assert stored(desk, origin.id) == before
    assert pending(desk, origin.id).payload["draft"] == "About bread"


def test_a_fork_names_its_origin_and_both_histories_tell_of_it(desk: Desk) -> None:
    origin = begin(desk)
    step = step_behind(desk, origin.id, "write")
    fork = forked(desk, origin.id, step)
    assert (fork.origin_thread, fork.origin_checkpoint) == (origin.id, step.checkpoint_id)
    assert [each.id for each in desk.ledger.forks.of(origin.id)] == [fork.id]
    assert actions(desk, fork.id) == ["thread.forked", "review.opened"]
    (told,) = desk.ledger.audit.entries(thread_id=origin.id, actions=["thread.forked"])
    assert told.detail == {"fork": fork.id, "checkpoint": step.checkpoint_id}
    assert (told.actor, told.signed_in) == ("ben", True)


def test_the_steps_up_to_the_fork_are_those_of_its_origin(desk: Desk) -> None:
    origin = decided(desk, begin(desk).id)
    step = step_behind(desk, origin.id, "write")
    fork = decided(desk, forked(desk, origin.id, step).id)
    ours, theirs = desk.steps(fork.id), desk.steps(origin.id)
    shared = [each.checkpoint_id for each in theirs if each.number <= step.number]
    assert [each.checkpoint_id for each in ours][: len(shared)] == shared
    assert not {each.checkpoint_id for each in ours[len(shared) :]} & {each.checkpoint_id for each in theirs}


def test_another_decision_is_taken_in_a_fork_of_the_review(desk: Desk) -> None:
    origin = begin(desk)
    asked = pending(desk, origin.id)
    decided(desk, origin.id)
    fork = desk.finish(desk.fork_review(asked.id, BEN).id)
    again = pending(desk, fork.id)
    assert (again.title, again.payload) == (asked.title, asked.payload)
    decided(desk, fork.id, "reject", message="no")
    assert values(desk, fork.id)["answer"]["approved"] is False
    assert desk.review(asked.id).status == ReviewStatus.RESUMED


def test_an_action_is_done_once_more_only_where_somebody_says_so(make_desk: MakeDesk) -> None:
    desk = make_desk({"pays": PAYS})
    origin = decided(desk, begin(desk, "pays").id)
    paid = desk.settings.graphs.parent / "paid"
    asked: Review = reviews(desk, origin.id, ReviewStatus.RESUMED)[0]
    with pytest.raises(ActionsRepeated) as refused:
        desk.fork_review(asked.id, BEN)
    assert refused.value.details == {"actions": ["pay"]}
    assert desk.ledger.forks.of(origin.id) == []

    fork = decided(desk, desk.finish(desk.fork_review(asked.id, BEN, repeat_actions=True).id).id)
    first, second = paid.read_text().split()
    assert first != second
    assert fork.status == ThreadStatus.INTERRUPTED
    (told,) = desk.ledger.audit.entries(thread_id=fork.id, actions=["thread.forked"])
    assert told.detail["repeated"] == ["pay"]


def test_a_fork_behind_an_action_does_not_ask(make_desk: MakeDesk) -> None:
    desk = make_desk({"pays": PAYS})
    origin = decided(desk, begin(desk, "pays").id)
    fork = forked(desk, origin.id, step_behind(desk, origin.id, "pay"))
    assert pending(desk, fork.id).payload == "Thank them?"
    assert len((desk.settings.graphs.parent / "paid").read_text().split()) == 1


def test_a_fork_of_a_fork_knows_the_actions_of_its_origins(make_desk: MakeDesk) -> None:
    desk = make_desk({"pays": PAYS})
    origin = decided(desk, begin(desk, "pays").id)
    start = next(step for step in desk.steps(origin.id) if step.values.get("topic"))
    fork = forked(desk, origin.id, step_behind(desk, origin.id, "pay"))
    with pytest.raises(ActionsRepeated):
        desk.fork(fork.id, start.checkpoint_id, BEN)


def all_said(desk: Desk, thread_id: str, text: str) -> None:
    for review in reviews(desk, thread_id):
        desk.decide(review.id, "respond", ADA, message=text)
        desk.finish(thread_id, review.id)


def test_subgraphs_and_siblings_begin_their_step_anew(make_desk: MakeDesk) -> None:
    desk = make_desk({"nested": NESTED})
    origin = begin(desk, "nested")
    all_said(desk, origin.id, "yes")
    assert values(desk, origin.id)["log"] == ["beside yes", "inner yes, 1"]
    assert values(desk, origin.id)["visits"] == 2
    before = stored(desk, origin.id)

    fork = forked(desk, origin.id, step_behind(desk, origin.id, "remember"))
    assert sorted(review.node for review in reviews(desk, fork.id)) == ["beside", "inner/ask"]
    all_said(desk, fork.id, "no")
    assert values(desk, fork.id)["log"] == ["beside no", "inner no, 1"]
    assert values(desk, fork.id)["visits"] == 2  # the subgraph remembers what it knew where the fork left
    assert stored(desk, origin.id) == before


def test_one_of_several_siblings_may_be_decided_otherwise(make_desk: MakeDesk) -> None:
    desk = make_desk({"siblings": SIBLINGS})
    origin = begin(desk, "siblings")
    left, right = sorted(reviews(desk, origin.id), key=lambda review: review.node)
    desk.decide(left.id, "respond", ADA, message="first")
    desk.finish(origin.id, left.id)
    fork = desk.finish(desk.fork_review(left.id, BEN).id)
    assert [review.node for review in reviews(desk, fork.id)] == ["left", "right"]
    assert desk.review(right.id).status == ReviewStatus.PENDING


def test_a_fork_stops_at_the_breakpoint_where_its_origin_stopped(make_desk: MakeDesk) -> None:
    desk = make_desk({"stops": STOPS})
    origin = begin(desk, "stops")
    decided(desk, origin.id, "continue")
    fork = forked(desk, origin.id, step_behind(desk, origin.id, "first"), values={"topic": "cake"})
    assert pending(desk, fork.id).kind == "breakpoint"
    decided(desk, fork.id, "continue")
    assert values(desk, fork.id) == {"topic": "cake", "log": ["first", "second"]}


def test_a_fork_from_the_input_keeps_what_is_not_changed_of_it(desk: Desk) -> None:
    origin = begin(desk, given={"topic": "bread", "log": ["given"]})
    (first, *_) = desk.steps(origin.id)
    assert first.nodes == ("input",)
    assert pending(desk, forked(desk, origin.id, first).id).payload["draft"] == "About bread"
    fork = forked(desk, origin.id, first, values={"topic": "cake"})
    assert pending(desk, fork.id).payload["draft"] == "About cake"
    assert values(desk, fork.id)["log"] == ["given", "write"]


def test_a_fork_from_the_end_is_done(desk: Desk) -> None:
    origin = decided(desk, begin(desk).id)
    fork = forked(desk, origin.id, desk.steps(origin.id)[-1])
    assert fork.status == ThreadStatus.DONE
    assert values(desk, fork.id) == values(desk, origin.id)


def test_what_cannot_be_forked_is_refused_and_leaves_nothing_behind(desk: Desk) -> None:
    origin = begin(desk)
    step = step_behind(desk, origin.id, "write")
    with pytest.raises(CheckpointNotFound, match="has no checkpoint 'nowhere'"):
        desk.fork(origin.id, "nowhere", BEN)
    with pytest.raises(BadInput, match="The state has no 'nothing'"):
        desk.fork(origin.id, step.checkpoint_id, BEN, values={"nothing": 1})
    with pytest.raises(BadInput, match="beyond 64 bits"):
        desk.fork(origin.id, step.checkpoint_id, BEN, values={"topic": 2**70})
    assert [thread.id for thread in desk.ledger.threads.page()] == [origin.id]
    with closing(sqlite3.connect(desk.settings.data_dir / "checkpoints.sqlite")) as connection:
        assert connection.execute("SELECT DISTINCT thread_id FROM checkpoints").fetchall() == [(origin.id,)]


def test_values_that_the_graph_chokes_on_leave_nothing_behind(make_desk: MakeDesk) -> None:
    desk = make_desk({"talk": TALK})
    origin = begin(desk, "talk", {"messages": []})
    with pytest.raises(BadInput, match="does not take these values"):
        desk.fork(origin.id, desk.steps(origin.id)[-1].checkpoint_id, BEN, values={"messages": [{"no": "role"}]})
    with closing(sqlite3.connect(desk.settings.data_dir / "checkpoints.sqlite")) as connection:
        assert connection.execute("SELECT DISTINCT thread_id FROM checkpoints").fetchall() == [(origin.id,)]


def test_a_pruned_thread_is_not_forked(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    origin = decided(desk, begin(desk).id)
    step = desk.steps(origin.id)[-1]
    assert list(desk.retention.prune(0)) == [origin.id]
    with pytest.raises(Pruned):
        desk.fork(origin.id, step.checkpoint_id, BEN)


def test_a_fork_recorded_by_one_process_is_run_by_another(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    origin = begin(desk)
    fork = desk.fork(origin.id, step_behind(desk, origin.id, "write").checkpoint_id, BEN)
    other = make_desk(other=1)
    assert other.relay.run_due() == 1
    assert pending(other, fork.id).title == "Publish?"
