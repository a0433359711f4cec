"""What a fresh desk shows."""

from __future__ import annotations

from review.examples import add_examples
from review.model import ReviewKind, ReviewStatus
from tests.conftest import MakeDesk
from tests.support import ROOT

GREEDY = """
from pydantic import BaseModel, ConfigDict
class Given(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"topic": "a"}, {"topic": "b"}]SEED})
    topic: str
builder = StateGraph(State, input_schema=Given)
builder.add_node("ask", lambda state: {"answer": interrupt(state["topic"])})
builder.add_edge(START, "ask")
graph = builder.compile()
"""


def test_a_fresh_desk_shows_a_few_reviews_of_different_kinds(make_desk: MakeDesk) -> None:
    desk = make_desk(ROOT / "langgraph.json")
    add_examples(desk)
    shown = desk.ledger.reviews.page(status=[ReviewStatus.PENDING])
    assert len(shown) == 8
    assert {(review.kind, review.dialect, review.request.allowed_decisions) for review in shown} >= {
        (ReviewKind.BREAKPOINT, "breakpoint", ("continue",)),
        (ReviewKind.INTERRUPT, "batched", ("approve", "reject")),
        (ReviewKind.INTERRUPT, "specification", ("approve", "reject")),
        (ReviewKind.INTERRUPT, "response_schema", ("respond",)),
    }
    assert len({review.graph for review in shown}) == 5
    assert all(review.example for review in shown)


def test_examples_are_added_once_in_a_ledgers_life(make_desk: MakeDesk) -> None:
    desk = make_desk({"greedy": GREEDY.replace("SEED", ', "x-review-seed": 1')})
    add_examples(desk)
    add_examples(desk)
    assert [review.title for review in desk.ledger.reviews.page()] == ["a"]


def test_a_graph_that_does_not_ask_for_it_is_not_started(make_desk: MakeDesk) -> None:
    desk = make_desk({"greedy": GREEDY.replace("SEED", "")})
    add_examples(desk)
    assert desk.ledger.reviews.page() == []
