"""An approval queue over the caller's own saver, serialiser and store, nodes and contexts."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

import pytest
from langchain_core.messages import AnyMessage, HumanMessage
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.func import entrypoint, task
from langgraph.graph import START, StateGraph, add_messages
from langgraph.runtime import Runtime
from langgraph.store.memory import InMemoryStore
from langgraph.types import interrupt
from typing_extensions import TypedDict

from review import ApprovalQueue
from review.errors import BadInput
from review.model import ThreadStatus
from tests.review.approval_graphs import SECRET, USER, Make, State, Tenant, critical, slow, tenants, wire
from tests.support import run_async


@dataclass(frozen=True)
class Point:
    x: int


class Tagging(JsonPlusSerializer):
    """A caller's own serialiser."""

    wrote: ClassVar[list[Any]] = []

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        self.wrote.append(obj)
        return super().dumps_typed(obj)


class OwnSaver(SqliteSaver):
    """A caller's own saver."""


def test_callers_saver_serialiser_and_store_are_kept(queues: Make, tmp_path: Path) -> None:
    def pinned(state: State, runtime: Runtime[Any]) -> dict[str, Any]:
        assert runtime.store is store
        interrupt({"action": "go"})
        return {"result": Point(1)}

    store = InMemoryStore()
    serde = Tagging(allowed_msgpack_modules=[(Point.__module__, "Point")])
    connection = sqlite3.connect(tmp_path / "own.sqlite", check_same_thread=False)
    own = OwnSaver(connection, serde=serde)
    graph = wire(pinned, checkpointer=own, store=store)
    compiled_with = graph.checkpointer  # strict msgpack makes `compile` take a copy
    queue = queues(graph)
    thread_id = queue.submit_for_approval({})
    assert queue.approve(thread_id).values["result"] == Point(1)
    assert graph.checkpointer is compiled_with
    assert (type(graph.checkpointer), graph.store) == (OwnSaver, store)
    assert Point(1) in Tagging.wrote
    assert graph.get_state({"configurable": {"thread_id": thread_id}}).values["result"] == Point(1)
    connection.close()


def test_nodes_of_a_saver_without_asynchronous_methods_run_on_the_callers_thread(
    queues: Make, sqlite: SqliteSaver
) -> None:
    ran: list[threading.Thread] = []

    def here(state: State) -> dict[str, Any]:
        ran.append(threading.current_thread())
        return {}

    queues(wire(here, checkpointer=sqlite)).submit_for_approval({})
    assert ran == [threading.current_thread()]


def test_connection_bound_to_its_thread_is_refused_with_the_way_out(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "bound.sqlite")
    with pytest.raises(BadInput, match="check_same_thread=False"):
        ApprovalQueue(wire(critical, checkpointer=SqliteSaver(connection)))
    connection.close()


def test_asynchronous_nodes_run(queues: Make) -> None:
    queue = queues(wire(slow, critical))
    assert queue.approve(queue.submit_for_approval(USER)).values["log"] == ["slow"]


def test_asynchronous_nodes_on_a_synchronous_saver_are_named(sqlite: SqliteSaver) -> None:
    with pytest.raises(BadInput, match=r"asynchronous nodes \(slow\).*SqliteSaver.*InMemorySaver"):
        ApprovalQueue(wire(slow, checkpointer=sqlite))
    builder = StateGraph(State)
    builder.add_node("inner", wire(slow, checkpointer=None))
    builder.add_edge(START, "inner")
    with pytest.raises(BadInput, match=r"\(inner/slow\)"):
        ApprovalQueue(builder.compile(checkpointer=sqlite))


def test_saver_of_another_loop_is_refused_with_the_way_out() -> None:
    async def inside() -> None:
        async with AsyncSqliteSaver.from_conn_string(":memory:") as other:
            with pytest.raises(BadInput, match=r"event loop.*SqliteSaver or InMemorySaver"):
                ApprovalQueue(wire(critical, checkpointer=other))

    run_async(inside())


def test_queue_works_inside_a_running_loop(queues: Make, saver: Any) -> None:
    async def inside() -> Any:
        queue = queues(wire(critical, checkpointer=saver))
        return queue.approve(queue.submit_for_approval(USER)).status

    assert run_async(inside()) == ThreadStatus.DONE


def test_context_is_passed_again_on_resume(queues: Make, saver: Any) -> None:
    queue = queues(tenants(saver))
    thread_id = queue.submit_for_approval({}, context=Tenant("acme", SECRET))
    assert list(queue.approve(thread_id).values["result"]) == ["acme", True]
    other = queue.submit_for_approval({}, context={"name": "initech"})
    assert list(queue.approve(other).values["result"]) == ["initech", False]


def test_input_of_objects_reaches_the_graph_as_it_is(queues: Make, saver: Any) -> None:
    class Chat(TypedDict):
        messages: Annotated[list[AnyMessage], add_messages]

    def ask(state: Chat) -> dict[str, Any]:
        interrupt({"action": state["messages"][-1].content})
        return {}

    queue = queues(wire(ask, state=Chat, checkpointer=saver))
    thread_id = queue.submit_for_approval({"messages": [HumanMessage("Delete it")]})
    (message,) = queue.approve(thread_id).values["messages"]
    assert isinstance(message, HumanMessage)
    assert message.content == "Delete it"


def test_functional_graphs_are_served(queues: Make, saver: Any) -> None:
    @task
    def double(number: int) -> int:
        return number * 2

    @entrypoint(checkpointer=saver)
    def flow(number: int) -> int:
        found: int = double(number).result()
        return found if interrupt({"action": "double", "message": str(found)})["approved"] else 0

    queue = queues(flow)
    thread_id = queue.submit_for_approval(21)
    assert queue.approve(thread_id).values == 42
