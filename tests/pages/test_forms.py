"""Typed forms on the pages: what the graph gets from them, and what they say when it does not fit."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from review.desk import Desk
from review.model import Review, ReviewStatus
from tests.pages.conftest import PageDesk
from tests.pages.screens import open_page, said, told, unfold
from tests.support import FRAGILE, begin, pending, values

# A schema with a verdict and fields of several kinds, which refuses more than it can say in JSON Schema.
INVOICE = """
from decimal import Decimal
from typing import Literal
from pydantic import BaseModel, Field, field_validator
class Line(BaseModel):
    item: str
    price: float
class Address(BaseModel):
    city: str
class Invoice(BaseModel):
    approved: bool
    reason: str = ""
    reviewer: str = ""
    summary: str = Field(max_length=2000)
    total: Decimal
    copies: int = Field(default=1, ge=1)
    big: int = 0
    note: str | None = None
    lines: list[Line] = []
    address: Address | None = None
    @field_validator("summary")
    @classmethod
    def polite(cls, text):
        if "please" not in text:
            raise ValueError("the summary must say please")
        return text
PAYLOAD = {"title": "Invoice", "summary": "Pay, please", "total": "1.10", "big": 2**60, "note": "",
           "lines": [{"item": "desk", "price": 2, "sku": 7}], "address": {"city": "Ulm", "zip": 89073}}
def ask(state):
    answer = interrupt(PAYLOAD, response_schema=Invoice)
    return {"answer": answer.model_dump(mode="json") | {"fields": sorted(answer.model_fields_set)}}
graph = wire(ask)
"""
RATING = """
from pydantic import BaseModel, Field
class Rating(BaseModel):
    stars: int = Field(ge=1, le=5)
    comment: str = Field(max_length=2000)
    reviewer: str = ""
def ask(state): return {"answer": interrupt({"question": "How was it?"}, response_schema=Rating).model_dump()}
graph = wire(ask)
"""
ACTIONS = """
CALLS = [
    {"name": "pay", "args": {"to": "Ada", "amount": 40.0, "times": 1}},
    {"name": "mail", "args": {"to": "Ada"}},
    {"name": "pay", "args": {"to": "Ben", "amount": 1}},
]
CONFIGS = [
    {"action_name": "pay", "allowed_decisions": ["approve", "edit", "reject"]},
    {"action_name": "mail", "allowed_decisions": ["approve", "reject", "respond"]},
]
def ask(state): return {"answer": interrupt({"action_requests": CALLS, "review_configs": CONFIGS})}
graph = wire(ask)
"""
ONE_ACTION = ACTIONS.replace("CALLS, ", "CALLS[:1], ")
ODD = """
PAYLOAD = {"n": 3, "rate": 1.0, "ok": True, "parts": [1, 2], "none": None}
def ask(state): return {"answer": interrupt(PAYLOAD)}
graph = wire(ask)
"""


def review_of(desk: Desk, graph: str) -> Review:
    return pending(desk, begin(desk, graph).id)


def opened(review: Review, kind: str | None = None) -> AppTest:
    at = open_page("review", review=review.id)
    return at.segmented_control(f"choice_{review.id}").set_value(kind).run() if kind else at


def submit(at: AppTest, review: Review) -> AppTest:
    at.button(f"submit_{review.id}").click().run()
    assert not at.exception, at.exception
    return at


def answer(desk: Desk, review: Review) -> Any:
    """What the graph has got."""
    desk.finish(review.thread_id, review.id)
    return values(desk, review.thread_id)["answer"]


def keys(at: AppTest) -> list[str]:
    boxes = (*at.text_input, *at.text_area, *at.number_input, *at.toggle, *at.selectbox)
    return [str(box.key) for box in boxes]


def test_the_form_of_an_edit_has_the_other_fields_filled_from_the_payload(page_desk: PageDesk) -> None:
    review = review_of(page_desk(invoice=INVOICE), "invoice")
    at = opened(review, "edit")
    key = f"form_{review.id}"
    assert at.text_area(f"{key}_summary").value == "Pay, please"
    assert at.text_input(f"{key}_total").value == "1.10"
    assert at.text_input(f"{key}_big").value == str(2**60)
    assert at.number_input(f"{key}_copies").value == 1
    assert at.text_input(f"{key}_address/city").value == "Ulm"
    assert not [box for box in keys(at) if box.endswith(("approved", "reason", "reviewer"))]


def test_an_edit_changes_what_was_changed_and_nothing_else(page_desk: PageDesk) -> None:
    desk = page_desk(invoice=INVOICE)
    review = review_of(desk, "invoice")
    at = opened(review, "edit")
    at.number_input(f"form_{review.id}_copies").set_value(3)
    submit(at, review)
    made = desk.review(review.id).decision
    assert made is not None
    assert made.resume_value == {
        "approved": True,
        "reason": "",
        "reviewer": "ada",
        "copies": 3,
        "note": "",
        "big": 2**60,
        "summary": "Pay, please",
        "total": "1.10",
        "lines": [{"item": "desk", "price": 2, "sku": 7}],
        "address": {"city": "Ulm", "zip": 89073},
    }
    assert type(made.resume_value["lines"][0]["price"]) is int
    assert answer(desk, review)["copies"] == 3


def test_what_does_not_fit_is_told_beside_its_field_and_nothing_is_recorded(page_desk: PageDesk) -> None:
    desk = page_desk(invoice=INVOICE)
    review = review_of(desk, "invoice")
    at = opened(review, "edit")
    at.text_input(f"form_{review.id}_big").set_value("a lot")
    at.text_area(f"form_{review.id}_summary").set_value("Mine, please")
    submit(at, review)
    assert "big: must be a whole number, not 'a lot'." in told(at)
    assert "must be a whole number, not 'a lot'." in said(at)
    assert at.text_input(f"form_{review.id}_big").value == "a lot"
    assert at.text_area(f"form_{review.id}_summary").value == "Mine, please"
    assert desk.review(review.id).status == ReviewStatus.PENDING


def test_a_number_out_of_bounds_is_kept_and_told(page_desk: PageDesk) -> None:
    """By the desk: a browser that found it wrong would keep it to itself, and the number before would be sent."""
    desk = page_desk(invoice=INVOICE)
    review = review_of(desk, "invoice")
    at = opened(review, "edit")
    at.number_input(f"form_{review.id}_copies").set_value(0)
    submit(at, review)
    assert "copies: must be at least 1." in told(at)
    assert at.number_input(f"form_{review.id}_copies").value == 0


def test_an_answer_that_the_graph_refuses_reopens_with_its_text_for_another_session_too(page_desk: PageDesk) -> None:
    desk = page_desk(invoice=INVOICE)
    review = review_of(desk, "invoice")
    at = opened(review, "edit")
    at.text_area(f"form_{review.id}_summary").set_value("Pay now")
    submit(at, review)
    desk.finish(review.thread_id, review.id)
    assert desk.review(review.id).status == ReviewStatus.PENDING
    for again in (at.run(), open_page("review", review=review.id)):
        assert "the summary must say please" in said(again)
        assert again.segmented_control(f"choice_{review.id}").value == "edit"
        assert again.text_area(f"form_{review.id}_summary").value == "Pay now"
    again.text_area(f"form_{review.id}_summary").set_value("Pay now, please")
    submit(again, review)
    assert answer(desk, review)["summary"] == "Pay now, please"


def test_a_refused_rejection_keeps_its_reason(page_desk: PageDesk) -> None:
    desk = page_desk(invoice=INVOICE.replace('"Pay, please"', '"Pay"'))
    review = review_of(desk, "invoice")
    at = opened(review, "reject")
    at.text_area(f"message_reject_{review.id}").set_value("Too dear")
    submit(at, review)
    desk.finish(review.thread_id, review.id)
    again = open_page("review", review=review.id)
    assert again.segmented_control(f"choice_{review.id}").value == "reject"
    assert again.text_area(f"message_reject_{review.id}").value == "Too dear"


def test_a_schema_without_a_verdict_is_answered_whole_and_signed(page_desk: PageDesk) -> None:
    desk = page_desk(rating=RATING)
    review = review_of(desk, "rating")
    at = opened(review)
    assert at.button(f"submit_{review.id}").label == "Send the answer"
    submit(at, review)
    assert "must be given." in told(at)
    at.number_input(f"form_{review.id}_stars").set_value(4)
    at.text_area(f"form_{review.id}_comment").set_value("Good")
    submit(at, review)
    assert answer(desk, review) == {"stars": 4, "comment": "Good", "reviewer": "ada"}


def test_what_no_schema_describes_is_edited_with_its_own_types(page_desk: PageDesk) -> None:
    desk = page_desk(odd=ODD)
    review = review_of(desk, "odd")
    at = opened(review, "edit")
    at.number_input(f"form_{review.id}_n").set_value(4)
    at.text_area(f"form_{review.id}_parts").set_value("1\n2\n3")
    submit(at, review)
    given = answer(desk, review)
    assert repr(given) == repr({"n": 4, "rate": 1.0, "ok": True, "parts": [1, 2, 3], "none": None})


def test_the_json_of_a_form_begins_with_what_its_fields_hold(page_desk: PageDesk) -> None:
    desk = page_desk(odd=ODD)
    review = review_of(desk, "odd")
    at = opened(review, "edit")
    at.number_input(f"form_{review.id}_n").set_value(4).run()
    at.toggle(f"as_json_{review.id}").set_value(True).run()
    assert '"n": 4' in str(at.text_area(f"draft_{review.id}").value)
    at.text_area(f"draft_{review.id}").set_value('"nothing"')
    submit(at, review)
    assert answer(desk, review) == "nothing"


def test_a_free_question_is_answered_by_a_text(page_desk: PageDesk) -> None:
    desk = page_desk(ask='def ask(state): return {"answer": interrupt("Which colour?")}\ngraph = wire(ask)')
    review = review_of(desk, "ask")
    at = opened(review, "respond")
    at.text_area(f"message_respond_{review.id}").set_value("Red")
    submit(at, review)
    assert answer(desk, review) == "Red"


def test_one_action_is_edited_by_its_arguments(page_desk: PageDesk) -> None:
    desk = page_desk(actions=ONE_ACTION)
    review = review_of(desk, "actions")
    at = opened(review, "edit")
    at.number_input(f"form_{review.id}_amount").set_value(41.5)
    submit(at, review)
    (given,) = answer(desk, review)["decisions"]
    assert given == {
        "type": "edit",
        "edited_action": {"name": "pay", "args": {"to": "Ada", "amount": 41.5, "times": 1}},
    }


def test_each_of_several_actions_has_its_own_decision(page_desk: PageDesk) -> None:
    desk = page_desk(actions=ACTIONS)
    review = review_of(desk, "actions")
    at = opened(review)
    at.segmented_control(f"choice_{review.id}_0").set_value("edit").run()
    submit(at, review)
    assert "2. mail is still open" in told(at)
    at.segmented_control(f"choice_{review.id}_1").set_value("respond").run()
    at.segmented_control(f"choice_{review.id}_2").set_value("reject").run()
    at.number_input(f"form_{review.id}_0_times").set_value(2)
    at.text_area(f"message_respond_{review.id}_1").set_value("Sent by hand")
    at.text_area(f"message_reject_{review.id}_2").set_value("Not Ben")
    submit(at, review)
    assert answer(desk, review)["decisions"] == [
        {"type": "edit", "edited_action": {"name": "pay", "args": {"to": "Ada", "amount": 40.0, "times": 2}}},
        {"type": "respond", "message": "Sent by hand"},
        {"type": "reject", "message": "Not Ben"},
    ]


@pytest.mark.parametrize(
    ("kind", "given"), [("approve", {"type": "approve"}), ("reject", {"type": "reject", "message": "No"})]
)
def test_several_actions_are_decided_alike_by_one_click(page_desk: PageDesk, kind: str, given: dict[str, str]) -> None:
    desk = page_desk(actions=ACTIONS)
    review = review_of(desk, "actions")
    at = opened(review)
    at.text_area(f"message_all_{review.id}").set_value("No").run()
    at.button(f"all_{kind}_{review.id}").click().run()
    assert answer(desk, review)["decisions"] == [given] * 3


def test_a_failed_node_is_closed_from_its_review(page_desk: PageDesk, tmp_path: Any) -> None:
    desk = page_desk(fragile=FRAGILE)
    (tmp_path / "graphs" / "broken").touch()
    review = review_of(desk, "fragile")
    at = unfold(opened(review), f"ways_to_close_{review.id}")
    at.button(f"close_{review.id}").click().run()
    assert desk.thread(review.thread_id).status == "closed"
    assert desk.review(review.id).status == ReviewStatus.SUPERSEDED
