"""A price list: a supplier's new prices are fetched, the graph stops so that a person sees them, and takes them over.

The pattern: a breakpoint after a fetch (`interrupt_after`). What was fetched stands in the state; edit it there if a
price is wrong, then continue.
"""

from typing import Literal

from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from typing_extensions import TypedDict

from graphs.records import record

Supplier = Literal["Alpenmilch", "Bäckerei Vogt", "Teehaus Nord"]

EXAMPLES: list[JsonValue] = [{"supplier": "Bäckerei Vogt", "limit": 10.0}, {"supplier": "Teehaus Nord"}]

# What the suppliers ask now, and what we pay so far: stands for a call to their service.
ASKED: dict[str, dict[str, float]] = {
    "Alpenmilch": {"Whole milk, 1 l": 1.32, "Oat drink, 1 l": 1.79, "Butter, 250 g": 2.45},
    "Bäckerei Vogt": {"Rye loaf, 1 kg": 4.90, "Roll": 0.48, "Croissant": 16.50},
    "Teehaus Nord": {"Assam, 1 kg": 31.00, "Peppermint, 1 kg": 22.40},
}
PAID: dict[str, float] = {
    "Whole milk, 1 l": 1.28,
    "Oat drink, 1 l": 1.75,
    "Butter, 250 g": 2.49,
    "Rye loaf, 1 kg": 4.60,
    "Roll": 0.45,
    "Croissant": 1.55,
    "Assam, 1 kg": 29.50,
    "Peppermint, 1 kg": 22.40,
}


class PriceRequest(BaseModel):
    """Whose prices to fetch."""

    model_config = ConfigDict(json_schema_extra={"examples": EXAMPLES})

    supplier: Supplier = Field(title="Supplier", description="Whose price list to fetch.", examples=["Bäckerei Vogt"])
    limit: float = Field(
        default=10.0, title="Warn from", description="A rise in percent that is worth a warning.", gt=0, le=100
    )


class Price(TypedDict):
    article: str
    old: float
    new: float


class State(TypedDict, total=False):
    """`prices` is what was fetched; who edits it decides what is taken over."""

    supplier: str
    limit: float
    prices: list[Price]
    warnings: list[str]
    taken_over: str


def fetch(state: State) -> State:
    """Fetch the supplier's prices, and say which of them look odd."""
    request = PriceRequest.model_validate(state)
    asked = ASKED[request.supplier].items()
    prices = [Price(article=article, old=PAID[article], new=new) for article, new in asked]
    warnings = [f"{price['article']}: {rise:+.1f} %" for price in prices if (rise := _rise(price)) > request.limit]
    return {"supplier": request.supplier, "limit": request.limit, "prices": prices, "warnings": warnings}


def take_over(state: State) -> State:
    """Make the prices in the state those that count."""
    key = record("take over", "price_changes.jsonl", supplier=state["supplier"], prices=state["prices"])
    return {"taken_over": key}


def _rise(price: Price) -> float:
    return 100 * (price["new"] / price["old"] - 1)


builder = StateGraph(State, input_schema=PriceRequest)
builder.add_node("fetch", fetch)
builder.add_node("take_over", take_over)
builder.add_edge(START, "fetch")
builder.add_edge("fetch", "take_over")
builder.add_edge("take_over", END)

graph = builder.compile(name="price_list", interrupt_after=["fetch"])
