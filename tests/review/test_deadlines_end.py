"""What becomes of a review that nobody has decided when it is due."""

from __future__ import annotations

from typing import Any

import pytest

from review.deadlines import at_the_end
from review.model import DecisionType, ReviewStatus
from tests.conftest import MakeDesk
from tests.review.deadline_reviews import ASKS, asked, iso, later, of_policy, told, told_actions
from tests.support import ADA, FRAGILE, begin, pending, values

# An answer needs a field that only a person can give.
NEEDY = """
SCHEMA = {"type": "object", "required": ["approved", "cost_centre"],
          "properties": {"approved": {"type": "boolean"}, "cost_centre": {"type": "string"}}}
def ask(state):
    interrupt({"content": "Bread", "timeout_seconds": 3600, "on_timeout": "reject"}, response_schema=SCHEMA)
graph = wire(ask)
"""

STRICT = """
from pydantic import BaseModel, field_validator
class Said(BaseModel):
    approved: bool
    @field_validator("approved")
    @classmethod
    def never_no(cls, said):
        if not said: raise ValueError("no is no answer")
        return said
def ask(state):
    interrupt({"content": "Bread", "timeout_seconds": 3600, "on_timeout": "reject"}, response_schema=Said)
    return {"log": ["taken"]}
graph = wire(ask)
"""

BREAKS = """
def act(state): return {"log": ["act"]}
graph = wire(act, interrupt_before=["act"])
"""


@pytest.mark.parametrize(("by_payload", "policy"), [("reject", {}), (None, of_policy(on_timeout="reject"))])
def test_the_desk_rejects_as_a_person_would(
    make_desk: MakeDesk, by_payload: str | None, policy: dict[str, Any]
) -> None:
    desk = make_desk({"asks": ASKS}, **policy)
    review = asked(desk, timeout_seconds=3600, **({"on_timeout": by_payload} if by_payload else {}))
    desk.claim(review.id, ADA)
    assert later(desk, minutes=59) == 0
    assert later(desk, minutes=61) == 1
    decided = desk.review(review.id)
    assert decided.decision is not None
    made = decided.decision
    assert (made.type, made.reviewer, made.signed_in) == (DecisionType.REJECT, "system", True)
    assert (made.message, made.version) == ("Nobody decided before the deadline.", review.version)
    desk.relay.run_due()
    answer = {"approved": False, "reason": made.message, "reviewer": "system"}
    assert values(desk, review.thread_id)["answer"] == answer
    assert told_actions(desk, review) == ["review.claimed", "review.rejected", "decision.applied"]
    assert told(desk, review)[1][1] == {"message": made.message, "due_at": iso(review)}


@pytest.mark.parametrize("policy", [{}, of_policy(on_timeout="reject")])
def test_a_payload_cannot_make_silence_consent(make_desk: MakeDesk, policy: dict[str, Any]) -> None:
    desk = make_desk({"asks": ASKS}, **policy)
    review = asked(desk, timeout_seconds=3600, on_timeout="approve")
    assert "only the graph's policy in review.toml" in review.request.problems[0]
    later(desk, hours=2)
    after = desk.review(review.id)
    assert (after.status, after.priority, after.decision) == (ReviewStatus.PENDING, 1, None)


def test_the_policy_of_the_graph_can(make_desk: MakeDesk) -> None:
    desk = make_desk({"asks": ASKS}, **of_policy(on_timeout="approve"))
    review = asked(desk, timeout_seconds=3600, on_timeout="approve")
    assert review.request.problems == ()
    later(desk, hours=2)
    made = desk.review(review.id).decision
    assert made and made.type == DecisionType.APPROVE


def test_an_unknown_end_is_named_and_escalates(make_desk: MakeDesk) -> None:
    review = asked(make_desk({"asks": ASKS}), timeout_seconds=3600, on_timeout="explode")
    assert "explode is none of reject, escalate, ignore" in review.request.problems[0]
    assert review.request.on_timeout == "escalate"


@pytest.mark.parametrize(("graph", "source"), [("breaks", BREAKS), ("fragile", FRAGILE), ("needy", NEEDY)])
def test_what_cannot_be_rejected_is_escalated_and_the_entry_says_why(
    make_desk: MakeDesk, tmp_path: Any, graph: str, source: str
) -> None:
    desk = make_desk({graph: source}, policy={graph: {"deadline": {"after": 3600, "on_timeout": "reject"}}})
    (tmp_path / "graphs" / "broken").touch()
    review = pending(desk, begin(desk, graph).id)
    assert at_the_end(review)[0] is None
    later(desk, hours=2)
    after = desk.review(review.id)
    assert (after.status, after.priority) == (ReviewStatus.PENDING, 1)
    ((action, detail),) = told(desk, review)
    assert action == "review.escalated"
    assert detail["why"].startswith("The deadline's reject cannot be recorded: Review ")
    assert later(desk, hours=3) == 0


def test_where_the_graph_refuses_the_desks_answer_the_review_is_escalated(make_desk: MakeDesk) -> None:
    desk = make_desk({"strict": STRICT})
    review = pending(desk, begin(desk, "strict").id)
    later(desk, hours=2)
    desk.relay.run_due()
    desk.relay.run_due()
    after = desk.review(review.id)
    assert (after.status, after.priority) == (ReviewStatus.PENDING, 1)
    assert told_actions(desk, review) == ["review.rejected", "decision.invalid", "review.escalated"]
    assert "no is no answer" in told(desk, review)[-1][1]["why"]
