"""Graphs for the matrix: each asks what its input names and records, type for type, what `interrupt()` gave back."""

import operator
from collections.abc import Callable
from datetime import date
from enum import Enum
from pathlib import Path
from pprint import pformat
from typing import Annotated, Any, Literal, TypedDict

from langgraph.config import get_config
from langgraph.func import entrypoint, task
from langgraph.graph import END, START, StateGraph
from langgraph.types import Interrupt, Send, interrupt
from pydantic import BaseModel, Field

from review.contract import Answer, Request, data_dir
from tests.graphs_for_tests import unions


class Verdict(BaseModel):
    verdict: Literal["approve", "request_changes", "reject"]
    text: str = ""
    amount: int = Field(default=1, ge=1)
    share: float = 0.5
    on: date | None = None
    reason: str = ""
    reviewer: str = ""


class Ruling(Enum):
    YES = "accepted"
    NO = "declined"


class Ruled(BaseModel):
    ruling: Ruling | None
    count: int


class Trip(BaseModel):
    city: str
    nights: int
    on: date


APPROVED = {
    "type": "object",
    "properties": {
        "approved": {"type": "boolean"},
        "limit": {"type": "number"},
        "tags": {"type": "array", "items": {"type": "string"}, "default": ["new"]},
        "note": {"type": "string"},
    },
    "required": ["approved", "limit"],
}
CONSTANTS = {
    "type": "object",
    "properties": {"say": {"anyOf": [{"const": "approve"}, {"const": "reject"}]}, "why": {"type": "string"}},
    "required": ["say"],
}

# What anything is made of that must come back as it went.
NESTED = {"whole": 1, "half": 1.0, "yes": True, "none": None, "text": "1", "list": [0, 0.0, False, "", [], {}]}
REFUND = {"name": "refund", "args": {"number": "A-1", "amount": 39.0, "count": 2, "urgent": False}}
SECOND = {"name": "refund", "args": {"number": "A-2", "amount": 5, "count": 1, "urgent": True}}
MAIL = {"name": "mail", "args": {"to": "nora@example.com", "lines": ["one", 2, None]}, "description": "An e-mail"}
ANY_REFUND = {"action_name": "refund", "allowed_decisions": ["approve", "edit", "reject", "respond"]}
GUARDED_MAIL = {"action_name": "mail", "allowed_decisions": ["approve", "respond", "reject"]}
NAMED = {"name": "rename", "args": {"name": "old", "args": [1]}}
CALL = {"type": "tool_approval", "tool_call_id": "call_1", "name": "refund", "args": REFUND["args"]}
ALL = {"allow_accept": True, "allow_edit": True, "allow_respond": True, "allow_ignore": True}
INBOX = {"action_request": {"action": "refund", "args": REFUND["args"]}, "config": ALL, "description": "Money"}
SILENT = {
    "action_request": {"action": "mail", "args": MAIL["args"]},
    "config": {"allow_accept": True, "allow_edit": False, "allow_respond": False, "allow_ignore": True},
}
DEAF = {
    "action_request": {"action": "refund", "args": {"amount": 39.0}},
    "config": {"allow_accept": True, "allow_edit": True, "allow_respond": False, "allow_ignore": False},
}
INBOX_TEXT = (
    '[{"action_request": {"action": "refund", "args": {"amount": 39.0}}, "config": {"allow_accept": true, '
    '"allow_edit": true, "allow_respond": true, "allow_ignore": false}}]'
)

# By name: the value of the interrupt, and its response schema.
ASKED: dict[str, tuple[Any, Any]] = {
    "typed": ({"title": "Publish?", "text": "Bread", "amount": 3}, Verdict),
    "enumerated": ({"title": "Rule!", "count": 7}, Ruled),
    "constants": ({"title": "Say it"}, CONSTANTS),
    "approved": ({"title": "Allow?", "limit": 12.0}, APPROVED),
    "trip": ("Where to?", Trip),
    "contract": (Request("Publish?", subject="Bread").as_payload(), Answer),
    "union": ({"title": "Publish?", "text": "Bread", "amount": 3}, unions.Ruled),
    "union of two": ({"title": "Allow?", "limit": 12.0}, unions.Granted | unions.Denied),
    "union without a verdict": ("How was it paid?", unions.Paid),
    "batch": ({"action_requests": [REFUND], "review_configs": [ANY_REFUND]}, None),
    "batch of parameters": (
        {
            "action_requests": [NAMED],
            "review_configs": [{"action_name": "rename", "allowed_decisions": ["approve", "edit"]}],
        },
        None,
    ),
    "batch of three": (
        {"action_requests": [REFUND, MAIL, SECOND], "review_configs": [ANY_REFUND, GUARDED_MAIL]},
        None,
    ),
    "call": (CALL, None),
    "call of parameters": (CALL | NAMED, None),
    "inbox": (INBOX, None),
    "inbox that takes no refusal": (DEAF, None),
    "inbox that hears nothing": (SILENT, None),
    "inbox of two": ([INBOX, SILENT], None),
    "inbox in a list": ([SILENT], None),
    "inbox as text": (INBOX_TEXT, None),
    "draft": ({"draft": "# Bread", "prompt": "Publish?"}, None),
    "draft of data": ({"draft": NESTED, "prompt": "Right?"}, None),
    "plan": ({"action_plan": ["one", "two"], "prompt": "Run it?"}, None),
    "action": ({"action": "delete", "message": "Sure?"}, None),
    "text": ("Go on?", None),
    "number": (7, None),
    "fraction": (7.0, None),
    "nothing": (None, None),
    "list": (["a", 1, 1.0, None], None),
    "nested": ({"data": NESTED}, None),
    "malformed": ({"action_requests": []}, None),
}


class State(TypedDict, total=False):
    ask: list[str]
    flag: str
    got: Annotated[dict[str, str], operator.or_]


class Told(TypedDict):
    """What a subgraph hands back: siblings may not both write what they were asked."""

    got: Annotated[dict[str, str], operator.or_]


def exactly(value: Any) -> str:
    """A value with all its types, in one line, however its keys are ordered."""
    return pformat(value, width=1_000_000)


def asked(name: str) -> dict[str, str]:
    """Ask; what came back, under the interrupt's id."""
    place = get_config()["configurable"]
    with (data_dir() / f"{place['thread_id']}.visits").open("a") as visits:
        visits.write("visit\n")
    value, schema = ASKED[name]
    answer = interrupt(value, response_schema=schema) if schema else interrupt(value)
    return {Interrupt.from_ns(None, ns=place["checkpoint_ns"]).id: exactly(answer)}


def asking(place: int) -> Callable[[State], State]:
    return lambda state: {"got": asked(state["ask"][place])}


def fragile(state: State) -> State:
    """Fails until the file that the input names exists."""
    if not Path(state["flag"]).exists():
        raise RuntimeError("The printer is on fire.")
    return {"got": {"fragile": "mended"}}


async def asking_slowly(state: State) -> State:
    return {"got": asked(state["ask"][0])}


async def fragile_slowly(state: State) -> State:
    return fragile(state)


def quiet(state: State) -> State:
    return {"got": {"quiet": "passed"}}


def line(nodes: dict[str, Any], **options: Any) -> Any:
    builder = StateGraph(State, output_schema=Told)
    for name, node in nodes.items():
        builder.add_node(name, node)
    for before, behind in zip([START, *nodes], [*nodes, END], strict=True):
        builder.add_edge(before, behind)
    return builder.compile(**options)


def beside(**nodes: Any) -> Any:
    builder = StateGraph(State)
    builder.add_node("join", quiet)
    for name, node in nodes.items():
        builder.add_node(name, node)
        builder.add_edge(START, name)
        builder.add_edge(name, "join")
    return builder.compile()


def fan(node: Any) -> Any:
    builder = StateGraph(State)
    builder.add_node("one", node)
    builder.add_conditional_edges(START, lambda state: [Send("one", {"ask": [name]}) for name in state["ask"]], ["one"])
    return builder.compile()


@task
def ask_in_a_task(name: str) -> dict[str, str]:
    return asked(name)


@task
async def ask_in_an_async_task(name: str) -> dict[str, str]:
    return asked(name)


@task
def prepare(name: str) -> str:
    return name


@task
def fragile_task(flag: str) -> dict[str, str]:
    return dict(fragile({"flag": flag})["got"])


@entrypoint()
def workflow(given: State) -> State:
    return {"got": asked(prepare(given["ask"][0]).result())}


@entrypoint()
def tasks(given: State) -> State:
    answers = [ask_in_a_task(name).result() for name in given["ask"]]
    return {"got": {place: text for answer in answers for place, text in answer.items()}}


@entrypoint()
async def async_tasks(given: State) -> State:
    answers = [await ask_in_an_async_task(name) for name in given["ask"]]
    return {"got": {place: text for answer in answers for place, text in answer.items()}}


@entrypoint()
def fragile_workflow(given: State) -> State:
    return {"got": fragile_task(given["flag"]).result()}


single = line({"ask": asking(0)})
asynchronous = line({"ask": asking_slowly})
nested = line({"around": line({"inside": line({"ask": asking(0)})})})
nested_async = line({"around": line({"ask": asking_slowly})})
parallel = beside(left=asking(0), right=asking(1))
parallel_nested = beside(left=line({"ask": asking(0)}), right=line({"ask": asking(1)}))
parallel_async = beside(left=asking_slowly, right=asking(1))
fan_out = fan(asking(0))
fan_out_async = fan(asking_slowly)
fan_out_nested = fan(line({"inside": line({"ask": asking(0)})}))

fragile_single = line({"first": quiet, "fragile": fragile})
fragile_async = line({"first": quiet, "fragile": fragile_slowly})
fragile_nested = line({"around": line({"fragile": fragile})})
fragile_parallel = beside(left=asking(0), right=fragile)

stop_before = line({"first": asking(0), "quiet": quiet}, interrupt_before=["quiet"])
stop_after = line({"first": asking(0), "quiet": quiet}, interrupt_after=["first"])
stop_before_inside = line({"around": line({"first": asking(0), "quiet": quiet}, interrupt_before=["quiet"])})
stop_before_async = line({"quiet": asking_slowly}, interrupt_before=["quiet"])
