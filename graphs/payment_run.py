"""A payment run: the payments are added up, the graph stops before the node that sends them, and sends them once.

The pattern: a breakpoint before a critical node (`interrupt_before`). There is nothing to answer; the person looks at
the state, continues, edits it first, or closes the thread.
"""

from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from typing_extensions import TypedDict

from graphs.records import record

EXAMPLES: list[JsonValue] = [
    {
        "name": "Suppliers, week 47",
        "payments": [
            {"payee": "Norddruck GmbH", "amount": 1840.50, "reference": "Invoice 2291"},
            {"payee": "Kaffeerösterei Lindt & Sohn", "amount": 312.00, "reference": "November delivery"},
            {"payee": "Hanse Office Supplies", "amount": 967.25, "reference": "Invoice 88-1043"},
        ],
    }
]


class Payment(BaseModel):
    """One transfer."""

    payee: str = Field(title="Payee", min_length=1, max_length=120)
    amount: float = Field(title="Amount in EUR", gt=0)
    reference: str = Field(default="", title="Reference", max_length=140)


class PaymentRun(BaseModel):
    """The payments of one run."""

    model_config = ConfigDict(json_schema_extra={"examples": EXAMPLES, "x-review-seed": 1})

    name: str = Field(
        title="Name of the run", description="As it appears on the statement.", examples=["Suppliers, week 47"]
    )
    payments: list[Payment] = Field(title="Payments", description="Who gets how much.", min_length=1)


class State(TypedDict, total=False):
    """The run as plain JSON: editing `payments` at the breakpoint changes what is sent."""

    name: str
    payments: list[dict[str, JsonValue]]
    count: int
    total: float
    sent: str


def add_up(state: State) -> State:
    """Check the payments and add them up."""
    run = PaymentRun.model_validate(state)
    total = round(sum(payment.amount for payment in run.payments), 2)
    return {
        "name": run.name,
        "payments": [payment.model_dump() for payment in run.payments],
        "count": len(run.payments),
        "total": total,
    }


def send(state: State) -> State:
    """The critical node: it sends the payments as they stand in the state now."""
    payments = PaymentRun.model_validate(state).payments
    total = round(sum(payment.amount for payment in payments), 2)
    lines = [payment.model_dump() for payment in payments]
    return {"sent": record("send", "payments.jsonl", run=state["name"], total=total, payments=lines), "total": total}


builder = StateGraph(State, input_schema=PaymentRun)
builder.add_node("add_up", add_up)
builder.add_node("send", send)
builder.add_edge(START, "add_up")
builder.add_edge("add_up", "send")
builder.add_edge("send", END)

graph = builder.compile(name="payment_run", interrupt_before=["send"])
