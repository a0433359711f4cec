"""An access request: approved, it goes on with granting the access; rejected, with a letter that says why.

The pattern: conditional resume, to one of two branches.
"""

from typing import Literal

from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from typing_extensions import TypedDict

from graphs.records import record
from review.contract import Request, ask

System = Literal["Payroll", "Customer database", "Source code", "Build servers"]
Level = Literal["read", "write", "admin"]

EXAMPLES: list[JsonValue] = [
    {
        "person": "Amira Haddad",
        "system": "Customer database",
        "level": "read",
        "reason": "Joins the support team on Monday and answers questions about orders.",
        "days": 90,
    }
]


class AccessRequest(BaseModel):
    """Who wants access to what, and why."""

    model_config = ConfigDict(json_schema_extra={"examples": EXAMPLES})

    person: str = Field(title="Person", min_length=1, max_length=120, examples=["Amira Haddad"])
    system: System = Field(title="System")
    level: Level = Field(default="read", title="Level")
    reason: str = Field(title="Reason", min_length=1, max_length=2000, examples=["Joins the support team on Monday."])
    days: int = Field(default=90, title="For how many days", ge=1, le=365)


class State(TypedDict, total=False):
    """The request, and what became of it."""

    person: str
    system: System
    level: Level
    reason: str
    days: int
    approved: bool
    message: str
    reviewer: str
    granted: str
    letter: str


def read(state: State) -> State:
    """Check the request."""
    return AccessRequest.model_validate(state).model_dump()  # type: ignore[return-value]


def approval(state: State) -> State:
    """Ask a person; no reason is needed for a yes."""
    answer = ask(
        Request(
            title=f"{state['system']}: {state['level']} access for {state['person']}",
            description="Approve and the access is granted at once; reject and the person is told why.",
            subject=state["reason"],
            subject_format="text",
            details={"Level": state["level"], "Days": state["days"]},
            allowed_decisions=("approve", "reject"),
            message_required=("reject",),
        )
    )
    return {"approved": answer.decision == "approve", "message": answer.message, "reviewer": answer.reviewer}


def should_continue(state: State) -> str:
    return "grant_access" if state["approved"] else "notify_rejection"


def grant_access(state: State) -> State:
    """Grant the access, once."""
    facts = {"person": state["person"], "system": state["system"], "level": state["level"], "days": state["days"]}
    return {"granted": record("grant", "access.jsonl", **facts, by=state["reviewer"])}


def notify_rejection(state: State) -> State:
    """Say no, and why."""
    return {
        "letter": f"Dear {state['person']},\n\nyou asked for {state['level']} access to {state['system']}. "
        f"{state['reviewer'] or 'The reviewer'} did not approve it: {state['message']}\n"
    }


builder = StateGraph(State, input_schema=AccessRequest)
builder.add_node("read", read)
builder.add_node("approval", approval)
builder.add_node("grant_access", grant_access)
builder.add_node("notify_rejection", notify_rejection)
builder.add_edge(START, "read")
builder.add_edge("read", "approval")
builder.add_conditional_edges("approval", should_continue, ["grant_access", "notify_rejection"])
builder.add_edge("grant_access", END)
builder.add_edge("notify_rejection", END)

graph = builder.compile(name="access_request")
