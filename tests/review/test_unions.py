"""Response schemas that are unions of objects: the verdict tells the object, and each has fields of its own."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import BaseModel, TypeAdapter

from review.dialects import form_of
from review.errors import DecisionNotAllowed, InvalidAnswer
from review.model import DecisionType
from tests.graphs_for_tests.unions import Paid, Ruled
from tests.review.test_dialects import answer_to, review_of

YES = {
    "type": "object",
    "properties": {"say": {"const": "Yes"}, "text": {"type": "string"}},
    "required": ["say", "text"],
}
NO = {"type": "object", "properties": {"say": {"enum": ["No"]}, "why": {"type": "string"}}, "required": ["say"]}
ASKED = {"title": "Publish?", "text": "Bread", "amount": 3}


class Text(BaseModel):
    kind: Literal["text"]
    verdict: Literal["approve", "reject"]
    text: str


class Picture(BaseModel):
    kind: Literal["picture"]
    verdict: Literal["approve", "reject"]
    width: int


def test_each_decision_asks_for_its_own_objects_fields() -> None:
    review = review_of(ASKED, Ruled)
    edit = form_of(review, DecisionType.EDIT)
    assert edit is not None
    assert list(edit.schema["properties"]) == ["text", "amount"]
    assert edit.schema["properties"]["amount"]["minimum"] == 1
    assert edit.start == {"text": "Bread", "amount": 3}
    for kind in (DecisionType.APPROVE, DecisionType.RESPOND, DecisionType.REJECT):
        assert form_of(review, kind) is None


def test_what_an_approval_needs_and_nothing_gives_is_asked_for() -> None:
    form = form_of(review_of({"title": "Publish?"}, Ruled), DecisionType.APPROVE)
    assert form is not None
    assert list(form.schema["properties"]) == form.schema["required"] == ["text"]


def test_a_complaint_is_about_the_decisions_own_object() -> None:
    review = review_of(ASKED, Ruled)
    with pytest.raises(InvalidAnswer, match="amount: must be at least 1") as refused:
        answer_to(review, "edit", {"amount": 0})
    assert list(refused.value.details["errors"]) == ["amount"]
    with pytest.raises(InvalidAnswer, match="reason: must be given"):
        answer_to(review, "reject")


@pytest.mark.parametrize("union", ["oneOf", "anyOf"])
def test_constants_in_one_common_field_tell_the_objects_apart(union: str) -> None:
    review = review_of({"title": "Publish?", "text": "Bread"}, {union: [NO, YES]})
    assert review.request.allowed_decisions == ("approve", "edit", "reject")
    assert answer_to(review, "approve") == {"say": "Yes", "text": "Bread"}
    assert answer_to(review, "edit", "Cake") == {"say": "Yes", "text": "Cake"}
    assert answer_to(review, "reject", {"why": "Stale"}) == {"say": "No", "why": "Stale"}
    with pytest.raises(DecisionNotAllowed):
        answer_to(review, "respond", None, "Hm")


@pytest.mark.parametrize(
    "schema",
    [
        TypeAdapter(Paid).json_schema(),
        TypeAdapter(Text | Picture).json_schema(),
        {"oneOf": [YES, {"type": "null"}]},
        {"oneOf": [YES, {"type": "object", "properties": {"say": {"const": "Perhaps"}}}]},
        {**TypeAdapter(Paid).json_schema(), "oneOf": [YES, NO]},
    ],
    ids=["another discriminator", "a verdict in each", "no object", "no rejection", "a verdict beside it"],
)
def test_a_union_that_no_verdict_tells_apart_takes_the_whole_answer(schema: dict[str, Any]) -> None:
    review = review_of(ASKED, schema)
    assert review.request.allowed_decisions == ("respond",)
    form = form_of(review, DecisionType.RESPOND)
    assert form is not None
    assert form.schema == schema


def test_a_whole_answer_names_who_decides_in_its_own_object_alone() -> None:
    review = review_of("Paid?", TypeAdapter(Paid).json_schema())
    card = {"kind": "card", "number": "1"}
    assert answer_to(review, "respond", card) == card | {"reviewer": "ada"}
    assert answer_to(review, "respond", card | {"reviewer": "the boss"}) == card | {"reviewer": "ada"}
    cash = {"kind": "cash", "amount": 2.0}
    assert answer_to(review, "respond", cash) == cash


def test_a_schema_by_reference_is_the_object_that_it_names() -> None:
    review = review_of(
        {"title": "Publish?", "text": "Bread"},
        {"$defs": {"Yes": YES, "Both": {"oneOf": [YES, NO]}}, "$ref": "#/$defs/Both"},
    )
    assert answer_to(review, "approve") == {"say": "Yes", "text": "Bread"}
