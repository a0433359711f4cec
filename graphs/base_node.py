"""Nodes as classes: `execute` does the work, and gets of the run what its signature asks for."""

import inspect
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.runtime import get_runtime


class BaseNode:
    """A node whose `execute(state, config=None, runtime=None)` does the work; it may take the state alone."""

    def execute(self, state: Any, config: Any = None, runtime: Any = None) -> Any:
        """What the node changes in the state."""
        raise NotImplementedError(f"{type(self).__name__} needs a method `execute`.")

    def __call__(self, state: Any, config: RunnableConfig) -> Any:
        return self.execute(state, **_wanted(self.execute, config=config, runtime=get_runtime()))


class AsyncBaseNode:
    """As `BaseNode`, for a node that waits on others: `execute` is a coroutine."""

    async def execute(self, state: Any, config: Any = None, runtime: Any = None) -> Any:
        """What the node changes in the state."""
        raise NotImplementedError(f"{type(self).__name__} needs a coroutine `execute`.")

    async def __call__(self, state: Any, config: RunnableConfig) -> Any:
        return await self.execute(state, **_wanted(self.execute, config=config, runtime=get_runtime()))


def _wanted(execute: Any, **offered: Any) -> dict[str, Any]:
    """Those of `offered` that the method takes, by name or by `**`."""
    parameters = inspect.signature(execute).parameters.values()
    if any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters):
        return offered
    names = {parameter.name for parameter in parameters}
    return {name: value for name, value in offered.items() if name in names}
