"""Agents for the matrix: langchain's own, with its middleware in both modes, alone and inside other graphs."""

import json
import operator
from collections.abc import Sequence
from pprint import pformat
from typing import Annotated, Any

from langchain.agents import create_agent
from langchain.agents.middleware import HumanInTheLoopMiddleware
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolCall
from langchain_core.outputs import ChatGeneration, ChatResult
from langgraph.func import entrypoint, task
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.types import Send
from typing_extensions import TypedDict


class Caller(BaseChatModel):
    """Calls the tool once for each set of arguments in the first message, then is done."""

    @property
    def _llm_type(self) -> str:
        return "caller"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> "Caller":
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        plan = [] if messages[-1].type == "tool" else json.loads(messages[0].text)
        calls = [ToolCall(name="refund", args=args, id=f"call_{n}", type="tool_call") for n, args in enumerate(plan)]
        return ChatResult(generations=[ChatGeneration(message=AIMessage("" if calls else "Done.", tool_calls=calls))])


def refund(number: str, amount: float, count: int, extra: Any) -> str:
    """Pay money back; the result tells exactly what it was called with."""
    return pformat({"number": number, "amount": amount, "count": count, "extra": extra}, width=1_000_000)


def agent_of(mode: Any) -> Any:
    guard = HumanInTheLoopMiddleware({"refund": True}, interrupt_mode=mode, edit_notice=None)
    return create_agent(Caller(), [refund], middleware=[guard])


def around(*nodes: Any) -> Any:
    """The nodes side by side in another graph."""
    builder = StateGraph(MessagesState)
    for number, node in enumerate(nodes):
        builder.add_node(f"agent_{number}", node)
        builder.add_edge(START, f"agent_{number}")
        builder.add_edge(f"agent_{number}", END)
    return builder.compile()


def in_async_node(agent: Any) -> Any:
    async def call(state: MessagesState) -> Any:
        return await agent.ainvoke({"messages": state["messages"]})

    return around(call)


class Plans(TypedDict, total=False):
    """Calls that an agent each is to make, and what came of them."""

    plans: list[str]
    results: Annotated[list[tuple[str, str]], operator.add]


def results_of(plan: str, state: Any) -> list[tuple[str, str]]:
    return [(plan, message.text) for message in state["messages"] if message.type == "tool"]


def fan_out(agent: Any) -> Any:
    """An agent for each plan, all at once."""

    def work(state: Plans) -> Plans:
        (plan,) = state["plans"]
        return {"results": results_of(plan, agent.invoke({"messages": [("user", plan)]}))}

    builder = StateGraph(Plans)
    builder.add_node("work", work)
    builder.add_conditional_edges(START, lambda state: [Send("work", {"plans": [p]}) for p in state["plans"]], ["work"])
    return builder.compile()


def in_tasks(agent: Any) -> Any:
    """An agent for each plan, each in a task of its own, all at once."""

    @task
    def work(plan: str) -> list[tuple[str, str]]:
        return results_of(plan, agent.invoke({"messages": [("user", plan)]}))

    @entrypoint()
    def workflow(given: Plans) -> Plans:
        started = [work(plan) for plan in given["plans"]]
        return {"results": [result for each in started for result in each.result()]}

    return workflow


def in_a_workflow(agent: Any) -> Any:
    """An agent for each plan, one after the other, in no task."""

    @entrypoint()
    def workflow(given: Plans) -> Plans:
        found = [results_of(plan, agent.invoke({"messages": [("user", plan)]})) for plan in given["plans"]]
        return {"results": [result for each in found for result in each]}

    return workflow


batched_agent = agent_of("batched")
batched_agent_nested = around(around(batched_agent))
batched_agent_in_async_node = in_async_node(batched_agent)
batched_agents_parallel = around(batched_agent, batched_agent)
batched_agents_fanned_out = fan_out(batched_agent)
batched_agents_in_tasks = in_tasks(batched_agent)
batched_agents_in_a_workflow = in_a_workflow(batched_agent)

per_call_agent = agent_of("per_call")
per_call_agent_nested = around(around(per_call_agent))
per_call_agent_in_async_node = in_async_node(per_call_agent)
per_call_agents_parallel = around(per_call_agent, per_call_agent)
per_call_agents_fanned_out = fan_out(per_call_agent)
per_call_agents_in_tasks = in_tasks(per_call_agent)
per_call_agents_in_a_workflow = in_a_workflow(per_call_agent)
