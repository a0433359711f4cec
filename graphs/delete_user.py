"""Deleting a user: the plan is shown, a person approves, and the account is deleted exactly once.

The pattern: a typed approval before a critical action, whose effect is run under `once`.
"""

from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from typing_extensions import TypedDict

from graphs.records import record

EXAMPLES: list[JsonValue] = [
    {"user_id": 4711, "name": "Jonas Brandt", "reason": "Asked for deletion under the GDPR, ticket 2231"},
    {"user_id": 1042, "name": "test-account-ci", "reason": "Left over from the load test"},
]


class Deletion(BaseModel):
    """Whose account to delete, and why."""

    model_config = ConfigDict(json_schema_extra={"examples": EXAMPLES, "x-review-seed": 1})

    user_id: int = Field(title="User id", ge=1, examples=[4711])
    name: str = Field(title="Name", min_length=1, max_length=120, examples=["Jonas Brandt"])
    reason: str = Field(
        title="Reason",
        description="Kept with the deletion.",
        min_length=1,
        examples=["Asked for deletion, ticket 2231"],
    )


class State(TypedDict, total=False):
    """Whom, why, and what a person said."""

    user_id: int
    name: str
    reason: str
    action_plan: dict[str, JsonValue]
    approved: bool
    approved_by: str
    notes: str
    error: str
    result: str


def plan(state: State) -> State:
    """Write down exactly what would be done."""
    deletion = Deletion.model_validate(state)
    action_plan: dict[str, JsonValue] = {
        "type": "api_call",
        "endpoint": "/delete_user",
        "params": {"user_id": deletion.user_id, "name": deletion.name},
        "removes": ["account", "profile", "uploaded files"],
        "keeps": ["invoices of the last ten years"],
        "reason": deletion.reason,
    }
    return {**deletion.model_dump(), "action_plan": action_plan}  # type: ignore[typeddict-item]


def approve(state: State) -> State:
    """Ask for approval of the plan."""
    approval = interrupt(
        {
            "title": f"Delete user {state['user_id']}, {state['name']}?",
            "action_plan": state["action_plan"],
            "prompt": "The account and its files are gone for good once this is approved.",
            "critical": True,  # so the graph's name has to be typed, and it is not approved together with others
        }
    )
    if not approval.get("approved"):
        reason = approval.get("reason") or "no reason given"
        return {"approved": False, "error": f"Rejected by {approval.get('reviewer', 'a person')}: {reason}"}
    return {"approved": True, "approved_by": approval.get("reviewer", ""), "notes": approval.get("notes", "")}


def delete(state: State) -> State:
    """Delete the account, once."""
    facts = {name: state[name] for name in ("user_id", "name", "reason", "approved_by")}
    return {"result": record("delete user", "deleted_users.jsonl", **facts)}


def after_approval(state: State) -> str:
    return "delete" if state["approved"] else END


builder = StateGraph(State, input_schema=Deletion)
builder.add_node("plan", plan)
builder.add_node("approve", approve)
builder.add_node("delete", delete)
builder.add_edge(START, "plan")
builder.add_edge("plan", "approve")
builder.add_conditional_edges("approve", after_approval, ["delete", END])
builder.add_edge("delete", END)

graph = builder.compile(name="delete_user")
