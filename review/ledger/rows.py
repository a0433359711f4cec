"""Rows to values and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, select

from review.contract import ActionRequest, Request
from review.ledger.tables import decisions, reviews
from review.model import (
    AuditEntry,
    Decision,
    DecisionType,
    Review,
    ReviewKind,
    ReviewStatus,
    Thread,
    ThreadStatus,
)

_decision_columns = [column.label(f"d_{column.name}") for column in decisions.columns]


# Made once: a statement of forty columns takes longer to put together than to run.
_reviews: Select[Any] = select(reviews, *_decision_columns).select_from(
    reviews.outerjoin(decisions, decisions.c.id == reviews.c.decision_id)
)


def select_reviews() -> Select[Any]:
    """Reviews, each with the decision that stands."""
    return _reviews


_decided: Select[Any] = select(reviews, *_decision_columns).select_from(
    decisions.join(reviews, and_(reviews.c.id == decisions.c.review_id, reviews.c.decision_id == decisions.c.id))
)


def select_decided() -> Select[Any]:
    """Reviews that have a decision which stands, found from the decisions."""
    return _decided


_OF_REVIEW = [column.name for column in reviews.columns]
_OF_DECISION = [column.name for column in decisions.columns]


def review_of(row: Row[Any]) -> Review:
    """Of a row of `select_reviews` or `select_decided`: by place, since a list has many rows of sixty columns."""
    values = tuple(row)
    fields = dict(zip(_OF_REVIEW, values, strict=False))
    made = dict(zip(_OF_DECISION, values[len(_OF_REVIEW) :], strict=True))
    del fields["updated_at"], fields["decision_id"]
    fields["kind"] = ReviewKind(fields["kind"])
    fields["status"] = ReviewStatus(fields["status"])
    fields["request"] = request_of(fields["request"])
    return Review(**fields, decision=decision_of(made) if made["id"] else None)


def decision_of(fields: dict[str, Any]) -> Decision:
    return Decision(**fields | {"type": DecisionType(fields["type"])})


def thread_of(row: Row[Any]) -> Thread:
    fields = row._asdict()
    del fields["work_at"], fields["edited"]
    fields["status"] = ThreadStatus(fields["status"])
    return Thread(**fields)


def entry_of(row: Row[Any]) -> AuditEntry:
    fields = row._asdict()
    del fields["example"]
    return AuditEntry(**fields)


def request_row(request: Request) -> dict[str, Any]:
    return asdict(request)


def request_of(fields: dict[str, Any]) -> Request:
    lists = ("allowed_decisions", "message_required", "problems")
    actions = tuple(
        ActionRequest(**action | {"allowed_decisions": tuple(action["allowed_decisions"])})
        for action in fields.get("actions", ())
    )
    return Request(**fields | {name: tuple(fields[name]) for name in lists} | {"actions": actions})


def due_of(request: Request) -> datetime | None:
    return datetime.fromisoformat(request.due_at) if request.due_at else None
