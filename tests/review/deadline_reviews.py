"""Reviews with deadlines, and how their time comes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from review.deadlines import Deadlines
from review.desk import Desk
from review.model import Review, now
from tests.support import begin, pending

# The input's `answer` is the payload, so that each test says what is asked.
ASKS = """
def ask(state): return {"answer": interrupt({"draft": "Bread"} | state["answer"]), "log": ["ask"]}
graph = wire(ask)
"""


def asked(desk: Desk, **payload: Any) -> Review:
    return pending(desk, begin(desk, "asks", {"answer": payload}).id)


def deadlines(desk: Desk) -> Deadlines:
    return Deadlines(desk.ledger, desk.settings)


def later(desk: Desk, **span: float) -> int:
    """Fire what is due in so long."""
    return deadlines(desk).fire(now() + timedelta(**span))


def told(desk: Desk, review: Review) -> list[tuple[str, dict[str, Any]]]:
    """What the audit tells of the review since it was opened, oldest first."""
    entries = desk.ledger.audit.entries(review_id=review.id)[::-1]
    return [(e.action, {k: v for k, v in e.detail.items() if k not in ("title", "node")}) for e in entries[1:]]


def told_actions(desk: Desk, review: Review) -> list[str]:
    return [action for action, _ in told(desk, review)]


def of_policy(**deadline: Any) -> dict[str, Any]:
    return {"policy": {"asks": {"deadline": deadline}}}


def timers_of(desk: Desk, review: Review) -> list[Any]:
    return desk.ledger.timers.of_review(review.id)


def iso(review: Review) -> str:
    assert review.due_at is not None
    return review.due_at.isoformat()
