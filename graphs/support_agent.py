"""A support agent: it looks an order up by itself, and asks before it pays money back or writes to the customer.

The pattern: an agent with guarded tools, by langchain's `create_agent` and its HumanInTheLoopMiddleware. Without a
configured model a small offline one plays the agent, the same way every time.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from langchain_core.messages import AnyMessage, HumanMessage
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from typing_extensions import TypedDict

from graphs.helpdesk.orders import ORDERS
from graphs.models import configured_model
from graphs.records import record

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langgraph.graph.state import CompiledStateGraph

RULES = (
    "You work in the support of a tea shop. Look up the order that the customer names. Where the goods were broken, "
    "wrong or late, propose a refund of no more than the price, and a short, friendly reply. A person checks both. "
    "Where a person rejects something, do not try it again; say what is left to do."
)

EXAMPLES: list[JsonValue] = [
    {
        "message": "Hello, my order A-2093 came yesterday and the teapot is broken. The box looked fine. "
        "What can we do? Nora Lindqvist"
    },
    {"message": "Good morning, has A-2101 been sent? I need the towels by Friday. Pavel Novák"},
]


class Message(BaseModel):
    """What the customer writes."""

    model_config = ConfigDict(json_schema_extra={"examples": EXAMPLES, "x-review-seed": 1})

    message: str = Field(
        title="The customer's message",
        description="With the order's number: A-2093 and A-2101 are known.",
        min_length=1,
        max_length=4000,
        examples=["My order A-2093 came yesterday and the teapot is broken."],
    )


class State(TypedDict, total=False):
    """The message, and the conversation that the agent has about it."""

    message: str
    messages: Annotated[list[AnyMessage], add_messages]


def look_up_order(number: str) -> str:
    """What the shop knows of an order, by its number."""
    order = ORDERS.get(number)
    return "There is no such order." if order is None else ", ".join(f"{name}: {order[name]}" for name in order)  # type: ignore[literal-required]


def refund_order(number: str, amount: float, reason: str) -> str:
    """Pay money back to the customer."""
    key = record(f"refund {number}", "refunds.jsonl", number=number, amount=amount, reason=reason)
    return f"{amount:.2f} EUR are on their way back ({key})."


def send_reply(to: str, body: str) -> str:
    """Send an e-mail to the customer."""
    key = record(f"reply to {to}", "replies.jsonl", to=to, body=body)
    return f"Sent to {to} ({key})."


def read(state: State) -> State:
    """Put the message before the agent."""
    text = Message.model_validate(state).message
    return {"message": text, "messages": [HumanMessage(text)]}


def make_graph() -> "CompiledStateGraph[Any, Any, Any, Any]":
    """The graph. Made on demand: langchain's agents are not imported before that."""
    from langchain.agents import create_agent
    from langchain.agents.middleware import HumanInTheLoopMiddleware

    guard = HumanInTheLoopMiddleware(
        interrupt_on={
            "refund_order": {
                "allowed_decisions": ["approve", "edit", "reject"],
                "description": "The agent wants to pay money back.",
            },
            "send_reply": {
                "allowed_decisions": ["approve", "edit", "respond", "reject"],
                "description": "The agent wants to write to the customer.",
            },
        }
    )
    tools: list[Callable[..., str]] = [look_up_order, refund_order, send_reply]
    agent = create_agent(_model(), tools, system_prompt=RULES, middleware=[guard], name="agent")
    builder = StateGraph(State, input_schema=Message)
    builder.add_node("read", read)
    builder.add_node("agent", agent)
    builder.add_edge(START, "read")
    builder.add_edge("read", "agent")
    builder.add_edge("agent", END)
    return builder.compile(name="support_agent")


def _model() -> "BaseChatModel":
    if configured := configured_model():
        return configured.chat()
    from graphs.helpdesk.offline import OfflineModel

    return OfflineModel()
