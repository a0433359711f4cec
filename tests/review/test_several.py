"""Several questions of one thread: at once, in one resume map; or of one node, one after the other."""

from __future__ import annotations

from typing import Any

import pytest

from review.desk import Desk
from review.engine.base import Begin, Resume
from review.model import DecisionType, ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk
from tests.support import ADA, SIBLINGS, begin, pending, reviews, values

MANY = 100
FAN = """
class Each(TypedDict):
    number: int
def one(state): return {"log": [(state["number"], interrupt({"number": state["number"]}))]}
builder = StateGraph(State)
builder.add_node("one", one, input_schema=Each)
builder.add_conditional_edges(START, lambda state: [Send("one", {"number": n}) for n in range(100)], ["one"])
graph = builder.compile()
"""
ONE_BY_ONE = """
def ask(state):
    first = interrupt("First?")
    second = interrupt({"draft": f"After {first}"})
    return {"log": [first, second, interrupt("Third?")]}
"""
SLOWLY = ONE_BY_ONE.replace("def ask", "async def ask")
INSIDE = "inner = wire(ask)\nbuilder = StateGraph(State)\nbuilder.add_node('inner', inner)\n"
INSIDE += "builder.add_edge(START, 'inner')\ngraph = builder.compile()\n"
WORKFLOW = ONE_BY_ONE + "from langgraph.func import entrypoint\n@entrypoint()\ndef graph(given): return ask(given)\n"


def runs_of(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[Begin | Resume]:
    """What the engine is told to run from now on; it runs all the same."""
    told: list[Begin | Resume] = []
    run = desk.engine.run

    def noting(ref: Any, command: Begin | Resume, *more: Any) -> Any:
        told.append(command)
        return run(ref, command, *more)

    monkeypatch.setattr(desk.engine, "run", noting)
    return told


def test_a_hundred_decided_in_bulk_are_one_run_with_one_map(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk({"fan": FAN})
    thread = begin(desk, "fan", {})
    waiting = reviews(desk, thread.id)
    assert len({review.interrupt_id for review in waiting}) == MANY
    told = runs_of(desk, monkeypatch)
    for review in reversed(waiting):
        desk.decide(review.id, "edit", ADA, value=f"for {review.payload['number']}")
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    assert told == [Resume({str(review.interrupt_id): f"for {review.payload['number']}" for review in waiting})]
    assert sorted(values(desk, thread.id)["log"]) == [[n, f"for {n}"] for n in range(MANY)]
    assert {review.status for review in reviews(desk, thread.id, *ReviewStatus)} == {ReviewStatus.RESUMED}


@pytest.mark.parametrize(
    "source",
    [ONE_BY_ONE + "graph = wire(ask)", SLOWLY + "graph = wire(ask)", ONE_BY_ONE + INSIDE, SLOWLY + INSIDE, WORKFLOW],
    ids=["alone", "async", "in a subgraph", "async in a subgraph", "in a workflow"],
)
def test_questions_of_one_node_come_one_after_the_other(make_desk: MakeDesk, source: str) -> None:
    desk = make_desk({"asks": source})
    thread = begin(desk, "asks", {})
    said = []
    for title, dialect, kind, value in (
        ("First?", "other", "respond", "one"),
        ("ask asks", "specification", "approve", None),
        ("Third?", "other", "answer", None),
    ):
        review = pending(desk, thread.id)
        assert review.dialect == dialect
        assert title in (review.title, "ask asks")
        said.append(desk.decide(review.id, kind, ADA, value=value))
        desk.finish(thread.id, review.id)
        assert desk.review(review.id).status == ReviewStatus.RESUMED
    assert len({review.id for review in said}) == len({review.interrupt_id for review in said}) == 3
    assert said[1].payload == {"draft": "After one"}
    content = {"approved": True, "edited": False, "content": "After one", "reviewer": "ada"}
    assert values(desk, thread.id)["log"] == ["one", content, None]
    assert desk.thread(thread.id).status == ThreadStatus.DONE


@pytest.mark.parametrize("together", [True, False])
def test_null_reaches_the_sibling_that_it_was_said_to(make_desk: MakeDesk, together: bool) -> None:
    desk = make_desk({"siblings": SIBLINGS})
    thread = begin(desk, "siblings")
    left, right = sorted(reviews(desk, thread.id), key=lambda review: review.node)
    assert desk.decide(left.id, "answer", ADA, value=None).decision.type == DecisionType.RESPOND  # type: ignore[union-attr]
    if not together:
        assert desk.finish(thread.id, left.id).status == ThreadStatus.INTERRUPTED
        assert desk.review(left.id).status == ReviewStatus.RESUMED
    desk.decide(right.id, "answer", ADA, value=0)
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    assert [tuple(each) for each in values(desk, thread.id)["log"][:2]] == [("left", None), ("right", 0)]
