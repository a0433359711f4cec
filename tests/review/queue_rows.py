"""Rows for the queue, put into a ledger as they are: threads that nothing runs, with a review each."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from review.contract import Request
from review.ledger import Ledger
from review.ledger.rows import request_row
from review.ledger.tables import decisions, reviews, threads
from review.model import ReviewKind, ReviewStatus
from tests.support import AT


def row(number: int, **overrides: Any) -> dict[str, Any]:
    """A pending review, opened so many seconds after AT; `title` is its request's, `by` who decided it and when."""
    title = overrides.pop("title", f"Review {number}")
    at = overrides.pop("created_at", AT + timedelta(seconds=number))
    fields: dict[str, Any] = {
        "id": f"review-{number:06d}",
        "thread_id": f"thread-{number:06d}",
        "graph": "ask",
        "node": "ask",
        "kind": ReviewKind.INTERRUPT,
        "dialect": "specification",
        "pause_key": f"pause-{number}",
        "version": "v1",
        "status": ReviewStatus.PENDING,
        "request": request_row(Request(title=title)),
        "payload": {"draft": f"About {number}"},
        "created_at": at,
        "updated_at": at,
    }
    return fields | overrides


def put(ledger: Ledger, rows: Iterable[dict[str, Any]]) -> list[str]:
    """Insert the rows, each with its thread, and with a decision where it has `by`, at `decided_at`; their ids."""
    listed = [dict(each) for each in rows]
    made = [_decision(each) for each in listed if "by" in each]
    owners = [
        {"id": each["thread_id"], "graph": each["graph"], "status": "interrupted", "config": {}}
        | {"created_at": each["created_at"], "updated_at": each["created_at"]}
        for each in listed
    ]
    names = {name for each in listed for name in each} - {"by", "decided_at"}
    plain = [{name: each.get(name, _empty(name)) for name in names} for each in listed]
    with ledger.queue._database.write(derived=True) as connection:
        connection.execute(insert(threads), owners)
        connection.execute(insert(reviews), plain)
        if made:
            connection.execute(insert(decisions), made)
    return [each["id"] for each in listed]


def _empty(name: str) -> Any:
    return {"priority": 0, "critical": False, "round": 0}.get(name)


def _decision(each: dict[str, Any]) -> dict[str, Any]:
    each["decision_id"] = f"decision-{uuid.uuid4().hex[:12]}"
    if each["status"] == ReviewStatus.PENDING:
        each["status"] = ReviewStatus.RESUMED
    at = each.get("decided_at", each["created_at"])
    who = {"reviewer": each["by"], "signed_in": False, "message": ""}
    times = {"decided_at": at, "apply_at": at}
    return {"id": each["decision_id"], "review_id": each["id"], "version": "v1", "type": "approve"} | who | times
