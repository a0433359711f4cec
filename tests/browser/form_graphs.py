"""A graph of each dialect, for its form in a browser."""

from __future__ import annotations

from tests.support import FRAGILE

# A dict for the schema, so that `interrupt` returns what was sent and not what a model makes of it.
EXPENSE = """
from datetime import date
from typing import Literal
from pydantic import BaseModel, Field
class Line(BaseModel):
    item: str
    count: int
    price: float
class Address(BaseModel):
    city: str
    zip: int
class Expense(BaseModel):
    verdict: Literal["approve", "reject"]
    comment: str = ""
    reviewer: str = ""
    purpose: str = Field(max_length=80)
    amount: float = Field(ge=0, le=5000, description="In euros, with taxes.")
    guests: int | None = None
    category: Literal["travel", "meals", "equipment"]
    spent_on: date
    billable: bool = False
    address: Address
    lines: list[Line]
PAYLOAD = {"title": "An expense", "purpose": "Dinner", "amount": 120.0, "category": "travel", "spent_on": "2026-03-02",
           "address": {"city": "Ulm", "zip": 89073},
           "lines": [{"item": "soup", "count": 2, "price": 7.5}, {"item": "tart", "count": 1, "price": 4.0}]}
def ask(state): return {"answer": interrupt(PAYLOAD, response_schema=Expense.model_json_schema())}
graph = wire(ask)
"""
BATCHED = """
CALLS = [
    {"name": "pay", "args": {"to": "Ada", "amount": 40.0, "times": 1}, "description": "Pays an invoice."},
    {"name": "mail", "args": {"to": "ada@example.com", "text": "Paid."}},
]
CONFIGS = [
    {"action_name": "pay", "allowed_decisions": ["approve", "edit", "reject"]},
    {"action_name": "mail", "allowed_decisions": ["approve", "edit", "reject", "respond"]},
]
def ask(state): return {"answer": interrupt({"action_requests": CALLS, "review_configs": CONFIGS})}
graph = wire(ask)
"""
# langchain's own middleware, with a model that asks for one call and then ends; what the tool was given is the answer.
AGENT = """
from langchain.agents import create_agent
from langchain.agents.middleware import HumanInTheLoopMiddleware
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
class Model(GenericFakeChatModel):
    def bind_tools(self, tools, **options): return self
def pay(to: str, amount: float, times: int) -> list:
    "Pay somebody."
    return [to, amount, times]
CALL = {"name": "pay", "args": {"to": "Ada", "amount": 40.0, "times": 1}, "id": "call-1"}
graph = create_agent(
    Model(messages=iter([AIMessage("", tool_calls=[CALL]), *[AIMessage("Done.")] * 9])),
    [pay],
    middleware=[HumanInTheLoopMiddleware({"pay": {"allowed_decisions": ["approve", "edit"]}},
                                         interrupt_mode="per_call")],
)
"""
INBOX = """
ASKED = {"action_request": {"action": "book", "args": {"room": "Blue", "seats": 4, "hours": 1.0, "quiet": False}},
         "config": {"allow_ignore": True, "allow_respond": True, "allow_edit": True, "allow_accept": True},
         "description": "Book a room."}
def ask(state): return {"answer": interrupt([ASKED])}
graph = wire(ask)
"""
DRAFT = """
def ask(state): return {"answer": interrupt({"draft": "# Rye\\n\\nBake it.", "prompt": "Publish the recipe?"})}
graph = wire(ask)
"""
ODD = """
PAYLOAD = {"n": 3, "rate": 1.0, "ok": True, "parts": [1, 2.0], "none": None, "deep": {"name": "Ada", "at": [[1], []]}}
def ask(state): return {"answer": interrupt(PAYLOAD)}
graph = wire(ask)
"""
GRAPHS = {
    "expense": EXPENSE,
    "batched": BATCHED,
    "agent": AGENT,
    "inbox": INBOX,
    "draft": DRAFT,
    "odd": ODD,
    "fragile": FRAGILE,
}
