"""What the data of an approval mean to the graph, and which are refused."""

from __future__ import annotations

from typing import Any

import pytest
from langgraph.types import interrupt

from review.errors import DecisionNotAllowed, InvalidAnswer
from review.model import DecisionType
from tests.review.approval_graphs import USER, Make, State, Verdict, critical, typed, wire


@pytest.mark.parametrize(
    ("data", "received"),
    [
        (None, {"decision": "approve", "score": 0, "message": ""}),
        ({"score": 4}, {"decision": "approve", "score": 4, "message": ""}),
        ({"approved": True, "notes": "Fine"}, {"decision": "approve", "score": 0, "message": "Fine"}),
        ({"decision": "approve", "score": 2}, {"decision": "approve", "score": 2, "message": ""}),
        (Verdict(decision="approve", score=6), {"decision": "approve", "score": 6, "message": ""}),
    ],
)
def test_approval_of_a_response_schema(queues: Make, data: Any, received: Any) -> None:
    queue = queues(wire(typed))
    assert queue.approve(queue.submit_for_approval({}), data).values["result"] == received


@pytest.mark.parametrize(
    ("node", "data"),
    [
        (typed, {"decision": "reject"}),
        (typed, {"decision": "respond", "message": "more"}),
        (typed, {"approved": False}),
        (critical, {"approved": False, "reason": "no"}),
    ],
)
def test_data_that_mean_no_approval_are_refused(queues: Make, node: Any, data: Any) -> None:
    queue = queues(wire(node))
    thread_id = queue.submit_for_approval(USER)
    with pytest.raises(DecisionNotAllowed, match=r"do not mean approval.*`reject`"):
        queue.approve(thread_id, data)
    assert thread_id in queue.pending


@pytest.mark.parametrize(
    ("node", "data"),
    [(typed, {"decision": "maybe"}), (critical, {"content": "x"}), (critical, "yes"), (critical, {"approved": object})],
)
def test_data_that_the_graph_would_not_take_are_refused_before_it_runs(queues: Make, node: Any, data: Any) -> None:
    queue = queues(wire(node))
    thread_id = queue.submit_for_approval(USER)
    with pytest.raises(InvalidAnswer):
        queue.approve(thread_id, data)
    assert thread_id in queue.pending


def anything(state: State) -> dict[str, Any]:
    return {"result": interrupt("Which one?")}


@pytest.mark.parametrize("data", [{"approved": True, "notes": "x"}, 3, ["a"], "the blue one"])
def test_any_other_question_gets_the_data_as_they_are(queues: Make, data: Any) -> None:
    queue = queues(wire(anything))
    assert queue.approve(queue.submit_for_approval({}), data).values["result"] == data


def test_any_decision_that_is_offered_can_be_made(queues: Make) -> None:
    queue = queues(wire(typed))
    standing = queue.decide(queue.submit_for_approval({}), "respond", message="Shorter, please")
    assert standing.values["result"] == {"decision": "respond", "score": 0, "message": "Shorter, please"}


def test_answer_that_the_graph_refuses_is_pending_again_with_its_sentence(queues: Make, saver: Any) -> None:
    queue = queues(wire(typed, checkpointer=saver))
    thread_id = queue.submit_for_approval({})
    with pytest.raises(InvalidAnswer, match=r"the score must be even(.|\n)*pending again"):
        queue.edit(thread_id, {"score": 3})
    (review,) = queue.pending[thread_id]
    assert "even" in (review.error or "")
    assert queue.edit(thread_id, {"score": 4}).values["result"]["score"] == 4


def test_script_may_decide_with_the_decision_types(queues: Make) -> None:
    queue = queues(wire(critical))
    thread_id = queue.submit_for_approval(USER)
    standing = queue.decide(thread_id, DecisionType.ANSWER, value={"approved": False, "reason": "no"})
    assert standing.values["result"] == {"approved": False, "reason": "no"}
