"""The approval queue: the specification's patterns in plain scripts, over the caller's own graph and checkpointer."""

from __future__ import annotations

import getpass
from typing import Any

import pytest
from langgraph.types import interrupt

from review.errors import DecisionNotAllowed, InvalidAnswer, NothingPending
from review.ledger import MEMORY, Ledger
from review.model import ReviewKind, ThreadStatus
from tests.review.approval_graphs import USER, Make, State, critical, step, wire


def draft_review(state: State) -> dict[str, Any]:
    draft = state.get("draft_content")
    edited = interrupt({"draft": draft, "prompt": "Review and edit if needed"})
    return {"final_content": edited.get("content", draft) if edited.get("approved") else draft}


def test_critical_action_waits_and_gets_the_specifications_answer(queues: Make, saver: Any) -> None:
    queue = queues(wire(critical, checkpointer=saver))
    thread_id = queue.submit_for_approval(USER)
    (review,) = queue.pending[thread_id]
    assert (review.title, review.request.subject["endpoint"]) == ("Approve deletion?", "/delete_user")

    answer = {"approved": True, "notes": "Verified"}
    standing = queue.approve(thread_id, answer)
    assert standing.status == ThreadStatus.DONE
    assert standing.values == USER | {"result": answer, "log": []}
    assert queue.pending == {}


def test_what_was_decided_is_recorded_with_notes_and_reviewer(queues: Make) -> None:
    ledger = Ledger(MEMORY)
    queue = queues(wire(critical), ledger=ledger)
    thread_id = queue.submit_for_approval(USER)
    queue.approve(thread_id, {"approved": True, "notes": "Verified"})
    (review,) = ledger.reviews.of_thread(thread_id)
    made = review.decision
    assert made is not None
    assert (made.type, made.message, made.reviewer, made.signed_in) == ("approve", "Verified", getpass.getuser(), False)
    ledger.close()


def test_plain_approval_is_what_the_pages_send(queues: Make) -> None:
    queue = queues(wire(critical), reviewer="ada")
    standing = queue.approve(queue.submit_for_approval(USER))
    assert standing.values["result"] == {"approved": True, "edited": False, "reviewer": "ada"}


def test_rejection_takes_the_reject_path_with_its_reason(queues: Make, saver: Any) -> None:
    queue = queues(wire(critical, checkpointer=saver))
    standing = queue.reject(queue.submit_for_approval(USER), "Wrong user", reviewer="ben")
    assert standing.values["error"] == "Action rejected by human"
    assert standing.values["result"] == {"approved": False, "reason": "Wrong user", "reviewer": "ben"}


def test_edited_draft_is_what_the_graph_goes_on_with(queues: Make, saver: Any) -> None:
    queue = queues(wire(draft_review, checkpointer=saver))
    thread_id = queue.submit_for_approval({"draft_content": "Helo"})
    assert queue.edit(thread_id, "Hello").values["final_content"] == "Hello"


def test_chain_of_breakpoints_is_continued_one_by_one(queues: Make, saver: Any) -> None:
    nodes = [step(name) for name in ("plan", "approve_plan", "execute", "approve_execution")]
    graph = wire(*nodes, checkpointer=saver, interrupt_before=["approve_plan", "approve_execution"])
    queue = queues(graph)
    thread_id = queue.submit_for_approval({})
    (review,) = queue.pending[thread_id]
    assert (review.kind, review.node) == (ReviewKind.BREAKPOINT, "approve_plan")
    middle = queue.approve(thread_id)
    assert [each.node for each in middle.reviews] == ["approve_execution"]
    end = queue.approve(thread_id, {"approved": True, "notes": "Looks good"})
    assert (end.status, end.values["log"]) == (
        ThreadStatus.DONE,
        ["plan", "approve_plan", "execute", "approve_execution"],
    )


def test_breakpoint_behind_a_node_waits(queues: Make, saver: Any) -> None:
    queue = queues(wire(step("fetch"), step("use"), checkpointer=saver, interrupt_after=["fetch"]))
    thread_id = queue.submit_for_approval({})
    assert queue.approve(thread_id).values["log"] == ["fetch", "use"]


def test_state_is_edited_at_a_breakpoint_before_it_goes_on(queues: Make, saver: Any) -> None:
    queue = queues(wire(critical, checkpointer=saver, interrupt_before=["critical"]))
    thread_id = queue.submit_for_approval(USER)
    assert queue.edit_state(thread_id, {"params": {"user_id": 7}}).reviews[0].kind == ReviewKind.BREAKPOINT
    asked = queue.approve(thread_id)
    assert asked.reviews[0].payload["action_plan"]["params"] == {"user_id": 7}


@pytest.mark.parametrize("verb", ["reject", "edit"])
def test_breakpoint_cannot_be_rejected_or_edited(queues: Make, verb: str) -> None:
    queue = queues(wire(step("fetch"), interrupt_before=["fetch"]))
    thread_id = queue.submit_for_approval({})
    with pytest.raises(DecisionNotAllowed, match=r"breakpoint.*`approve` continues it.*`close_thread`"):
        getattr(queue, verb)(thread_id, "no")
    with pytest.raises(InvalidAnswer, match="takes no data"):
        queue.approve(thread_id, {"approved": True, "content": "x"})
    with pytest.raises(DecisionNotAllowed, match="do not mean approval"):
        queue.approve(thread_id, {"approved": False})
    assert queue.close_thread(thread_id).status == ThreadStatus.CLOSED
    with pytest.raises(NothingPending, match="closed"):
        queue.approve(thread_id)
