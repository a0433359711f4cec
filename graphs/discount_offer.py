"""A discount offer: the customer waits for an answer, so the approval has a deadline.

The pattern: a deadline. The payload says for how many seconds the question stands (`timeout_seconds`), and what silence
means then (`on_timeout`): the desk rejects, and the customer gets the offer without the discount.
"""

from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from typing_extensions import TypedDict

from graphs.records import record

HOUR = 3600

EXAMPLES: list[JsonValue] = [
    {"customer": "Hotel Seeblick", "offer": "120 bed linen sets", "price": 5400.0, "discount": 18, "hours": 4}
]


class Offer(BaseModel):
    """What the customer asks for, and how long they wait."""

    model_config = ConfigDict(json_schema_extra={"examples": EXAMPLES})

    customer: str = Field(title="Customer", min_length=1, max_length=120, examples=["Hotel Seeblick"])
    offer: str = Field(title="Offer", min_length=1, max_length=200, examples=["120 bed linen sets"])
    price: float = Field(title="Price in EUR", gt=0, examples=[5400.0])
    discount: int = Field(title="Discount in percent", ge=1, le=60, examples=[18])
    hours: float = Field(default=4, title="Answer within hours", gt=0, le=240)


class State(TypedDict, total=False):
    """The offer, and the answer to it."""

    customer: str
    offer: str
    price: float
    discount: int
    hours: float
    approved: bool
    reason: str
    net: float
    sent: str


def calculate(state: State) -> State:
    """What the customer would pay."""
    offer = Offer.model_validate(state)
    net = round(offer.price * (100 - offer.discount) / 100, 2)
    return {**offer.model_dump(), "net": net}  # type: ignore[typeddict-item]


def approve(state: State) -> State:
    """Ask, and say how long the question stands."""
    approval = interrupt(
        {
            "title": f"{state['discount']} % for {state['customer']}?",
            "action": f"Offer {state['offer']} at {state['net']:.2f} EUR instead of {state['price']:.2f} EUR.",
            "message": f"The customer expects an answer within {state['hours']:g} hours.",
            "timeout_seconds": state["hours"] * HOUR,
            "on_timeout": "reject",
        }
    )
    return {"approved": bool(approval.get("approved")), "reason": approval.get("reason", "")}


def send(state: State) -> State:
    """Send the offer, once; without the discount where that was not approved."""
    price = state["net"] if state["approved"] else state["price"]
    return {"sent": record("send", "offers.jsonl", customer=state["customer"], offer=state["offer"], price=price)}


builder = StateGraph(State, input_schema=Offer)
builder.add_node("calculate", calculate)
builder.add_node("approve", approve)
builder.add_node("send", send)
builder.add_edge(START, "calculate")
builder.add_edge("calculate", "approve")
builder.add_edge("approve", "send")
builder.add_edge("send", END)

graph = builder.compile(name="discount_offer")
