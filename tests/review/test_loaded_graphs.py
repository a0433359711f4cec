"""Graphs from anywhere, at work here: on our checkpoints, with states, nodes and types of their own."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from review.desk import Desk
from review.model import ThreadStatus
from tests.conftest import MakeDesk
from tests.graphs.desks import say
from tests.review.their_projects import Project, graph
from tests.support import ASK, begin, pending


def test_graphs_compiled_with_a_checkpointer_of_their_own_run_on_ours(project: Project, make_desk: MakeDesk) -> None:
    source = graph(
        ASK.replace(
            "publish)",
            "publish, checkpointer=__import__('langgraph.checkpoint.memory', fromlist=['x']).InMemorySaver())",
        )
    )
    file = project({"graphs": {"one": "./agent_of_theirs.py:graph"}}, **{"agent_of_theirs.py": source})
    desk = make_desk(file)
    review = pending(desk, begin(desk, "one").id)
    other = make_desk(file, other=1)
    assert other.state(review.thread_id).values["log"] == ["write"]
    assert say(other, review, "approve")["log"] == ["write", "ask", "publish"]


STATES = {
    "typed": "class S(TypedDict, total=False):\n    topic: str\n    answer: Any\n",
    "stdlib": "import typing\nclass S(typing.TypedDict, total=False):\n    topic: str\n    answer: Any\n",
    "data": "import dataclasses\n@dataclasses.dataclass\nclass S:\n    topic: str = ''\n    answer: Any = None\n",
    "model": "import pydantic\nclass S(pydantic.BaseModel):\n    topic: str = ''\n    answer: Any = None\n",
}


@pytest.mark.parametrize("kind", ["def", "async def"])
@pytest.mark.parametrize("state", list(STATES))
def test_any_state_with_a_context_and_nodes_of_both_kinds(
    project: Project, make_desk: MakeDesk, state: str, kind: str
) -> None:
    source = graph(
        STATES[state]
        + f"""
import dataclasses
from langgraph.runtime import Runtime
@dataclasses.dataclass
class Context:
    tone: str = "plain"
{kind} ask(state: S, runtime: Runtime[Context]):
    topic = state["topic"] if isinstance(state, dict) else state.topic
    return {{"answer": [topic, runtime.context.tone, interrupt("Really?")]}}
builder = StateGraph(S, context_schema=Context)
builder.add_node("ask", ask)
builder.add_edge(START, "ask")
graph = builder.compile()
"""
    )
    desk = make_desk(project({"graphs": {"one": "./agent_of_theirs.py:graph"}}, **{"agent_of_theirs.py": source}))
    schema = desk.graph("one").input_schema
    assert schema is not None and set(schema["properties"]) == {"topic", "answer"}
    review = pending(desk, begin(desk, "one", context={"tone": "dry"}).id)
    values = say(desk, review, "respond", 7)
    answer = values["answer"] if isinstance(values, dict) else values.answer
    assert answer == ["bread", "dry", 7]


UNDECLARED = """
import dataclasses
@dataclasses.dataclass
class Crumb:
    grams: int
def bake(state): return {"answer": {"crumb": Crumb(3)}}
def ask(state): return {"log": [interrupt("Eat?")]}
def eat(state): return {"topic": str(state["answer"]["crumb"].grams)}
graph = wire(bake, ask, eat)
"""


def test_a_type_that_came_back_as_plain_data_is_named_with_the_key_that_allows_it(
    project: Project, make_desk: MakeDesk, caplog: Any
) -> None:
    places = {"graphs": {"one": "./agent_of_theirs.py:graph"}}
    desk: Desk = make_desk(project(places, **{"agent_of_theirs.py": graph(UNDECLARED)}))
    review = pending(desk, begin(desk, "one").id)
    with caplog.at_level(logging.WARNING, "review.engine"):
        say(desk, review, "approve")
    thread = desk.thread(review.thread_id)
    assert thread.status == ThreadStatus.FAILED
    key = '["agent_of_theirs", "Crumb"] to `checkpointer.serde.allowed_msgpack_modules` in langgraph.json'
    assert key in str(thread.error)
    assert key in pending(desk, thread.id).request.subject


@pytest.mark.parametrize("allowed", [[["agent_of_theirs", "Crumb"]], True])
def test_a_type_that_is_allowed_comes_back_as_itself(project: Project, make_desk: MakeDesk, allowed: Any) -> None:
    serde = {"checkpointer": {"serde": {"allowed_msgpack_modules": allowed}}}
    places = {"graphs": {"one": "./agent_of_theirs.py:graph"}}
    desk = make_desk(project(places | serde, **{"agent_of_theirs.py": graph(UNDECLARED)}))
    review = pending(desk, begin(desk, "one").id)
    assert say(desk, review, "approve")["topic"] == "3"
