"""Pauses as the engine reads them, and what a run's end makes of them: interrupts, failures, refused answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from review.errors import AlreadyDecided
from review.model import DecisionType, ReviewKind, ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, BEN, FRAGILE, SIBLINGS, actions, begin, pending, reviews, values

TWICE = """
def ask(state):
    first = interrupt("first?")
    return {"log": [first, interrupt("second?")]}
graph = wire(ask)
"""

# Raises behind its answer while `broken` lies there.
BEHIND = """
HERE = pathlib.Path(__file__).parent
def ask(state):
    said = interrupt("go on?")
    if (HERE / "broken").exists():
        raise RuntimeError("Behind the answer.")
    return {"answer": said, "log": [interrupt("sure?")]}
graph = wire(ask)
"""

# Raises before its question, on resume, while `broken` lies there.
BEFORE = """
HERE = pathlib.Path(__file__).parent
def ask(state):
    if (HERE / "broken").exists():
        raise RuntimeError("Before the answer.")
    return {"answer": interrupt("go on?")}
graph = wire(ask)
"""

STRICT = """
from pydantic import BaseModel, field_validator
class Number(BaseModel):
    amount: int
    note: str = ""
    @field_validator("amount")
    @classmethod
    def odd(cls, value):
        if value % 2 == 0:
            raise ValueError("must be odd")
        return value
def ask(state): return {"answer": interrupt({"question": "How many?"}, response_schema=Number).amount}
graph = wire(ask)
"""

STRICT_SIBLINGS = (
    STRICT.replace("graph = wire(ask)", "")
    + """
def free(state): return {"log": [interrupt("free?")]}
builder = StateGraph(State)
for node in (ask, free):
    builder.add_node(node.__name__, node)
    builder.add_edge(START, node.__name__)
graph = builder.compile()
"""
)

STRICT_INSIDE = (
    STRICT_SIBLINGS.replace("graph = builder", "inner = builder")
    + """
builder = StateGraph(State)
builder.add_node("outer", inner)
builder.add_edge(START, "outer")
graph = builder.compile()
"""
)

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

# LangGraph does not find this subgraph, so its question is the outer node's.
HIDDEN = """
HERE = pathlib.Path(__file__).parent
def ask(state): return {"answer": interrupt("inside?")}
def behind(state):
    if (HERE / "broken").exists(): raise RuntimeError("Behind the answer.")
kept = {"inner": wire(ask, behind)}
def outer(state): return kept["inner"].invoke({"topic": state["topic"]})
graph = wire(outer)
"""

FUNCTIONAL = """
from langgraph.func import entrypoint, task
HERE = pathlib.Path(__file__).parent
@task
def ask(topic): return interrupt("inside?")
@entrypoint()
def graph(given):
    said = ask(given["topic"]).result()
    if (HERE / "broken").exists(): raise RuntimeError("Behind the answer.")
    return {"answer": said}
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


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """While this file is there, nodes that look for it raise."""
    (tmp_path / "graphs").mkdir()
    file = tmp_path / "graphs" / "broken"
    file.touch()
    return file


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


def test_a_node_that_raises_is_a_failed_thread_that_can_be_retried(make_desk: MakeDesk, broken: Path) -> None:
    desk = make_desk({"fragile": FRAGILE})
    thread = begin(desk, "fragile")
    assert (thread.status, thread.error) == (ThreadStatus.FAILED, "The printer is on fire.")
    assert thread.error_id
    review = pending(desk, thread.id)
    assert (review.kind, review.node, review.interrupt_id) == (ReviewKind.FAILED, "fragile", None)
    assert review.request.allowed_decisions == ("retry",)
    assert review.request.subject == "The printer is on fire."
    assert review.request.details == {"error id": thread.error_id}
    desk.decide(review.id, "retry", ADA)
    again = desk.finish(thread.id)
    assert again.status == ThreadStatus.FAILED
    assert desk.review(review.id).status == ReviewStatus.RESUMED
    second = pending(desk, thread.id)
    assert second.id != review.id
    broken.unlink()
    desk.decide(second.id, "retry", ADA)
    done = desk.finish(thread.id)
    assert (done.status, done.error, done.error_id) == (ThreadStatus.DONE, None, None)
    assert values(desk, thread.id)["log"] == ["first", "fragile"]
    assert actions(desk, thread.id).count("thread.failed") == 2


def test_a_node_that_fails_behind_its_answer_has_the_answer(make_desk: MakeDesk, broken: Path) -> None:
    desk = make_desk({"behind": BEHIND})
    thread = begin(desk, "behind")
    asked = pending(desk, thread.id)
    desk.decide(asked.id, "respond", ADA, message="first words")
    assert desk.finish(thread.id).status == ThreadStatus.FAILED
    assert desk.review(asked.id).status == ReviewStatus.RESUMED
    failed = pending(desk, thread.id)
    assert failed.kind == ReviewKind.FAILED
    with pytest.raises(AlreadyDecided):
        desk.decide(asked.id, "respond", BEN, message="second words")
    broken.unlink()
    desk.decide(failed.id, "retry", ADA)
    assert desk.finish(thread.id).status == ThreadStatus.INTERRUPTED
    # LangGraph still lists the old error beside the new question.
    fresh = pending(desk, thread.id)
    assert (fresh.kind, fresh.payload) == (ReviewKind.INTERRUPT, "sure?")
    desk.decide(fresh.id, "respond", ADA, message="sure")
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    assert values(desk, thread.id)["answer"] == "first words"


@pytest.mark.parametrize("source", [HIDDEN, FUNCTIONAL], ids=["in a hidden subgraph", "in a task"])
def test_an_answer_taken_further_inside_is_not_asked_for_again(make_desk: MakeDesk, broken: Path, source: str) -> None:
    desk = make_desk({"inside": source})
    thread = begin(desk, "inside")
    asked = pending(desk, thread.id)
    desk.decide(asked.id, "respond", ADA, message="first words")
    assert desk.finish(thread.id).status == ThreadStatus.FAILED
    assert desk.review(asked.id).status == ReviewStatus.RESUMED
    failed = pending(desk, thread.id)
    assert failed.kind == ReviewKind.FAILED
    broken.unlink()
    desk.decide(failed.id, "retry", ADA)
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    assert "first words" in str(values(desk, thread.id))


def test_a_node_that_fails_before_it_takes_its_answer_keeps_the_decision(make_desk: MakeDesk, broken: Path) -> None:
    desk = make_desk({"before": BEFORE})
    broken.unlink()
    thread = begin(desk, "before")
    review = pending(desk, thread.id)
    broken.touch()
    desk.decide(review.id, "respond", ADA, message="kept")
    assert desk.finish(thread.id).status in (ThreadStatus.FAILED, ThreadStatus.INTERRUPTED)
    failed = desk.review(review.id)
    assert (failed.status, failed.error) == (ReviewStatus.RESUME_FAILED, "Before the answer.")
    assert failed.decision is not None
    assert desk.finish(thread.id).error == "Before the answer."
    broken.unlink()
    desk.decide(review.id, "retry", BEN)
    assert desk.finish(thread.id, review.id).status == ThreadStatus.DONE
    assert values(desk, thread.id)["answer"] == "kept"
    assert desk.review(review.id).status == ReviewStatus.RESUMED
    assert reviews(desk, thread.id) == []


def test_an_answer_that_the_graph_refuses_is_asked_again_and_the_text_kept(make_desk: MakeDesk) -> None:
    desk = make_desk({"strict": STRICT})
    thread = begin(desk, "strict")
    review = pending(desk, thread.id)
    desk.decide(review.id, "respond", ADA, value={"amount": 2, "note": "typed at length"}, message="why")
    assert desk.finish(thread.id, review.id).status == ThreadStatus.INTERRUPTED
    again = pending(desk, thread.id)
    assert again.id == review.id
    assert again.version != review.version
    assert again.error is not None
    assert "must be odd" in again.error
    withdrawn = desk.ledger.reviews.last_withdrawn(review.id)
    assert withdrawn is not None
    assert (withdrawn.value, withdrawn.message) == ({"amount": 2, "note": "typed at length"}, "why")
    assert withdrawn.type == DecisionType.RESPOND
    assert "decision.invalid" in actions(desk, thread.id)
    desk.decide(review.id, "respond", BEN, value={"amount": 3})
    assert desk.finish(thread.id, review.id).status == ThreadStatus.DONE
    assert values(desk, thread.id)["answer"] == 3


@pytest.mark.parametrize("source", [STRICT_SIBLINGS, STRICT_INSIDE], ids=["siblings", "in a subgraph"])
def test_one_refused_answer_holds_up_no_other(make_desk: MakeDesk, source: str) -> None:
    desk = make_desk({"strict": source})
    thread = begin(desk, "strict")
    free, strict = sorted(reviews(desk, thread.id), key=lambda review: str(review.payload))
    desk.decide(strict.id, "respond", ADA, value={"amount": 2})
    desk.decide(free.id, "respond", ADA, message="freely")
    for _ in range(5):  # each time the relay may take what is left
        desk.relay.advance(thread.id)
    assert desk.review(free.id).status == ReviewStatus.RESUMED
    again = desk.review(strict.id)
    assert again.status == ReviewStatus.PENDING
    assert "must be odd" in str(again.error)
    desk.decide(strict.id, "respond", ADA, value={"amount": 5})
    assert desk.finish(thread.id, strict.id).status == ThreadStatus.DONE
    assert (values(desk, thread.id)["answer"], values(desk, thread.id)["log"]) == (5, ["freely"])


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
