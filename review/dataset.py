"""The decisions as JSON Lines: what was asked, what was proposed, what a person made of it, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from review.ledger import Ledger
from review.model import DecisionType, Review
from review.plain import plain
from review.times import iso


def decision_lines(
    ledger: Ledger,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    graph: str | None = None,
    reviewer: str | None = None,
) -> Iterator[str]:
    """A line for each decision that stands, oldest first; those of examples are left out. `until` is a time that is not
    taken any more."""
    for review in ledger.exporting.decided(since=since, graph=graph):
        made = review.decision
        assert made is not None
        if until is not None and made.decided_at >= until:
            break
        if reviewer in (None, made.reviewer):
            yield json.dumps(example_of(review), ensure_ascii=False)


def example_of(review: Review) -> dict[str, Any]:
    """One decision. `prompt` is what was asked, `draft` what was under review, `edit` what it became where the reviewer
    changed it; `answer` is what the graph got."""
    made, request = review.decision, review.request
    assert made is not None
    return {
        "decision": made.id,
        "review": review.id,
        "thread": review.thread_id,
        "graph": review.graph,
        "node": review.node,
        "kind": review.kind.value,
        "prompt": {"title": request.title, "description": request.description, "payload": plain(review.payload)},
        "draft": plain(_draft(review)),
        "edit": plain(made.value) if made.type == DecisionType.EDIT else None,
        "answer": plain(made.resume_value),
        "verdict": made.type.value,
        "reason": made.reason,
        "message": made.message,
        "reviewer": made.reviewer,
        "signed_in": made.signed_in,
        "asked_at": iso(review.created_at),
        "decided_at": iso(made.decided_at),
        "share_changed": made.share_changed,
        "seconds_shown": made.seconds_shown,
        "status": review.status.value,
    }


def _draft(review: Review) -> Any:
    if review.request.subject is not None or not review.request.actions:
        return review.request.subject
    return [{"name": action.name, "args": action.args} for action in review.request.actions]
