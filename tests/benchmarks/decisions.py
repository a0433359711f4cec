"""From the decision to the finished run, through the desk and with bare LangGraph, on the same graph and durability."""

from __future__ import annotations

import sqlite3
import tempfile
import uuid
from pathlib import Path

from review.desk import open_desk
from review.model import ReviewStatus
from review.reviewers import Reviewer
from review.settings import Settings
from tests.benchmarks.table import Figure, pairs, timed

GRAPH = """
import time
from typing import Any
from typing_extensions import TypedDict
from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt

class State(TypedDict, total=False):
    draft: str
    answer: Any

def ask(state):
    return {"answer": interrupt({"draft": state["draft"], "prompt": "Publish?"})}

def act(state):
    time.sleep(SECONDS)
    return {"draft": "published"}

builder = StateGraph(State).add_node("ask", ask).add_node("act", act)
graph = builder.add_edge(START, "ask").add_edge("ask", "act").add_edge("act", END).compile()
"""
ADA = Reviewer("ada")


def measure_decisions() -> list[Figure]:
    return [
        _measure("decide to finished, a node of 50 ms", 0.05, 60),
        _measure("decide to finished, a node of no time", 0.0, 200),
    ]


def _measure(name: str, seconds: float, count: int) -> Figure:
    from langgraph.checkpoint.sqlite import SqliteSaver
    from langgraph.types import Command

    from review.registry import Registry

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        module = f"bench_{uuid.uuid4().hex[:8]}"
        (home / f"{module}.py").write_text(GRAPH.replace("SECONDS", str(seconds)), "utf-8")
        listed = home / "langgraph.json"
        listed.write_text(f'{{"graphs": {{"bench": "./{module}.py:graph"}}}}', "utf-8")
        desk = open_desk(Settings(data_dir=home / "data", graphs=listed))
        bare = Registry(listed).get("bench")
        bare = bare.copy(
            update={"checkpointer": SqliteSaver(sqlite3.connect(home / "bare.sqlite", check_same_thread=False))}
        )

        def through_the_desk() -> float:
            thread = desk.finish(desk.start("bench", {"draft": "A draft."}, ADA).id)
            (review,) = desk.ledger.reviews.of_thread(thread.id, status=[ReviewStatus.PENDING])

            def decide() -> None:
                desk.decide(review.id, "approve", ADA)
                desk.finish(thread.id, review.id)

            return timed(decide)

        def with_langgraph_alone() -> float:
            config = {"configurable": {"thread_id": uuid.uuid4().hex}}
            bare.invoke({"draft": "A draft."}, config, durability="sync")
            answer = {bare.get_state(config).interrupts[0].id: {"approved": True}}
            return timed(lambda: bare.invoke(Command(resume=answer), config, durability="sync"))

        try:
            return pairs(name, through_the_desk, with_langgraph_alone, count)
        finally:
            desk.close()
