"""Another program, for the tests of discovery: the registered graphs on the same checkpoints, without a ledger."""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.types import Command

from review.desk import Desk
from review.registry import Registry

GIVEN = {"topic": "bread"}
TWICE = """
def one(state): return {"log": [interrupt("First?")]}
def two(state): return {"log": [interrupt("Second?")]}
graph = wire(one, two)
"""


class Foreign:
    """Another program: the graphs of the registry, its own connection to the checkpoints, no ledger."""

    def __init__(self, registry: Path, checkpoints: Path) -> None:
        checkpoints.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(checkpoints, check_same_thread=False)
        self._saver = SqliteSaver(self._connection)
        self._registry = Registry(registry)

    def __call__(self, graph: str, thread_id: str, given: Any, **metadata: Any) -> Any:
        found = copy.copy(self._registry.get(graph))
        found.checkpointer = self._saver
        return found.invoke(given, {"configurable": {"thread_id": thread_id}, "metadata": metadata})

    def answer(self, graph: str, thread_id: str, value: Any, asked: Any = None) -> Any:
        found = copy.copy(self._registry.get(graph))
        found.checkpointer = self._saver
        waiting = found.get_state({"configurable": {"thread_id": thread_id}}).interrupts
        chosen = next(each for each in waiting if asked in (None, each.value))
        return self(graph, thread_id, Command(resume={chosen.id: value}))

    def forget(self, thread_id: str) -> None:
        self._saver.delete_thread(thread_id)

    def close(self) -> None:
        self._connection.close()


MakeForeign = Callable[[Desk], Foreign]
