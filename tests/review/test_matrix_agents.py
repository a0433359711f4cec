"""A real `create_agent` with langchain's own middleware, in both modes: its tools ran on exactly what was decided."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from review.desk import Desk, open_desk
from review.dialects import Said
from review.model import DecisionType, Review, ReviewStatus, ThreadStatus
from review.settings import Settings
from tests.graphs_for_tests.matrix_graphs import exactly
from tests.support import ADA, ROOT, begin, pending, reviews, values

ARGS = {"number": "A-1", "amount": 39.0, "count": 2, "extra": [1, 1.0, None]}
EDITED = {"number": "A-2", "amount": 20.0, "count": 3, "extra": {"yes": True, "text": "1"}}
WHY = "User rejected the tool call for `refund` with reason: No"
DECISIONS = [
    ("approve", None, "", exactly(ARGS), "success"),
    ("edit", EDITED, "", exactly(EDITED), "success"),
    ("reject", None, "No", WHY, "error"),
    ("respond", None, "I called her.", "I called her.", "success"),
]
GRAPHS = ["agent", "agent_nested", "agent_in_async_node"]
MODES = ["batched", "per_call"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    graphs = ROOT / "tests" / "graphs_for_tests" / "agent_graphs.json"
    desk = open_desk(Settings(data_dir=tmp_path_factory.mktemp("agents"), graphs=graphs))
    yield desk
    desk.close()


def start(desk: Desk, graph: str, calls: int) -> str:
    """A thread of an agent that makes so many calls of the one tool in a turn; its id."""
    plan = [ARGS | {"number": f"A-{number}"} for number in range(1, calls + 1)]
    return begin(desk, graph, {"messages": [{"role": "user", "content": json.dumps(plan)}]}).id


def results(desk: Desk, thread_id: str) -> list[tuple[str, str]]:
    """What came of each call, in the calls' order."""
    assert desk.thread(thread_id).status == ThreadStatus.DONE
    messages = [message for message in values(desk, thread_id)["messages"] if message.type == "tool"]
    return [(message.text, message.status) for message in sorted(messages, key=lambda each: each.tool_call_id)]


@pytest.mark.parametrize(("kind", "value", "message", "text", "status"), DECISIONS, ids=lambda part: str(part)[:12])
@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("mode", MODES)
def test_one_call_gets_its_decision(
    desk: Desk, mode: str, graph: str, kind: str, value: Any, message: str, text: str, status: str
) -> None:
    thread_id = start(desk, f"{mode}_{graph}", 1)
    review = pending(desk, thread_id)
    assert (review.dialect, review.request.actions[0].args) == (mode, ARGS)
    desk.decide(review.id, kind, ADA, value=value, message=message)
    desk.finish(thread_id)
    assert results(desk, thread_id) == [(text, status)]


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("mode", MODES)
def test_four_calls_of_one_tool_each_get_their_own(desk: Desk, mode: str, graph: str) -> None:
    thread_id = start(desk, f"{mode}_{graph}", 4)
    waiting = reviews(desk, thread_id)
    if mode == "batched":
        (review,) = waiting
        said = [Said(DecisionType(kind), value, message, "ada") for kind, value, message, _, _ in DECISIONS]
        desk.decide_actions(review.id, said, ADA)
    else:
        by_number = sorted(waiting, key=lambda review: review.payload["args"]["number"])
        for review, (kind, value, message, _, _) in zip(by_number, DECISIONS, strict=True):
            desk.decide(review.id, kind, ADA, value=value, message=message)
    desk.finish(thread_id)
    assert results(desk, thread_id) == [(text, status) for _, _, _, text, status in DECISIONS]


@pytest.mark.parametrize("mode", MODES)
def test_agents_side_by_side_are_answered_one_by_one(desk: Desk, mode: str) -> None:
    thread_id = start(desk, f"{mode}_agents_parallel", 1)
    first, second = reviews(desk, thread_id)
    desk.decide(first.id, "reject", ADA, message="No")
    desk.finish(thread_id, first.id)
    assert pending(desk, thread_id).id == second.id
    desk.decide(second.id, "edit", ADA, value=EDITED)
    desk.finish(thread_id, second.id)
    assert sorted(results(desk, thread_id)) == sorted([(WHY, "error"), (exactly(EDITED), "success")])


def plan_of(review: Review) -> str:
    """What the agent that asks was told to do, which names one refund."""
    (action,) = review.request.actions
    return json.dumps([action.args])


@pytest.mark.parametrize("mode", MODES)
def test_agents_at_work_at_once_are_reviews_of_their_own(desk: Desk, mode: str) -> None:
    plans = [json.dumps([ARGS | {"number": f"A-{number}"}]) for number in range(len(DECISIONS))]
    thread_id = begin(desk, f"{mode}_agents_fanned_out", {"plans": plans}).id
    waiting = sorted(reviews(desk, thread_id), key=plan_of)
    assert [(review.dialect, plan_of(review)) for review in waiting] == [(mode, plan) for plan in plans]
    came_of: dict[str, str] = {}
    for review, (kind, value, message, text, _) in zip(waiting, DECISIONS, strict=True):
        desk.decide(review.id, kind, ADA, value=value, message=message)
        came_of[plan_of(review)] = exactly(review.request.actions[0].args) if kind == "approve" else text
    desk.finish(thread_id)
    assert dict(found(desk, thread_id)) == came_of


@pytest.mark.parametrize("graph", ["agents_fanned_out", "agents_in_tasks", "agents_in_a_workflow"])
@pytest.mark.parametrize("mode", MODES)
def test_agents_decided_one_by_one_each_get_their_own(desk: Desk, mode: str, graph: str) -> None:
    plans = [json.dumps([ARGS | {"number": f"A-{number}"}]) for number in range(3)]
    thread_id = begin(desk, f"{mode}_{graph}", {"plans": plans}).id
    said: dict[str, str] = {}
    while waiting := reviews(desk, thread_id):
        review = waiting[-1]
        said[plan_of(review)] = f"Said {len(said)}"
        desk.decide(review.id, "respond", ADA, message=said[plan_of(review)])
        desk.finish(thread_id, review.id)
        assert desk.review(review.id).status == ReviewStatus.RESUMED
    assert dict(found(desk, thread_id)) == said
    assert len(said) == 3


def found(desk: Desk, thread_id: str) -> list[tuple[str, str]]:
    """What came of each agent's plan."""
    assert desk.thread(thread_id).status == ThreadStatus.DONE
    return [(plan, text) for plan, text in values(desk, thread_id)["results"]]
