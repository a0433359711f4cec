"""Typed answers, the specification's dicts and anything else: how each is read, and what the graph gets."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from review.answers import draft_of
from review.contract import Answer, Request
from review.dialects import DIALECTS, dialect_named, read_pause
from review.engine.base import Pause
from review.errors import DecisionNotAllowed, InvalidAnswer
from review.model import DecisionType, Review, ReviewKind, now
from review.versions import version_of
from tests.support import review_factory


class Verdict(BaseModel):
    verdict: Literal["approve", "request_changes", "reject"]
    text: str = ""
    amount: int = Field(default=1, ge=1)
    reason: str = ""


class Free(BaseModel):
    city: str
    nights: int


def review_of(payload: Any, schema: type[BaseModel] | dict[str, Any] | None = None) -> Review:
    """The review that a pause with this payload becomes."""
    json_schema = schema.model_json_schema() if isinstance(schema, type) else schema
    pause = Pause(ReviewKind.INTERRUPT, "ask", "ask", "c1", payload, "t1", "1" * 32, json_schema)
    dialect, plain_payload, request = read_pause(pause)
    return review_factory(dialect=dialect.name, payload=plain_payload, request=request)


def answer_to(review: Review, type_: str, value: Any = None, message: str = "") -> Any:
    return draft_of(review, type_, value, message, "ada").resume_value


def test_names_are_unique_and_found_again() -> None:
    names = [dialect.name for dialect in DIALECTS]
    assert len(set(names)) == len(names)
    assert [dialect_named(name).name for name in names] == names
    assert dialect_named("of another version").name == "other"


# The specification's dicts.


def test_a_draft_is_read_in_the_specifications_words() -> None:
    review = review_of({"draft": "# Bread", "prompt": "Please review", "risk": "low"})
    asked = review.request
    assert review.dialect == "specification"
    assert (asked.title, asked.description, asked.subject) == ("Please review", "Please review", "# Bread")
    assert (asked.subject_format, dict(asked.details)) == ("markdown", {"risk": "low"})
    assert asked.allowed_decisions == ("approve", "edit", "reject")


@pytest.mark.parametrize(
    ("type_", "value", "message", "gets"),
    [
        ("approve", None, "", {"approved": True, "edited": False, "content": "Bread", "reviewer": "ada"}),
        (
            *("approve", None, "Fine"),
            {"approved": True, "edited": False, "content": "Bread", "notes": "Fine", "reviewer": "ada"},
        ),
        ("edit", "Cake", "", {"approved": True, "edited": True, "content": "Cake", "reviewer": "ada"}),
        ("reject", None, "Stale", {"approved": False, "reason": "Stale", "reviewer": "ada"}),
    ],
)
def test_a_draft_is_answered_in_the_specifications_words(type_: str, value: Any, message: str, gets: Any) -> None:
    assert answer_to(review_of({"draft": "Bread"}), type_, value, message) == gets


def test_a_draft_keeps_the_type_it_had() -> None:
    draft = {"lines": [1, 2.5, None, True]}
    assert answer_to(review_of({"draft": draft}), "approve")["content"] == draft


def test_an_action_offers_no_edit() -> None:
    for payload in ({"action_plan": ["a", "b"], "prompt": "Run it?"}, {"action": "delete", "message": "Sure?"}):
        review = review_of(payload)
        assert review.request.allowed_decisions == ("approve", "reject")
        assert "content" not in answer_to(review, "approve")
        with pytest.raises(DecisionNotAllowed):
            answer_to(review, "edit", "other")


def test_an_edit_needs_its_text() -> None:
    with pytest.raises(InvalidAnswer, match="needs the edited draft"):
        answer_to(review_of({"draft": "Bread"}), "edit")


@pytest.mark.parametrize(
    ("value", "means"),
    [
        ({"approved": True}, DecisionType.APPROVE),
        ({"approved": True, "edited": True, "content": "Cake"}, DecisionType.EDIT),
        ({"approved": False, "reason": "No"}, DecisionType.REJECT),
    ],
)
def test_a_verbatim_answer_is_recorded_as_what_it_means(value: Any, means: DecisionType) -> None:
    draft = draft_of(review_of({"draft": "Bread"}), "answer", value, "", "ada")
    assert (draft.type, draft.value, draft.resume_value) == (means, value, value)


@pytest.mark.parametrize("value", [None, True, "yes", {}, {"approved": "yes"}])
def test_a_verbatim_answer_that_means_nothing_is_refused(value: Any) -> None:
    with pytest.raises(InvalidAnswer, match="`approved` true or false"):
        draft_of(review_of({"draft": "Bread"}), "answer", value, "", "ada")


# Response schemas.


def test_a_schemas_verdict_tells_what_can_be_decided() -> None:
    review = review_of({"title": "Publish?", "text": "Bread", "amount": 3}, Verdict)
    assert review.dialect == "response_schema"
    assert review.request.allowed_decisions == ("approve", "edit", "respond", "reject")
    assert review.request.response_schema == Verdict.model_json_schema()
    assert answer_to(review, "approve") == {"verdict": "approve", "text": "Bread", "amount": 3, "reason": ""}
    assert answer_to(review, "respond", None, "Shorter")["verdict"] == "request_changes"
    assert answer_to(review, "reject", None, "No")["reason"] == "No"
    edited = answer_to(review, "edit", {"text": "Cake", "amount": 7})
    assert Verdict.model_validate(edited) == Verdict(verdict="approve", text="Cake", amount=7)


def test_the_verdict_is_the_decisions_and_never_the_forms() -> None:
    review = review_of({"title": "Publish?", "text": "Bread"}, Verdict)
    assert answer_to(review, "edit", {"verdict": "reject", "text": "Cake"})["verdict"] == "approve"


def test_an_answer_that_does_not_fit_names_its_fields() -> None:
    review = review_of({"title": "Publish?", "text": "Bread"}, Verdict)
    with pytest.raises(InvalidAnswer, match="amount: must be at least 1") as refused:
        answer_to(review, "edit", {"amount": 0})
    assert list(refused.value.details["errors"]) == ["amount"]
    with pytest.raises(InvalidAnswer, match="amount: must be a whole number"):
        answer_to(review, "edit", {"amount": "many"})


def test_a_schema_without_a_verdict_takes_its_value() -> None:
    review = review_of("Where to?", Free)
    assert (review.title, review.request.allowed_decisions) == ("Where to?", ("respond",))
    assert answer_to(review, "respond", {"city": "Oslo", "nights": 2}) == {"city": "Oslo", "nights": 2}
    with pytest.raises(InvalidAnswer, match="must be given"):
        answer_to(review, "respond", {"city": "Oslo"})
    with pytest.raises(InvalidAnswer):
        answer_to(review, "respond", None, "Oslo, two nights")


def test_our_own_question_is_a_typed_one() -> None:
    payload = Request("Publish?", description="Look", subject="Bread", details={"Words": 1}).as_payload()
    review = review_of(payload, Answer)
    asked = review.request
    assert (asked.title, asked.description, asked.subject) == ("Publish?", "Look", "Bread")
    assert (asked.subject_format, asked.message_required) == ("markdown", ("respond", "reject"))
    assert dict(asked.details) == {"Words": 1}
    approved = {"decision": "approve", "content": "Bread", "message": "", "reviewer": "ada"}
    assert answer_to(review, "approve") == approved
    assert answer_to(review, "edit", "Cake")["content"] == "Cake"
    # Nobody answers in another's name.
    assert answer_to(review, "edit", {"content": "Cake", "reviewer": "the boss"})["reviewer"] == "ada"


def test_fewer_decisions_may_be_offered_than_the_schema_can_say() -> None:
    payload = Request("Sure?", allowed_decisions=("approve", "reject")).as_payload()
    review = review_of(payload, Answer)
    assert review.request.allowed_decisions == ("approve", "reject")
    with pytest.raises(DecisionNotAllowed):
        answer_to(review, "edit", "Cake")


# Anything else.


@pytest.mark.parametrize("payload", ["Go on?", 7, ["a", {"b": 1}], None, True, {"some": "thing"}, "", []])
def test_anything_else_is_shown_and_answered(payload: Any) -> None:
    review = review_of(payload)
    assert review.dialect == "other"
    assert review.title
    assert review.request.subject == payload
    assert answer_to(review, "approve") is True
    assert answer_to(review, "reject") is False
    assert answer_to(review, "respond", None, "words") == "words"
    assert answer_to(review, "edit", {"a": [1]}) == {"a": [1]}
    assert draft_of(review, "answer", [1, "two"], "", "ada").type == DecisionType.RESPOND


def test_a_long_title_is_cut_and_a_heading_freed_of_its_marks() -> None:
    assert review_of("# Heading\nmore").title == "Heading"
    assert len(review_of("word " * 100).title) <= 120


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": 1},
        {"type": "nonsense"},
        {"required": [1.5]},
        {"anyOf": None},
        {"$ref": 7},
        {"properties": {"decision": {"enum": 0}}},
    ],
)
def test_a_schema_that_is_none_is_told_and_any_value_taken(schema: dict[str, Any]) -> None:
    review = review_of({"draft": "Bread"}, schema)
    assert review.dialect == "specification"
    assert review.request.problems[0].startswith("The response schema of ask cannot be used, so any value is taken: ")
    assert answer_to(review, "approve")["content"] == "Bread"


def test_a_schema_that_leads_nowhere_is_a_sentence() -> None:
    review = review_of("Where to?", {"type": "object", "$ref": "#/$defs/nowhere"})
    with pytest.raises(InvalidAnswer, match="the schema itself cannot be used"):
        answer_to(review, "respond", {"city": "Oslo"})


@pytest.mark.parametrize(
    "schema",
    [
        {"$defs": {"A": {"$ref": "#/$defs/A"}}, "$ref": "#/$defs/A"},
        {"$defs": {"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}}, "properties": {"a": {"$ref": "#/$defs/A"}}},
    ],
)
def test_a_schema_that_leads_in_a_circle_is_a_sentence(schema: dict[str, Any]) -> None:
    review = review_of("Where to?", schema)
    assert review.request.allowed_decisions == ("respond",)
    with pytest.raises(InvalidAnswer, match="the schema itself cannot be used"):
        answer_to(review, "respond", {"a": 1})


def test_a_property_that_allows_anything_is_a_field_like_others() -> None:
    review = review_of({"title": "Sure?"}, {"properties": {"approved": {"type": "boolean"}, "extra": True}})
    assert answer_to(review, "edit", {"extra": [1]}) == {"approved": True, "extra": [1]}


# Deadlines and versions.


@pytest.mark.parametrize("key", ["due_at", "timeout_at"])
def test_a_deadline_is_an_aware_time(key: str) -> None:
    assert review_of({"draft": "Bread", key: "2026-01-02T03:04:05"}).request.due_at == "2026-01-02T03:04:05+00:00"
    assert review_of({"draft": "Bread", key: "2026-01-02T03:04:05+02:00"}).request.due_at == "2026-01-02T01:04:05+00:00"
    assert review_of({"draft": "Bread", key: "0001-01-01T00:00:00+14:00"}).request.due_at is None
    wrong = review_of({"draft": "Bread", key: "tomorrow"}).request
    assert wrong.due_at is None
    assert "tomorrow is not an ISO 8601 time" in wrong.problems[0]


def test_a_timeout_in_seconds_counts_from_now() -> None:
    due = review_of({"draft": "Bread", "timeout_seconds": 3600}).request.due_at
    assert due is not None
    left = datetime.fromisoformat(due) - now()
    assert timedelta(minutes=59) < left <= timedelta(hours=1)


@pytest.mark.parametrize("seconds", [float("inf"), 1e300, -5, True, "soon"])
def test_an_absurd_timeout_breaks_nothing(seconds: Any) -> None:
    request = review_of({"draft": "Bread", "timeout_seconds": seconds}).request
    assert request.due_at is None or datetime.fromisoformat(request.due_at).tzinfo


def test_a_version_is_of_the_payload_the_checkpoint_and_the_round() -> None:
    payload = {"draft": "Bread", "n": 1}
    version = version_of(payload, "c1", 0)
    assert version_of({"n": 1, "draft": "Bread", "due_at": "2026"}, "c1", 0) == version
    others = [
        version_of({"draft": "Cake", "n": 1}, "c1", 0),
        version_of(payload, "c2", 0),
        version_of(payload, "c1", 1),
    ]
    assert len({version, *others}) == 4
    assert version_of("half \ud83d", None, 0)


# Breakpoints and failures.


@pytest.mark.parametrize(("kind", "offers"), [(ReviewKind.BREAKPOINT, "continue"), (ReviewKind.FAILED, "retry")])
def test_what_takes_no_answer_refuses_one(kind: ReviewKind, offers: str) -> None:
    payload = {"when": "before", "node": "ask", "next": "ask", "error": "boom"}
    dialect, payload, request = read_pause(Pause(kind, "ask", "ask", "c1", payload, error="boom"))
    review = replace(review_of("x"), dialect=dialect.name, payload=payload, request=request, kind=kind)
    assert request.allowed_decisions == (offers,)
    assert answer_to(review, offers) is None
    with pytest.raises(InvalidAnswer, match="takes no value"):
        draft_of(review, "answer", True, "", "ada")
