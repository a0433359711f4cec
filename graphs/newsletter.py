"""A newsletter: a draft is written from a few points, a person approves, edits or rejects it, and it goes out.

The pattern: review and edit before proceeding. The node reads `approved`: a rejected draft is not sent.
"""

from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from typing_extensions import TypedDict

from graphs.records import record

EXAMPLES: list[JsonValue] = [
    {
        "subject": "What is new at the Kantine this December",
        "points": [
            "From Monday the salad bar opens at half past eleven",
            "The Christmas dinner is on the 17th; please put your name on the list by the 10th",
            "Cups can be returned on every floor now",
        ],
        "sign_off": "Your Kantine team",
    }
]


class Points(BaseModel):
    """What the newsletter has to say."""

    model_config = ConfigDict(json_schema_extra={"examples": EXAMPLES})

    subject: str = Field(title="Subject", min_length=1, max_length=120, examples=["What is new this December"])
    points: list[str] = Field(title="Points", description="A sentence each.", min_length=1)
    sign_off: str = Field(default="Your team", title="Sign-off", max_length=80)


class State(TypedDict, total=False):
    """The points, the draft, and what a person made of it."""

    subject: str
    points: list[str]
    sign_off: str
    draft_content: str
    final_content: str
    reviewed: bool
    edited: bool
    reason: str
    sent: str


def write(state: State) -> State:
    """Write the draft."""
    given = Points.model_validate(state)
    points = "\n".join(f"- {point.strip().rstrip('.')}." for point in given.points)
    draft = f"# {given.subject}\n\nHello everyone,\n\n{points}\n\nSee you soon,\n{given.sign_off}"
    return {"subject": given.subject, "points": given.points, "sign_off": given.sign_off, "draft_content": draft}


def review(state: State) -> State:
    """Show the draft; take it as it comes back, if it comes back approved."""
    draft = state["draft_content"]
    answer = interrupt(
        {"title": f"Newsletter: {state['subject']}", "draft": draft, "prompt": "Review and edit if needed."}
    )
    if not answer.get("approved"):
        return {"reviewed": False, "reason": answer.get("reason", "")}
    return {"reviewed": True, "edited": bool(answer.get("edited")), "final_content": answer.get("content", draft)}


def send(state: State) -> State:
    """Send the text that was approved, once."""
    return {"sent": record("send", "newsletters.jsonl", subject=state["subject"], content=state["final_content"])}


def after_review(state: State) -> str:
    return "send" if state["reviewed"] else END


builder = StateGraph(State, input_schema=Points)
builder.add_node("write", write)
builder.add_node("review", review)
builder.add_node("send", send)
builder.add_edge(START, "write")
builder.add_edge("write", "review")
builder.add_conditional_edges("review", after_review, ["send", END])
builder.add_edge("send", END)

graph = builder.compile(name="newsletter")
