"""Small graphs for the tests of the command line: each shows one way in which a thread can stop."""

import asyncio
from pathlib import Path
from typing import Any, NotRequired

from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt
from pydantic import BaseModel, field_validator
from typing_extensions import TypedDict

from review.contract import Request, ask


class State(TypedDict):
    topic: str
    draft: NotRequired[str]
    published: NotRequired[str]
    answer: NotRequired[Any]


class Colour(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def known(cls, name: str) -> str:
        if name != "green":
            raise ValueError("the paint shop has green only")
        return name


def write(state: State) -> dict[str, str]:
    print("a graph that prints")
    return {"draft": f"About {state['topic']}."}


def review(state: State) -> dict[str, Any]:
    answer = ask(Request(title=f"Draft: {state['topic']}", subject=state["draft"], message_required=("reject",)))
    return {"published": answer.content, "answer": answer.decision}


def choose(state: State) -> dict[str, Any]:
    return {"answer": interrupt({"prompt": "Which colour?"}, response_schema=Colour).name}


def question(state: State) -> dict[str, Any]:
    return {"answer": interrupt(f"What of {state['topic']}?")}


def fail(state: State) -> dict[str, str]:
    """Fails unless the topic is a file that exists."""
    if not Path(state["topic"]).exists():
        raise RuntimeError("The printer is on fire.")
    return {"published": "yes"}


async def wait(state: State) -> dict[str, str]:
    """Ends when the topic is a file that exists."""
    Path(state["topic"] + ".begun").touch()
    while not Path(state["topic"]).exists():
        await asyncio.sleep(0.02)
    return {"published": "yes"}


def _line(*nodes: Any) -> StateGraph:
    builder = StateGraph(State)
    names = [node.__name__ for node in nodes]
    for name, node in zip(names, nodes, strict=True):
        builder.add_node(name, node)
    for before, behind in zip([START, *names], [*names, END], strict=True):
        builder.add_edge(before, behind)
    return builder


draft = _line(write, review).compile()
picky = _line(choose).compile()
open_question = _line(question).compile()
fragile = _line(fail).compile()
patient = _line(wait).compile()
stopping = _line(write).compile(interrupt_before=["write"])
