"""A node that fails, and a graph that refuses an answer: what becomes of the decision."""

from __future__ import annotations

from pathlib import Path

import pytest

from review.errors import AlreadyDecided
from review.model import DecisionType, ReviewKind, ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk
from tests.support import ADA, BEN, FRAGILE, actions, begin, pending, reviews, values

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

# Asks, and fails behind that while `broken` lies there.
THEN = """
HERE = pathlib.Path(__file__).parent
def ask(state): return {"answer": interrupt({"title": f"Publish {state['topic']}?"})}
def publish(state):
    if (HERE / "broken").exists():
        raise RuntimeError("The printer is on fire.")
    return {"log": ["published"]}
graph = wire(ask, publish)
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


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """While this file is there, nodes that look for it raise."""
    (tmp_path / "graphs").mkdir()
    file = tmp_path / "graphs" / "broken"
    file.touch()
    return file


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


def test_failures_of_one_node_are_told_apart_by_what_their_threads_are_about(make_desk: MakeDesk, broken: Path) -> None:
    desk = make_desk({"then": THEN})
    titles = []
    for topic in ("rye", "oats"):
        review = pending(desk, begin(desk, "then", {"topic": topic}).id)
        desk.decide(review.id, "approve", ADA)
        assert desk.finish(review.thread_id).status == ThreadStatus.FAILED
        titles.append(pending(desk, review.thread_id).title)
    assert titles == ["publish failed · Publish rye?", "publish failed · Publish oats?"]


def test_a_failure_that_nothing_was_asked_before_has_its_own_name_alone(make_desk: MakeDesk, broken: Path) -> None:
    desk = make_desk({"fragile": FRAGILE})
    thread = begin(desk, "fragile")
    assert pending(desk, thread.id).title == "fragile failed"
    desk.decide(pending(desk, thread.id).id, "retry", ADA)
    assert desk.finish(thread.id).status == ThreadStatus.FAILED
    assert pending(desk, thread.id).title == "fragile failed"
