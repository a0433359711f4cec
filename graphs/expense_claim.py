"""An expense claim: small ones within the policy are paid at once, the others when a person approves.

The pattern: nodes as classes (`graphs/base_node.py`), synchronous and asynchronous, with the run's context in one.
"""

from dataclasses import dataclass
from typing import Any, Literal

from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from typing_extensions import TypedDict

from graphs.base_node import AsyncBaseNode, BaseNode
from graphs.records import record

Category = Literal["travel", "meals", "equipment", "training"]

EXAMPLES: list[JsonValue] = [
    {"employee": "Lena Hoffmann", "amount": 184.50, "category": "meals", "purpose": "Dinner with the Hamburg team"},
    {"employee": "Tomás Ruiz", "amount": 24.90, "category": "travel", "purpose": "Tram tickets for the trade fair"},
]


class Claim(BaseModel):
    """What was spent, on what."""

    model_config = ConfigDict(json_schema_extra={"examples": EXAMPLES})

    employee: str = Field(title="Employee", min_length=1, max_length=120, examples=["Lena Hoffmann"])
    amount: float = Field(title="Amount in EUR", gt=0, le=20_000, examples=[184.50])
    category: Category = Field(default="travel", title="Category")
    purpose: str = Field(
        title="Purpose", description="What it was for.", min_length=1, examples=["Dinner with the Hamburg team"]
    )


@dataclass
class Policy:
    """The run's context: up to which amount nobody is asked."""

    limit: float = 50.0


class State(TypedDict, total=False):
    """The claim, and what became of it."""

    employee: str
    amount: float
    category: Category
    purpose: str
    proposed_action: str
    needs_approval: bool
    status: str
    notes: str | None
    reason: str | None
    booking: str


class PolicyNode(AsyncBaseNode):
    """Says what is to be done, and whether the policy wants a person for it."""

    async def execute(self, state: Any, config: Any = None, runtime: Any = None) -> State:
        claim = Claim.model_validate(state)
        policy = runtime.context if isinstance(runtime.context, Policy) else Policy()
        proposed = f"Reimburse {claim.employee} {claim.amount:.2f} EUR for {claim.category}: {claim.purpose}"
        within = claim.amount <= policy.limit
        return {
            "employee": claim.employee,
            "amount": claim.amount,
            "category": claim.category,
            "purpose": claim.purpose,
            "proposed_action": proposed,
            "needs_approval": not within,
            "status": "approved" if within else "waiting",
        }


class ApprovalNode(BaseNode):
    """Asks a person."""

    def execute(self, state: Any, config: Any = None, runtime: Any = None) -> State:
        approval = interrupt(
            {
                "title": f"Expense claim: {state['employee']}, {state['amount']:.2f} EUR",
                "action": state["proposed_action"],
                "message": "The amount is above what the policy lets pass without a second pair of eyes.",
                "category": state["category"],
            }
        )
        if approval.get("approved"):
            return {"status": "approved", "notes": approval.get("notes")}
        return {"status": "rejected", "reason": approval.get("reason")}


class BookingNode(BaseNode):
    """Books the reimbursement, once."""

    def execute(self, state: Any, config: Any = None, runtime: Any = None) -> State:
        facts = {name: state[name] for name in ("employee", "amount", "category", "purpose")}
        return {"booking": record("book", "reimbursements.jsonl", **facts)}


def after_policy(state: State) -> str:
    return "approval" if state["needs_approval"] else "booking"


def after_approval(state: State) -> str:
    return "booking" if state["status"] == "approved" else END


builder = StateGraph(State, input_schema=Claim, context_schema=Policy)
builder.add_node("policy", PolicyNode())
builder.add_node("approval", ApprovalNode())
builder.add_node("booking", BookingNode())
builder.add_edge(START, "policy")
builder.add_conditional_edges("policy", after_policy, ["approval", "booking"])
builder.add_conditional_edges("approval", after_approval, ["booking", END])
builder.add_edge("booking", END)

graph = builder.compile(name="expense_claim")
