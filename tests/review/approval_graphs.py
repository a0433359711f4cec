"""Graphs of a script, compiled with a checkpointer of its own."""

from __future__ import annotations

import asyncio
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt
from pydantic import BaseModel, field_validator
from typing_extensions import TypedDict

from review import ApprovalQueue


class State(TypedDict):
    """Every key is one that some node writes: LangGraph starts with any part of it."""

    params: dict[str, Any]
    draft_content: str
    final_content: str
    result: Any
    error: str
    log: Annotated[list[str], operator.add]


def wire(*nodes: Callable[..., Any], state: type = State, **options: Any) -> Any:
    builder = StateGraph(state)
    names = [node.__name__ for node in nodes]
    for node in nodes:
        builder.add_node(node.__name__, node)
    for one, other in zip((START, *names), (*names, END), strict=True):
        builder.add_edge(one, other)
    return builder.compile(**{"checkpointer": InMemorySaver()} | options)


def critical(state: State) -> dict[str, Any]:
    plan = {"type": "api_call", "endpoint": "/delete_user", "params": state.get("params")}
    approval = interrupt({"action_plan": plan, "prompt": "Approve deletion?"})
    if not approval.get("approved"):
        return {"error": "Action rejected by human", "result": approval}
    return {"result": approval}


def step(name: str) -> Callable[[State], dict[str, Any]]:
    def node(state: State) -> dict[str, Any]:
        return {"log": [name]}

    node.__name__ = name
    return node


Make = Callable[..., ApprovalQueue]

USER = {"params": {"user_id": 123}}


class Verdict(BaseModel):
    """A schema of the graph's own, with a validator that its JSON Schema does not show."""

    decision: Literal["approve", "reject", "respond"]
    score: int = 0
    message: str = ""

    @field_validator("score")
    @classmethod
    def even(cls, score: int) -> int:
        if score % 2:
            raise ValueError("the score must be even")
        return score


def typed(state: State) -> dict[str, Any]:
    answer = interrupt({"question": "How good?"}, response_schema=Verdict)
    return {"result": answer.model_dump()}


async def slow(state: State) -> dict[str, Any]:
    await asyncio.sleep(0)
    return {"log": ["slow"]}


@dataclass
class Tenant:
    name: str
    secret: Any = None


def asking_tenant(state: State, runtime: Runtime[Tenant]) -> dict[str, Any]:
    interrupt({"action": "go", "message": runtime.context.name})
    return {"result": (runtime.context.name, runtime.context.secret is SECRET)}


SECRET = object()


def tenants(saver: Any) -> Any:
    builder = StateGraph(State, context_schema=Tenant)
    builder.add_node(asking_tenant)
    builder.add_edge(START, "asking_tenant")
    return builder.compile(checkpointer=saver)
