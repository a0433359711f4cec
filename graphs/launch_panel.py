"""A launch panel: legal, security and marketing are asked at the same time, each with questions of their own.

The pattern: parallel interrupts. Three reviews of one thread, answered in any order by different people; the launch
goes ahead when all three agree.
"""

import operator
from datetime import date
from typing import Annotated, Any, Literal

from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from typing_extensions import TypedDict

from graphs.records import record

Reviewer = Annotated[str, Field(default="", json_schema_extra={"x-review": "reviewer"}, title="Reviewer")]
Verdict = Literal["approve", "reject"]

EXAMPLES: list[JsonValue] = [
    {
        "product": "Kantine app 2.0",
        "summary": "Order lunch ahead, pay with the staff card, see what is in it. New: photographs of the dishes, "
        "taken by the cooks, and a rating after each meal.",
    }
]


class Launch(BaseModel):
    """What is to be launched."""

    model_config = ConfigDict(json_schema_extra={"examples": EXAMPLES})

    product: str = Field(title="Product", min_length=1, max_length=120, examples=["Kantine app 2.0"])
    summary: str = Field(
        title="Summary",
        description="What it does, and what is new in it.",
        min_length=1,
        max_length=4000,
        examples=["Order lunch ahead and pay with the staff card."],
    )


class LegalView(BaseModel):
    """The answer of legal."""

    verdict: Verdict = Field(title="Verdict")
    conditions: list[str] = Field(default=[], title="Conditions", description="What must be done before the launch.")
    reviewer: Reviewer


class SecurityView(BaseModel):
    """The answer of security."""

    approved: bool = Field(title="Approved")
    risk: Literal["low", "medium", "high"] = Field(default="low", title="Remaining risk")
    notes: str = Field(default="", title="Notes", description="What was looked at, and what was found.")
    reviewer: Reviewer


class MarketingView(BaseModel):
    """The answer of marketing."""

    verdict: Verdict = Field(title="Verdict")
    headline: str = Field(default="", title="Headline", max_length=80)
    launch_on: date | None = Field(default=None, title="Launch on")
    reviewer: Reviewer


class View(TypedDict):
    of: str
    agrees: bool
    answer: dict[str, Any]


class State(TypedDict, total=False):
    """The launch, and the views in the order in which they came."""

    product: str
    summary: str
    views: Annotated[list[View], operator.add]
    outcome: Literal["launched", "held back"]
    launch: str


def read(state: State) -> State:
    """Check what was given."""
    launch = Launch.model_validate(state)
    return {"product": launch.product, "summary": launch.summary}


def legal(state: State) -> State:
    return _ask(state, "Legal", "Terms, data protection, third parties' rights.", LegalView)


def security(state: State) -> State:
    return _ask(state, "Security", "Sign-in, payment, what is stored, and for how long.", SecurityView)


def marketing(state: State) -> State:
    return _ask(state, "Marketing", "A headline, and a day on which people read it.", MarketingView)


def conclude(state: State) -> State:
    """Launch where all agree, once."""
    views = state["views"]
    if not all(view["agrees"] for view in views):
        return {"outcome": "held back"}
    answers = {view["of"]: view["answer"] for view in views}
    return {"outcome": "launched", "launch": record("launch", "launches.jsonl", product=state["product"], **answers)}


def _ask(state: State, who: str, looks_at: str, schema: type[BaseModel]) -> State:
    question = {
        "title": f"{who}: may {state['product']} be launched?",
        "description": looks_at,
        "content": state["summary"],
        "format": "text",
    }
    answer: dict[str, Any] = interrupt(question, response_schema=schema).model_dump(mode="json")
    agrees = answer.get("approved", answer.get("verdict") == "approve")
    return {"views": [View(of=who, agrees=agrees, answer=answer)]}


builder = StateGraph(State, input_schema=Launch)
for node in (read, legal, security, marketing, conclude):
    builder.add_node(node.__name__, node)
builder.add_edge(START, "read")
for member in ("legal", "security", "marketing"):
    builder.add_edge("read", member)
builder.add_edge(["legal", "security", "marketing"], "conclude")
builder.add_edge("conclude", END)

graph = builder.compile(name="launch_panel")
