"""What people and graphs get wrong: a sentence, nothing half-done, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest

from review.desk import Desk
from review.errors import BadInput, GraphNotFound, InvalidAnswer, ReviewError, StorageFailed
from review.ledger import Ledger
from review.model import ReviewKind, ThreadStatus
from tests.conftest import MakeDesk
from tests.support import ADA, actions, begin, pending, values

SCRIPT = "<script>alert('x')</script><img src=x onerror=alert(1)>"
UNSAVED = """
def ask(state): return {"answer": interrupt({"draft": state["topic"], "lock": threading.Lock()})}
def write(state): return {"log": ["write"]}
graph = wire(write, ask)
"""
UNSAVED_STATE = """
def write(state): return {"log": ["write"]}
def keep(state): return {"answer": lambda: None}
def ask(state): return {"log": [interrupt("go on?")]}
graph = wire(write, keep, ask)
"""
TYPED_INPUT = """
from pydantic import BaseModel, Field
class Brief(BaseModel):
    topic: str = Field(min_length=1)
    length: int = 100
def node(state): return {"log": ["node"]}
builder = StateGraph(State, input_schema=Brief)
builder.add_node("node", node)
builder.add_edge(START, "node")
graph = builder.compile()
"""


def test_a_script_in_a_payload_is_kept_as_it_is(desk: Desk) -> None:
    review = pending(desk, begin(desk, given={"topic": SCRIPT}).id)
    assert review.payload["draft"] == review.request.subject == f"About {SCRIPT}"
    desk.decide(review.id, "edit", ADA, value=SCRIPT, message=SCRIPT)
    desk.finish(review.thread_id)
    assert values(desk, review.thread_id)["answer"]["content"] == SCRIPT
    assert desk.ledger.audit.entries(actor="ada", limit=1)[0].detail["message"] == SCRIPT


def test_two_megabytes_come_back_as_they_went(desk: Desk) -> None:
    long = "Ünï🎉 \n" * 350_000
    review = pending(desk, begin(desk, given={"topic": long}).id)
    assert review.payload["draft"] == f"About {long}"
    desk.decide(review.id, "edit", ADA, value=long[::-1])
    assert desk.finish(review.thread_id).status == ThreadStatus.DONE
    assert values(desk, review.thread_id)["answer"]["content"] == long[::-1]


@pytest.mark.parametrize("source", [UNSAVED, UNSAVED_STATE], ids=["a lock in a payload", "a function in the state"])
def test_what_cannot_be_saved_is_a_failed_thread_that_names_it(make_desk: MakeDesk, source: str) -> None:
    desk = make_desk({"unsaved": source})
    thread = begin(desk, "unsaved")
    assert (thread.status, thread.lease_owner) == (ThreadStatus.FAILED, None)
    assert "cannot be saved" in str(thread.error)
    assert any(kind in str(thread.error) for kind in ("question", "function"))
    review = pending(desk, thread.id)
    assert review.kind == ReviewKind.FAILED
    assert values(desk, thread.id)["log"] == ["write"]
    desk.decide(review.id, "retry", ADA)
    assert desk.finish(thread.id).status == ThreadStatus.FAILED
    desk.close_thread(thread.id, ADA)


def test_an_input_that_does_not_fit_is_refused_before_anything_is_recorded(make_desk: MakeDesk) -> None:
    desk = make_desk({"typed": TYPED_INPUT})
    for given, told in (
        ({}, "topic: must be given"),
        ({"topic": ""}, "topic: must not be empty"),
        ({"topic": "bread", "length": "long"}, "length: must be a whole number"),
        ("bread", "must be an object"),
        (None, "must be an object"),
    ):
        with pytest.raises(BadInput, match=told) as refused:
            desk.start("typed", given, ADA)
        assert refused.value.details["errors"]
    with pytest.raises(GraphNotFound, match=r"There is no graph 'nobody'\. The registered graphs are: typed"):
        desk.start("nobody", {}, ADA)
    assert desk.ledger.threads.page() == []
    assert desk.ledger.audit.entries() == []


@pytest.mark.parametrize("number", [2**64, [1, {"deep": -(2**63) - 1}], (2**100,)])
def test_an_input_beyond_64_bits_is_refused_before_anything_is_recorded(desk: Desk, number: Any) -> None:
    with pytest.raises(BadInput, match="a whole number beyond 64 bits"):
        desk.start("ask", {"answer": number}, ADA)
    assert desk.ledger.threads.page() == []
    assert desk.ledger.audit.entries() == []


def test_the_largest_numbers_that_a_checkpoint_keeps_are_taken(desk: Desk) -> None:
    for number in (2**64 - 1, -(2**63)):
        thread = begin(desk, given={"answer": number})
        assert thread.status == ThreadStatus.INTERRUPTED
        desk.edit_state(thread.id, {"answer": number}, ADA)
        desk.finish(thread.id)
        assert values(desk, thread.id)["answer"] == number


def test_an_edited_state_beyond_64_bits_is_refused_and_nothing_changes(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    before = actions(desk, review.thread_id)
    with pytest.raises(BadInput, match="a whole number beyond 64 bits"):
        desk.edit_state(review.thread_id, {"answer": {"number": 2**64}}, ADA)
    assert desk.review(review.id) == review
    assert desk.thread(review.thread_id).status == ThreadStatus.INTERRUPTED
    assert actions(desk, review.thread_id) == before


def test_a_value_that_is_no_json_is_refused(desk: Desk) -> None:
    review = pending(desk, begin(desk).id)
    for value in (object(), {"when": {1, 2}}, float("nan"), b"bytes"):
        with pytest.raises(InvalidAnswer, match="plain JSON"):
            desk.decide(review.id, "edit", ADA, value=value)
    assert desk.review(review.id) == review
    assert "review.edited" not in actions(desk, review.thread_id)


def test_odd_characters_are_written_out(desk: Desk) -> None:
    half = "half \ud83d zero \0"
    thread = begin(desk, given={"topic": half}, thread_id=f"thread {half}")
    review = pending(desk, thread.id)
    desk.decide(review.id, "reject", ADA, message=half)
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    with pytest.raises(ReviewError, match="There is no review"):
        desk.review(half)


@pytest.mark.parametrize("url", ["nonsense", "mystery://host/name", "sqlite:/one-slash"])
def test_an_address_that_is_none_is_bad_input(url: str) -> None:
    with pytest.raises((BadInput, StorageFailed), match=r"ledger's address|cannot be opened"):
        Ledger(url)
