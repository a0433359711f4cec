"""LangGraph's saver, for processes that may lose the right to write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver


class GuardedSaver(AsyncSqliteSaver):
    """Before each write to a thread it asks the thread's guard, which raises where this process may no longer write."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.guards: dict[str, Callable[[], None]] = {}

    async def aput(
        self, config: Any, checkpoint: Checkpoint, metadata: CheckpointMetadata, new_versions: ChannelVersions
    ) -> Any:
        self._ask(config)
        return await super().aput(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: Any, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        self._ask(config)
        await super().aput_writes(config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        self._ask({"configurable": {"thread_id": thread_id}})
        await super().adelete_thread(thread_id)

    def _ask(self, config: Any) -> None:
        if guard := self.guards.get(config["configurable"]["thread_id"]):
            guard()
