"""Invoice triage: an invoice is assigned to an account by itself where that is clear, by a person where it is not.

The pattern: escalation of uncertain cases. It asks in the words of agent-inbox: accept, edit, respond or ignore.
"""

import re
from typing import Any

from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from typing_extensions import TypedDict

from graphs.records import record

SURE = 0.75

EXAMPLES: list[JsonValue] = [
    {
        "supplier": "Studio Grünfeld",
        "amount": 2380.00,
        "text": "Photographs for the website and hotel for two nights in Leipzig",
    },
    {"supplier": "Stadtwerke", "amount": 412.77, "text": "Electricity for October, office Lange Strasse"},
]

# The words by which an account is known.
ACCOUNTS: dict[str, str] = {
    "6300 Utilities": r"electricity|heating|water|gas",
    "6600 Advertising": r"photograph\w*|advert\w*|campaign|website|brochure\w*",
    "6650 Travel": r"hotel|flight|train|taxi|nights?",
    "6815 Office supplies": r"paper|toner|desk|chair|pens?",
    "6835 Rent of equipment": r"lease|leasing|rental",
}
UNKNOWN = "6960 Other"


class Invoice(BaseModel):
    """What the invoice says."""

    model_config = ConfigDict(json_schema_extra={"examples": EXAMPLES})

    supplier: str = Field(title="Supplier", min_length=1, max_length=120, examples=["Studio Grünfeld"])
    amount: float = Field(title="Amount in EUR", gt=0, examples=[2380.00])
    text: str = Field(
        title="What it is for",
        description="The lines of the invoice.",
        min_length=1,
        max_length=4000,
        examples=["Photographs for the website"],
    )


class State(TypedDict, total=False):
    """The invoice, the suggestion, how sure it is, and what was booked."""

    supplier: str
    amount: float
    text: str
    account: str
    confidence: float
    decided_by: str
    remark: str
    booking: str


def classify(state: State) -> State:
    """Find the account by the invoice's words; the more they point to one account, the surer."""
    invoice = Invoice.model_validate(state)
    hits = {account: len(re.findall(rf"\b(?:{words})\b", invoice.text, re.I)) for account, words in ACCOUNTS.items()}
    best = max(hits, key=lambda account: hits[account])
    found = hits[best]
    return {
        "supplier": invoice.supplier,
        "amount": invoice.amount,
        "text": invoice.text,
        "account": best if found else UNKNOWN,
        "confidence": round(found / sum(hits.values()), 2) if found else 0.0,
        "decided_by": "rules",
    }


def escalate(state: State) -> State:
    """Ask a person for the account."""
    args = {"account": state["account"], "amount": state["amount"]}
    request = {
        "action_request": {"action": f"Book the invoice of {state['supplier']}", "args": args},
        "config": {"allow_accept": True, "allow_edit": True, "allow_respond": True, "allow_ignore": True},
        "description": f"{state['text']}\n\nThe words point to several accounts or to none; the suggestion is "
        f"{state['confidence']:.0%} sure.",
    }
    answers: list[dict[str, Any]] = interrupt([request])
    answer = answers[0]
    match answer["type"]:
        case "accept" | "edit":
            booked = answer["args"]["args"]
            return {"account": booked["account"], "amount": booked["amount"], "decided_by": "a person"}
        case "response":
            return {"decided_by": "nobody", "remark": answer["args"]}
    return {"decided_by": "nobody", "remark": "Left for the accountant."}


def book(state: State) -> State:
    """Book the invoice, once."""
    facts = {"supplier": state["supplier"], "account": state["account"], "amount": state["amount"]}
    return {"booking": record("book", "bookings.jsonl", **facts)}


def after_classifying(state: State) -> str:
    return "book" if state["confidence"] >= SURE else "escalate"


def after_escalation(state: State) -> str:
    return "book" if state["decided_by"] == "a person" else END


builder = StateGraph(State, input_schema=Invoice)
builder.add_node("classify", classify)
builder.add_node("escalate", escalate)
builder.add_node("book", book)
builder.add_edge(START, "classify")
builder.add_conditional_edges("classify", after_classifying, ["book", "escalate"])
builder.add_conditional_edges("escalate", after_escalation, ["book", END])
builder.add_edge("book", END)

graph = builder.compile(name="invoice_triage")
