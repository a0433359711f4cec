"""The JSON forms: plain, complete, in UTC."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

from review.contract import Request
from review.model import (
    AuditEntry,
    Decision,
    DecisionType,
    Review,
    ReviewKind,
    ReviewStatus,
    Step,
    Thread,
    ThreadStatus,
)
from review.views import (
    decision_json,
    entries_csv,
    entry_json,
    review_json,
    step_json,
    thread_json,
    thread_start_json,
)

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone(timedelta(hours=2)))
IN_UTC = "2026-03-04T03:06:07+00:00"
DECISION = Decision("d", "r", "v", DecisionType.EDIT, {"n": 1}, "why", [1], "Ann", False, AT, AT)
REVIEW = Review(
    id="r",
    thread_id="t",
    graph="g",
    node="n",
    kind=ReviewKind.INTERRUPT,
    dialect="typed",
    interrupt_id="i",
    task_id="k",
    checkpoint_id="c",
    pause_key="p",
    version="v",
    status=ReviewStatus.DECIDED,
    request=Request("Title", due_at=AT.isoformat(), response_schema={"type": "object"}, details={"a": (1, 2)}),
    payload={"content": "<script>"},
    created_at=AT,
    due_at=AT,
    decision=DECISION,
)
THREAD = Thread("t", "g", ThreadStatus.FAILED, AT, AT, input={"big": 1}, error="It failed.", error_id="e")
ENTRY = AuditEntry(7, AT, "review.claimed", "Ann", True, "group", detail={"a": 1})


def test_a_review_is_plain_json_with_its_times_in_utc() -> None:
    view = review_json(REVIEW)
    assert json.loads(json.dumps(view)) == view
    assert view["created_at"] == view["due_at"] == view["request"]["due_at"] == IN_UTC
    assert view["request"]["details"] == {"a": [1, 2]}
    assert (view["title"], view["response_schema"]) == ("Title", {"type": "object"})
    assert view["decision"]["decided_at"] == IN_UTC
    assert list(review_json(replace(REVIEW, decision=None, due_at=None))) == list(view)


def test_no_field_of_a_noun_is_forgotten() -> None:
    internal = {"task_id", "checkpoint_id", "pause_key", "round"}
    assert {field.name for field in fields(Review)} - internal <= set(review_json(REVIEW))
    assert {field.name for field in fields(Decision)} - {"review_id"} == set(decision_json(DECISION))
    assert {field.name for field in fields(AuditEntry)} == set(entry_json(ENTRY))
    whole = thread_json(THREAD) | thread_start_json(THREAD)
    assert {field.name for field in fields(Thread)} - {"base_checkpoint"} == set(whole)
    step = Step("c", 1, ("a", "b"), {"x": AT}, {"x": AT}, AT)
    assert {field.name for field in fields(Step)} == set(step_json(step))


def test_a_listed_thread_does_not_carry_its_input() -> None:
    assert "input" not in thread_json(THREAD)


def test_csv_cells_that_a_spreadsheet_would_calculate_are_quoted() -> None:
    entries = [replace(ENTRY, actor=f"{sign}1") for sign in "=+-@\t\r"]
    lines = entries_csv(entries)
    assert lines.startswith("id,at,action,actor,")
    for sign in "=+-@\t\r":
        assert f"'{sign}1" in lines
    assert f"7,{IN_UTC},review.claimed,Ann,true," in entries_csv([ENTRY])
    assert datetime.fromisoformat(IN_UTC) == AT.astimezone(UTC)
