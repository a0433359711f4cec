"""The specification's node classes, their bodies unchanged and their imports corrected, through the desk."""

from __future__ import annotations

from typing import Any

import pytest

from review.desk import Desk
from review.model import ThreadStatus
from tests.conftest import MakeDesk
from tests.graphs.desks import say
from tests.support import begin, pending

NODES = """
from datetime import datetime, timedelta
from graphs.base_node import AsyncBaseNode, BaseNode

done = []

def execute_critical_action(action_plan):
    return f"{action_plan['endpoint']} {action_plan['params']['user_id']}"

class ApprovalNode(BaseNode):
    def execute(self, state: dict) -> dict:
        # Present information to human
        action = state.get("proposed_action")

        # Pause execution and request approval
        approval = interrupt(
            {
                "action": action,
                "message": "Please review and approve this action"
            }
        )

        # After resume, approval contains human's response
        if approval.get("approved"):
            return {"status": "approved", "notes": approval.get("notes")}
        else:
            return {"status": "rejected", "reason": approval.get("reason")}

class CriticalActionNode(BaseNode):
    def execute(self, state: dict) -> dict:
        # Prepare action details
        action_plan = {
            "type": "api_call",
            "endpoint": "/delete_user",
            "params": state.get("params")
        }

        # Request approval
        approval = interrupt({
            "action_plan": action_plan,
            "prompt": "Approve deletion?"
        })

        if not approval.get("approved"):
            return {"error": "Action rejected by human"}

        # Execute action
        result = execute_critical_action(action_plan)
        return {"result": result}

class DraftReviewNode(BaseNode):
    def execute(self, state: dict) -> dict:
        draft = state.get("draft_content")

        # Show draft to human for review/editing
        edited = interrupt({
            "draft": draft,
            "prompt": "Review and edit if needed"
        })

        # Human can modify the draft
        final_content = edited.get("content", draft)

        return {"final_content": final_content, "reviewed": True}

class ApprovalWithTimeoutNode(BaseNode):
    def execute(self, state: dict, config=None, **kwargs) -> dict:
        # Check if this is a timeout scenario
        if "timeout_at" in state:
            if datetime.now() > state["timeout_at"]:
                return {"status": "timeout", "approved": False}

        # Normal approval flow
        approval = interrupt({
            "action": state.get("action"),
            "timeout_at": datetime.now() + timedelta(hours=24)
        })

        return {"approved": approval.get("approved")}

class PlainNode(BaseNode):
    def execute(self, state):
        return {"seen": "state alone"}

class FullNode(BaseNode):
    def execute(self, state, config=None, runtime=None):
        return {"seen": [config["configurable"]["thread_id"], runtime.context]}

class AsyncNode(AsyncBaseNode):
    async def execute(self, state, config=None, runtime=None):
        return {"seen": [config["configurable"]["thread_id"], runtime.context]}

class KeywordsNode(AsyncBaseNode):
    async def execute(self, state, **kwargs):
        return {"seen": sorted(kwargs)}

class ForgottenNode(BaseNode):
    pass

class All(TypedDict, total=False):
    proposed_action: Any; status: Any; notes: Any; reason: Any; params: Any; error: Any; result: Any
    draft_content: Any; final_content: Any; reviewed: Any; action: Any; approved: Any; timeout_at: Any; seen: Any

def of(node):
    builder = StateGraph(All)
    builder.add_node("node", node)
    builder.add_edge(START, "node")
    builder.add_edge("node", END)
    return builder.compile()
"""
CLASSES = {
    "approval": "ApprovalNode",
    "critical": "CriticalActionNode",
    "draft": "DraftReviewNode",
    "timeout": "ApprovalWithTimeoutNode",
    "plain": "PlainNode",
    "full": "FullNode",
    "later": "AsyncNode",
    "keywords": "KeywordsNode",
    "forgotten": "ForgottenNode",
}


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk({name: f"{NODES}\ngraph = of({node}())\n" for name, node in CLASSES.items()})


@pytest.mark.parametrize(
    ("graph", "given", "said", "value", "ends_with"),
    [
        ("approval", {"proposed_action": "Call"}, "approve", None, {"status": "approved", "notes": "Fine."}),
        ("approval", {"proposed_action": "Call"}, "reject", None, {"status": "rejected", "reason": "Fine."}),
        ("critical", {"params": {"user_id": 7}}, "approve", None, {"result": "/delete_user 7"}),
        ("critical", {"params": {"user_id": 7}}, "reject", None, {"error": "Action rejected by human"}),
        ("draft", {"draft_content": "A"}, "approve", None, {"final_content": "A", "reviewed": True}),
        ("draft", {"draft_content": "A"}, "edit", "B", {"final_content": "B", "reviewed": True}),
        ("timeout", {"action": "Call"}, "approve", None, {"approved": True}),
        ("timeout", {"action": "Call"}, "reject", None, {"approved": False}),
    ],
)
def test_the_specifications_nodes_run_as_they_are(
    desk: Desk, graph: str, given: dict[str, Any], said: str, value: Any, ends_with: dict[str, Any]
) -> None:
    review = pending(desk, begin(desk, graph, given).id)
    assert review.dialect == "specification"
    values = say(desk, review, said, value, "Fine.")
    assert values == given | ends_with


def test_the_specifications_deadline_is_read(desk: Desk) -> None:
    assert pending(desk, begin(desk, "timeout", {"action": "Call"}).id).due_at is not None


@pytest.mark.parametrize(
    ("graph", "seen"),
    [
        ("plain", "state alone"),
        ("full", ["t1", {"a": 1}]),
        ("later", ["t1", {"a": 1}]),
        ("keywords", ["config", "runtime"]),
    ],
)
def test_execute_gets_what_its_signature_asks_for(desk: Desk, graph: str, seen: Any) -> None:
    thread = begin(desk, graph, {"action": "Call"}, context={"a": 1}, thread_id="t1")
    assert desk.state(thread.id).values["seen"] == seen


def test_a_node_without_execute_says_so(desk: Desk) -> None:
    thread = begin(desk, "forgotten", {"action": "Call"})
    assert (thread.status, thread.error) == (ThreadStatus.FAILED, "ForgottenNode needs a method `execute`.")
