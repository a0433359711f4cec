"""A graph whose code changed while a review waited: the decision is kept, and applied when the code is back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from review.desk import Desk
from review.model import Review, ReviewKind, ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, BEN, SIBLINGS, actions, begin, pending, reviews, values

RENAMED = ASK.replace("def ask", "def question").replace("(write, ask,", "(write, question,")
LATER_RENAMED = ASK.replace("def publish", "def release").replace("ask, publish)", "ask, release)")
BROKEN = ASK + "\nimport a_module_that_is_not_there\n"

INSIDE = """
def write(state): return {"log": ["write"]}
def ask(state): return {"answer": interrupt({"draft": "inside"}), "log": ["ask"]}
inner = wire(write, ask)
builder = StateGraph(State)
builder.add_node("outer", inner)
builder.add_edge(START, "outer")
graph = builder.compile()
"""
INSIDE_RENAMED = INSIDE.replace("def ask", "def question").replace("(write, ask)", "(write, question)")
OUTSIDE_RENAMED = INSIDE.replace('"outer"', '"around"')
SIBLINGS_RENAMED = SIBLINGS.replace("right", "east")


def failed(desk: Desk, review: Review) -> Review:
    """Decide, apply, and find the decision kept beside a sentence."""
    desk.decide(review.id, "approve", ADA)
    thread = desk.finish(review.thread_id, review.id)
    kept = desk.review(review.id)
    assert thread.status == ThreadStatus.FAILED
    assert thread.error == kept.error
    assert kept.status == ReviewStatus.RESUME_FAILED
    assert kept.decision is not None
    assert kept.decision.reviewer == "ada"
    assert "resume.failed" in actions(desk, thread.id)
    return kept


@pytest.mark.parametrize(
    ("source", "changed", "told"),
    [
        (ASK, RENAMED, "The graph changed: it no longer has the node 'ask'"),
        (INSIDE, INSIDE_RENAMED, "The graph changed: it no longer has the node 'outer/ask'"),
        (INSIDE, OUTSIDE_RENAMED, "The graph changed: it no longer has the node 'outer'"),
        (ASK, None, "The graph changed: There is no graph 'graph'"),
        (ASK, BROKEN, "The graph changed: Graph 'graph' could not be loaded"),
    ],
    ids=["node renamed", "node of a subgraph renamed", "subgraph renamed", "graph gone", "module broken"],
)
def test_a_decision_outlives_a_change_of_its_graph(
    make_desk: MakeDesk, source: str, changed: str | None, told: str
) -> None:
    desk = make_desk({"graph": source, "other": ASK})
    review = pending(desk, begin(desk, "graph").id)
    desk.close()

    desk = make_desk({"graph": changed})
    kept = failed(desk, review)
    assert told in str(kept.error)
    desk.decide(review.id, "retry", BEN)  # too early: nothing is lost by it
    desk.finish(review.thread_id, review.id)
    assert desk.review(review.id).status == ReviewStatus.RESUME_FAILED
    desk.close()

    desk = make_desk({"graph": source})
    desk.decide(review.id, "retry", BEN)
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE
    done = desk.review(review.id)
    assert (done.status, done.error) == (ReviewStatus.RESUMED, None)
    assert values(desk, review.thread_id)["answer"]["reviewer"] == "ada"
    assert "ask" in values(desk, review.thread_id)["log"]
    assert reviews(desk, review.thread_id) == []


def test_an_undecided_review_stays_in_the_queue_meanwhile(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    review = pending(desk, begin(desk).id)
    desk.close()
    desk = make_desk({"ask": RENAMED})
    desk.relay.run_due()
    assert desk.review(review.id) == review


def test_a_thread_whose_graph_is_gone_can_be_closed(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK, "other": ASK})
    review = pending(desk, begin(desk).id)
    desk.close()
    desk = make_desk({"ask": None})
    assert desk.close_thread(review.thread_id, ADA).status == ThreadStatus.CLOSED
    assert desk.review(review.id).status == ReviewStatus.SUPERSEDED


def test_a_sibling_is_not_resumed_past_one_that_the_graph_lost(make_desk: MakeDesk) -> None:
    desk = make_desk({"siblings": SIBLINGS})
    thread = begin(desk, "siblings")
    left, right = sorted(reviews(desk, thread.id), key=lambda review: review.node)
    desk.close()
    desk = make_desk({"siblings": SIBLINGS_RENAMED})
    desk.decide(left.id, "approve", ADA)
    desk.decide(right.id, "approve", ADA)
    desk.finish(thread.id, left.id)
    assert desk.review(left.id).status == desk.review(right.id).status == ReviewStatus.RESUME_FAILED
    desk.close()
    desk = make_desk({"siblings": SIBLINGS})
    for review in (left, right):
        desk.decide(review.id, "retry", ADA)
    assert desk.finish(thread.id, left.id).status == ThreadStatus.DONE
    assert values(desk, thread.id)["log"] == [["left", True], ["right", True], "join"]


def test_a_dead_run_whose_next_node_is_gone_is_not_taken_for_done(make_desk: MakeDesk, tmp_path: Path) -> None:
    stops = ASK.replace("ask, publish)", 'ask, publish, interrupt_after=["ask"])')
    desk = make_desk({"ask": stops})
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA)
    desk.finish(review.thread_id, review.id)
    stopped = pending(desk, review.thread_id)
    assert stopped.kind == ReviewKind.BREAKPOINT
    desk.close()
    # As a process leaves it that died between `ask` and `publish`, while it applied the decision.
    with sqlite3.connect(tmp_path / "data" / "ledger.sqlite") as ledger:
        ledger.execute("UPDATE reviews SET status = 'superseded' WHERE id = ?", [stopped.id])
        ledger.execute("UPDATE reviews SET status = 'resuming' WHERE id = ?", [review.id])
        ledger.execute("UPDATE threads SET status = 'running', work_at = created_at")
    ledger.close()

    desk = make_desk({"ask": LATER_RENAMED})
    thread = desk.finish(review.thread_id, review.id)
    assert thread.status == ThreadStatus.FAILED
    kept = desk.review(review.id)
    assert kept.status == ReviewStatus.RESUME_FAILED
    assert "no longer has the node 'publish', which comes next" in str(kept.error)
    desk.close()

    desk = make_desk({"ask": ASK})
    desk.decide(review.id, "retry", ADA)
    assert desk.finish(thread.id, review.id).status == ThreadStatus.DONE
    assert values(desk, thread.id)["log"] == ["write", "ask", "publish"]


def test_a_dead_run_without_a_decision_is_a_failed_thread_when_its_node_is_gone(
    make_desk: MakeDesk, tmp_path: Path
) -> None:
    desk = make_desk({"stops": ASK.replace("publish)", 'publish, interrupt_after=["write"])')})
    thread = begin(desk, "stops")
    desk.close()
    with sqlite3.connect(tmp_path / "data" / "ledger.sqlite") as ledger:
        ledger.execute("UPDATE reviews SET status = 'superseded'")
        ledger.execute("UPDATE threads SET status = 'running', work_at = created_at")
    ledger.close()
    desk = make_desk({"stops": RENAMED})
    assert desk.finish(thread.id).status == ThreadStatus.FAILED
    review = pending(desk, thread.id)
    assert "no longer has the node 'ask'" in str(review.request.subject)
    desk.close()
    desk = make_desk({"stops": ASK})
    desk.decide(review.id, "retry", ADA)
    assert desk.finish(thread.id).status == ThreadStatus.INTERRUPTED
    assert pending(desk, thread.id).node == "ask"


def test_a_state_that_the_new_code_cannot_read_is_a_failed_thread(make_desk: MakeDesk) -> None:
    strict = """
from pydantic import BaseModel
class Brief(BaseModel):
    topic: str
def ask(state): return {"topic": interrupt({"draft": state.topic})["reviewer"]}
graph = wire(ask, state=Brief)
"""
    desk = make_desk({"strict": strict})
    review = pending(desk, begin(desk, "strict").id)
    desk.close()
    desk = make_desk({"strict": strict.replace("topic: str", "topic: int")})
    desk.decide(review.id, "approve", ADA)
    thread = desk.finish(review.thread_id, review.id)
    kept = desk.review(review.id)
    assert kept.decision is not None
    assert thread.lease_owner is None
    assert (thread.status, kept.status) == (ThreadStatus.FAILED, ReviewStatus.RESUME_FAILED)
    desk.close()
    desk = make_desk({"strict": strict})
    desk.decide(review.id, "retry", ADA)
    assert desk.finish(thread.id, review.id).status == ThreadStatus.DONE
    assert values(desk, thread.id)["topic"] == "ada"


@pytest.mark.parametrize("kept_node", [True, False], ids=["its node is there", "its node is renamed"])
def test_one_siblings_lost_node_takes_nothing_from_either(make_desk: MakeDesk, kept_node: bool) -> None:
    """`right` is renamed while both wait; only one of the two is decided meanwhile."""
    desk = make_desk({"siblings": SIBLINGS})
    thread = begin(desk, "siblings")
    left, right = sorted(reviews(desk, thread.id), key=lambda review: review.node)
    decided, waiting = (left, right) if kept_node else (right, left)
    desk.close()
    desk = make_desk({"siblings": SIBLINGS_RENAMED})
    desk.decide(decided.id, "edit", ADA, value="said before")
    assert desk.finish(thread.id, decided.id).status == ThreadStatus.FAILED
    failed_review = desk.review(decided.id)
    assert failed_review.status == ReviewStatus.RESUME_FAILED
    assert str(failed_review.error).startswith("The graph changed: it no longer has the node 'right'")
    assert desk.review(waiting.id).status == ReviewStatus.PENDING
    desk.close()
    desk = make_desk({"siblings": SIBLINGS})
    desk.decide(decided.id, "retry", ADA)
    assert desk.finish(thread.id, decided.id).status == ThreadStatus.INTERRUPTED
    assert desk.review(decided.id).status == ReviewStatus.RESUMED
    desk.decide(waiting.id, "edit", ADA, value="said after")
    assert desk.finish(thread.id, waiting.id).status == ThreadStatus.DONE
    said = {decided.node: "said before", waiting.node: "said after"}
    assert values(desk, thread.id)["log"] == [["left", said["left"]], ["right", said["right"]], "join"]


def test_an_answer_that_was_taken_is_not_lost_with_its_node(make_desk: MakeDesk) -> None:
    """What a finished sibling wrote waits in the checkpoint for the others; without its node, nobody would read it."""
    desk = make_desk({"siblings": SIBLINGS})
    thread = begin(desk, "siblings")
    left, right = sorted(reviews(desk, thread.id), key=lambda review: review.node)
    desk.decide(right.id, "edit", ADA, value="early")
    desk.finish(thread.id, right.id)
    assert desk.review(right.id).status == ReviewStatus.RESUMED
    desk.close()
    desk = make_desk({"siblings": SIBLINGS_RENAMED})
    desk.decide(left.id, "edit", ADA, value="late")
    desk.finish(thread.id, left.id)
    assert desk.review(left.id).status == ReviewStatus.RESUME_FAILED
    desk.close()
    desk = make_desk({"siblings": SIBLINGS})
    desk.decide(left.id, "retry", ADA)
    assert desk.finish(thread.id, left.id).status == ThreadStatus.DONE
    assert values(desk, thread.id)["log"] == [["left", "late"], ["right", "early"], "join"]


SCHEMA = """
from pydantic import BaseModel
class Said(BaseModel):
    approved: bool
def ask(state):
    said = interrupt({"content": "Bread"}, response_schema=Said)
    return {"answer": said.approved, "log": ["ask"]}
graph = wire(ask)
"""
STRICTER = SCHEMA.replace("approved: bool", "approved: bool\n    cost_centre: str")


def test_an_answer_that_a_changed_schema_refuses_is_kept_and_asked_for_again(make_desk: MakeDesk) -> None:
    desk = make_desk({"schema": SCHEMA})
    review = pending(desk, begin(desk, "schema").id)
    made = desk.decide(review.id, "approve", ADA)
    desk.close()
    desk = make_desk({"schema": STRICTER})
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.INTERRUPTED
    asked = desk.review(review.id)
    assert (asked.status, asked.decision) == (ReviewStatus.PENDING, None)
    assert asked.version != review.version
    assert "cost_centre" in str(asked.error)
    kept = desk.ledger.reviews.last_withdrawn(review.id)
    assert kept is not None
    assert made.decision is not None
    assert kept.id == made.decision.id
    desk.close()
    desk = make_desk({"schema": SCHEMA})
    desk.decide(review.id, "approve", ADA)
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE
    assert values(desk, review.thread_id)["log"] == ["ask"]
