"""Breakpoints: reviews that are continued, never walked through by anything but a person's decision."""

from __future__ import annotations

import pytest

from review.desk import Desk
from review.errors import AlreadyDecided, DecisionNotAllowed, InvalidAnswer
from review.model import Review, ReviewKind, ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk
from tests.support import ADA, begin, pending, reviews, values

NODES = """
def one(state): return {"log": ["one"]}
def two(state): return {"log": ["two"]}
def three(state): return {"log": ["three"]}
"""
BEFORE = NODES + 'graph = wire(one, two, three, interrupt_before=["two"])'
AFTER = NODES + 'graph = wire(one, two, three, interrupt_after=["one"])'
EVERY = NODES + 'graph = wire(one, two, three, interrupt_before="*")'
AFTER_EVERY = NODES + 'graph = wire(one, two, three, interrupt_after="*")'
INSIDE = (
    NODES
    + """
inner = wire(two, three, interrupt_before=["three"])
builder = StateGraph(State)
builder.add_node("one", one)
builder.add_node("outer", inner)
builder.add_edge(START, "one")
builder.add_edge("one", "outer")
graph = builder.compile()
"""
)
# A sibling asks while a subgraph stands at its breakpoint.
BESIDE = (
    NODES
    + """
def ask(state): return {"log": [interrupt("beside?")]}
inner = wire(two, three, interrupt_before=["three"])
builder = StateGraph(State)
builder.add_node("ask", ask)
builder.add_node("outer", inner)
builder.add_edge(START, "ask")
builder.add_edge(START, "outer")
graph = builder.compile()
"""
)
LOOP = """
def step(state): return {"log": ["step"]}
def again(state): return END if len(state["log"]) > 2 else "step"
builder = StateGraph(State)
builder.add_node("step", step)
builder.add_edge(START, "step")
builder.add_conditional_edges("step", again, ["step", END])
graph = builder.compile(interrupt_after=["step"])
"""


def go_on(desk: Desk, thread_id: str) -> Review:
    """Continue the thread's one breakpoint."""
    review = pending(desk, thread_id)
    assert review.kind == ReviewKind.BREAKPOINT
    desk.decide(review.id, "continue", ADA)
    desk.finish(thread_id, review.id)
    return review


@pytest.mark.parametrize(
    ("source", "when", "title", "log"),
    [
        (BEFORE, "before", "Breakpoint before two", ["one"]),
        (AFTER, "after", "Breakpoint after one", ["one"]),
        (INSIDE, "before", "Breakpoint before three", ["one"]),
    ],
    ids=["before", "after", "in a subgraph"],
)
def test_a_breakpoint_is_a_review(make_desk: MakeDesk, source: str, when: str, title: str, log: list[str]) -> None:
    desk = make_desk({"stops": source})
    thread = begin(desk, "stops")
    assert thread.status == ThreadStatus.INTERRUPTED
    review = pending(desk, thread.id)
    assert (review.kind, review.interrupt_id, review.title) == (ReviewKind.BREAKPOINT, None, title)
    assert review.payload["when"] == when
    assert review.request.allowed_decisions == ("continue",)
    assert values(desk, thread.id)["log"] == log
    with pytest.raises(DecisionNotAllowed):
        desk.decide(review.id, "reject", ADA)
    with pytest.raises(InvalidAnswer, match="takes no value"):
        desk.decide(review.id, "answer", ADA, value=True)
    desk.decide(review.id, "continue", ADA)
    assert desk.finish(thread.id, review.id).status == ThreadStatus.DONE
    assert values(desk, thread.id)["log"][-2:] == ["two", "three"]
    assert desk.review(review.id).status == ReviewStatus.RESUMED
    with pytest.raises(AlreadyDecided):
        desk.decide(review.id, "continue", ADA)


@pytest.mark.parametrize(
    ("source", "places"),
    [
        (EVERY, ["one", "two", "three"]),
        (AFTER_EVERY, ["one", "two", "three"]),
        (LOOP, ["step", "step", "step"]),
    ],
    ids=["before every node", "after every node", "in a loop"],
)
def test_each_breakpoint_is_passed_by_itself(make_desk: MakeDesk, source: str, places: list[str]) -> None:
    desk = make_desk({"stops": source})
    thread = begin(desk, "stops")
    for place in places:
        if desk.thread(thread.id).status == ThreadStatus.DONE:
            break  # behind the last node there is nothing to go on with
        review = go_on(desk, thread.id)
        assert review.payload["node"] == place
    assert desk.thread(thread.id).status == ThreadStatus.DONE
    assert values(desk, thread.id)["log"] == places


@pytest.mark.parametrize("source", [BEFORE, AFTER], ids=["before", "after"])
@pytest.mark.parametrize("edits", [1, 2])
def test_edited_state_at_a_breakpoint_is_not_run_past_it(make_desk: MakeDesk, source: str, edits: int) -> None:
    desk = make_desk({"stops": source})
    thread = begin(desk, "stops")
    stale = pending(desk, thread.id)
    for n in range(edits):
        desk.edit_state(thread.id, {"topic": f"edit {n}"}, ADA)
        assert desk.finish(thread.id).status == ThreadStatus.INTERRUPTED
    assert desk.review(stale.id).status == ReviewStatus.SUPERSEDED
    fresh = pending(desk, thread.id)
    assert (fresh.kind, fresh.payload) == (ReviewKind.BREAKPOINT, stale.payload)
    assert fresh.checkpoint_id != stale.checkpoint_id
    assert values(desk, thread.id) == {"topic": f"edit {edits - 1}", "log": ["one"]}
    go_on(desk, thread.id)
    assert desk.thread(thread.id).status == ThreadStatus.DONE
    assert values(desk, thread.id)["log"] == ["one", "two", "three"]


def test_edited_state_at_a_subgraphs_breakpoint_is_not_run_past_it(make_desk: MakeDesk) -> None:
    desk = make_desk({"stops": INSIDE})
    thread = begin(desk, "stops")
    desk.edit_state(thread.id, {"topic": "edited"}, ADA)
    assert desk.finish(thread.id).status == ThreadStatus.INTERRUPTED
    review = pending(desk, thread.id)
    assert review.payload == {"when": "before", "node": "three", "next": "three"}
    go_on(desk, thread.id)
    assert values(desk, thread.id)["log"][-2:] == ["two", "three"]
    assert values(desk, thread.id)["topic"] == "edited"


def test_an_answer_walks_no_sibling_through_its_breakpoint(make_desk: MakeDesk) -> None:
    desk = make_desk({"stops": BESIDE})
    thread = begin(desk, "stops")
    asked = next(review for review in reviews(desk, thread.id) if review.kind == ReviewKind.INTERRUPT)
    stopped = next(review for review in reviews(desk, thread.id) if review.kind == ReviewKind.BREAKPOINT)
    desk.decide(asked.id, "respond", ADA, message="beside")
    for _ in range(3):
        desk.relay.advance(thread.id)
    assert values(desk, thread.id).get("log") == []
    assert desk.review(stopped.id).status == ReviewStatus.PENDING
    again = desk.review(asked.id)
    assert again.status == ReviewStatus.PENDING
    assert again.error == (
        "Beside it, outer/three stands at a breakpoint. Continue that one first, then decide this again."
    )
    kept = desk.ledger.reviews.last_withdrawn(asked.id)
    assert kept is not None
    assert kept.message == "beside"
    desk.decide(stopped.id, "continue", ADA)
    assert desk.finish(thread.id, stopped.id).status == ThreadStatus.INTERRUPTED
    desk.decide(asked.id, "respond", ADA, message="beside")
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    assert sorted(values(desk, thread.id)["log"]) == ["beside", "three", "two"]


def test_an_edited_key_with_a_reducer_becomes_what_was_written(desk: Desk) -> None:
    thread = begin(desk)
    desk.edit_state(thread.id, {"log": ["rewritten"]}, ADA)
    desk.finish(thread.id)
    assert values(desk, thread.id)["log"] == ["rewritten"]
