"""Pauses as the engine reads them, and what a run's end makes of them: of one interrupt, of several, of one inside."""

from __future__ import annotations

from review.model import ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, BEN, SIBLINGS, actions, begin, pending, reviews, values

TWICE = """
def ask(state):
    first = interrupt("first?")
    return {"log": [first, interrupt("second?")]}
graph = wire(ask)
"""

INSIDE = """
def ask(state): return {"log": [interrupt("inside?")]}
def after(state): return {"log": ["after"]}
inner = wire(ask)
builder = StateGraph(State)
builder.add_node("outer", inner)
builder.add_node("after", after)
builder.add_edge(START, "outer")
builder.add_edge("outer", "after")
graph = builder.compile()
"""

CALLED = """
def ask(state): return {"log": [interrupt("called?")]}
inner = wire(ask)
def outer(state): return {"log": inner.invoke({"topic": state["topic"]})["log"]}
graph = wire(outer)
"""

FAN = """
def ask(state): return {"log": [(state["topic"], interrupt(f"{state['topic']}?"))]}
def fan(state): return [Send("ask", {"topic": str(n)}) for n in range(3)]
builder = StateGraph(State)
builder.add_node("ask", ask)
builder.add_conditional_edges(START, fan, ["ask"])
graph = builder.compile()
"""

CONTEXT = """
from dataclasses import dataclass
from langgraph.runtime import Runtime
@dataclass
class Who:
    name: str = "nobody"
def ask(state, runtime: Runtime[Who]):
    return {"answer": interrupt("who?"), "log": [runtime.context.name]}
async def keep(state, runtime: Runtime[Who]):
    await runtime.store.aput(("names",), "last", {"name": runtime.context.name})
    return {"log": [(await runtime.store.aget(("names",), "last")).value["name"]]}
builder = StateGraph(State, context_schema=Who)
for node in (ask, keep):
    builder.add_node(node.__name__, node)
builder.add_edge(START, "ask")
builder.add_edge("ask", "keep")
graph = builder.compile()
"""


def test_two_interrupts_in_one_node_are_two_reviews_one_after_the_other(make_desk: MakeDesk) -> None:
    desk = make_desk({"twice": TWICE})
    thread = begin(desk, "twice")
    first = pending(desk, thread.id)
    desk.decide(first.id, "respond", ADA, message="one")
    desk.finish(thread.id)
    second = pending(desk, thread.id)
    assert (second.payload, second.node) == ("second?", "ask")
    assert second.interrupt_id != first.interrupt_id
    desk.decide(second.id, "respond", ADA, message="two")
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    assert values(desk, thread.id)["log"] == ["one", "two"]


def test_siblings_are_resumed_each_by_its_own_id(make_desk: MakeDesk) -> None:
    desk = make_desk({"siblings": SIBLINGS})
    thread = begin(desk, "siblings")
    left, right = sorted(reviews(desk, thread.id), key=lambda review: review.node)
    desk.decide(right.id, "respond", ADA, message="to the right")
    assert desk.finish(thread.id).status == ThreadStatus.INTERRUPTED
    still = pending(desk, thread.id)
    assert (still.id, still.version) == (left.id, left.version)
    desk.decide(left.id, "respond", ADA, message="to the left", version=left.version)
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    assert values(desk, thread.id)["log"] == [["left", "to the left"], ["right", "to the right"], "join"]


def test_siblings_decided_together_travel_together(make_desk: MakeDesk) -> None:
    desk = make_desk({"fan": FAN})
    thread = begin(desk, "fan")
    asked = reviews(desk, thread.id)
    assert {review.payload for review in asked} == {"0?", "1?", "2?"}
    for review in asked:
        desk.decide(review.id, "respond", ADA, message=f"to {review.payload}")
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    assert values(desk, thread.id)["log"] == [[str(n), f"to {n}?"] for n in range(3)]
    assert len(desk.steps(thread.id)) == 3  # the input, the questions, nothing between the answers


def test_a_siblings_question_that_reads_differently_now_must_be_read_again(make_desk: MakeDesk) -> None:
    desk = make_desk({"siblings": SIBLINGS.replace('"right?"', 'f"right? {time.time_ns()}"')})
    thread = begin(desk, "siblings")
    left, right = sorted(reviews(desk, thread.id), key=lambda review: review.node)
    desk.decide(left.id, "approve", ADA)
    desk.finish(thread.id)
    again = pending(desk, thread.id)
    assert again.id == right.id
    assert again.version != right.version
    assert again.payload != right.payload
    assert "review.changed" in actions(desk, thread.id)


def test_an_interrupt_in_a_subgraph_is_answered(make_desk: MakeDesk) -> None:
    desk = make_desk({"inside": INSIDE, "called": CALLED})
    for graph in ("inside", "called"):
        thread = begin(desk, graph)
        review = pending(desk, thread.id)
        assert review.node == "outer/ask"
        desk.decide(review.id, "respond", ADA, message="yes")
        assert desk.finish(thread.id).status == ThreadStatus.DONE
        assert values(desk, thread.id)["log"][0] == "yes"


def test_context_and_config_are_passed_again_on_every_resume(make_desk: MakeDesk) -> None:
    desk = make_desk({"context": CONTEXT})
    thread = begin(desk, "context", context={"name": "Ada"})
    review = pending(desk, thread.id)
    desk.close()
    desk = make_desk({})
    desk.decide(review.id, "approve", ADA)
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    assert values(desk, thread.id)["log"] == ["Ada", "Ada"]


def test_a_closed_thread_is_over(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    thread = begin(desk)
    review = pending(desk, thread.id)
    assert desk.close_thread(thread.id, BEN).status == ThreadStatus.CLOSED
    assert desk.review(review.id).status == ReviewStatus.SUPERSEDED
    snapshot = desk.state(thread.id)
    assert (snapshot.next, snapshot.pauses, snapshot.unfinished) == ((), (), False)
    assert not desk.relay.advance(thread.id)
    assert values(desk, thread.id)["log"] == ["write"]
    assert actions(desk, thread.id)[-2:] == ["review.superseded", "thread.closed"]


def test_steps_tell_what_ran_and_what_it_changed(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    thread = begin(desk)
    before = desk.steps(thread.id)
    assert [(step.nodes, step.changed) for step in before] == [
        (("input",), ("log",)),
        (("__start__",), ("topic",)),
        (("write",), ("log",)),
    ]
    desk.decide(pending(desk, thread.id).id, "approve", ADA)
    desk.finish(thread.id)
    after = desk.steps(thread.id, after=before[-1].checkpoint_id)
    assert [(step.nodes, step.changed) for step in after] == [(("ask",), ("answer", "log")), (("publish",), ("log",))]
    assert desk.steps(thread.id) == before + after
    assert desk.steps(thread.id, after=after[-1].checkpoint_id) == []
