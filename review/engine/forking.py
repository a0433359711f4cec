"""A fork: what of a thread's checkpoints goes into a new thread, so that the new one stands where the other stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from langgraph.checkpoint.base import CheckpointTuple

from review.errors import CheckpointNotFound

INPUT = "__start__"  # LangGraph's own channel and node of an input that no node has seen yet


async def acopy(saver: Any, thread_id: str, checkpoint_id: str, fork_id: str) -> CheckpointTuple:
    """Copy what led to the checkpoint, and it, into the thread `fork_id`; returns the chosen one."""
    lineage = Lineage(checkpoint_id)
    async for kept in saver.alist({"configurable": {"thread_id": thread_id}}):
        lineage.see(kept)
    lineage.check(thread_id)
    for namespace, each in lineage.places:
        kept = await saver.aget_tuple(place_of(thread_id, namespace, each))
        versions = kept.checkpoint["channel_versions"]
        place = await saver.aput(target_of(kept, fork_id), kept.checkpoint, kept.metadata, versions)
        for task_id, writes in writes_of(kept, checkpoint_id):
            await saver.aput_writes(place, writes, task_id)
    chosen: CheckpointTuple = await saver.aget_tuple(place_of(fork_id))
    return chosen


def copy(saver: Any, thread_id: str, checkpoint_id: str, fork_id: str) -> CheckpointTuple:
    """As `acopy`, with a saver's synchronous methods."""
    lineage = Lineage(checkpoint_id)
    for kept in saver.list({"configurable": {"thread_id": thread_id}}):
        lineage.see(kept)
    lineage.check(thread_id)
    for namespace, each in lineage.places:
        kept = saver.get_tuple(place_of(thread_id, namespace, each))
        versions = kept.checkpoint["channel_versions"]
        place = saver.put(target_of(kept, fork_id), kept.checkpoint, kept.metadata, versions)
        for task_id, writes in writes_of(kept, checkpoint_id):
            saver.put_writes(place, writes, task_id)
    chosen: CheckpointTuple = saver.get_tuple(place_of(fork_id))
    return chosen


class Lineage:
    """Which checkpoints to copy, told from all of a thread's, newest first: the chosen one with those that led to it;
    of a subgraph with a memory of its own, the newest that it had by then. What a subgraph did within one step is not
    copied: the step that the fork stands in begins anew. The chosen one comes first, so that a copy cut short never
    stands at an earlier step."""

    def __init__(self, checkpoint_id: str) -> None:
        self._chosen = checkpoint_id
        self._awaited: str | None = checkpoint_id
        self._remembered: set[str] = set()
        self.places: list[tuple[str, str]] = []

    def see(self, kept: CheckpointTuple) -> None:
        place = kept.config["configurable"]
        namespace, checkpoint_id = place.get("checkpoint_ns", ""), place["checkpoint_id"]
        if not namespace and checkpoint_id == self._awaited:
            self.places.append((namespace, checkpoint_id))
            self._awaited = parent_of(kept)
        elif _is_memory(namespace) and checkpoint_id < self._chosen and namespace not in self._remembered:
            self.places.append((namespace, checkpoint_id))
            self._remembered.add(namespace)

    def check(self, thread_id: str) -> None:
        """Raises `CheckpointNotFound` where none of them was the chosen one."""
        if ("", self._chosen) not in self.places:
            raise CheckpointNotFound(
                f"Thread {thread_id} has no checkpoint {self._chosen!r}. "
                f"`python -m review thread {thread_id} --json` lists its steps, each with its checkpoint."
            )


def place_of(thread_id: str, namespace: str = "", checkpoint_id: str | None = None) -> Any:
    at = {"checkpoint_id": checkpoint_id} if checkpoint_id else {}
    return {"configurable": {"thread_id": thread_id, "checkpoint_ns": namespace} | at}


def parent_of(kept: CheckpointTuple) -> str | None:
    return kept.parent_config["configurable"]["checkpoint_id"] if kept.parent_config else None


def target_of(kept: CheckpointTuple, thread_id: str) -> Any:
    """Under what the copy is put: the same place of the other thread."""
    return place_of(thread_id, kept.config["configurable"].get("checkpoint_ns", ""), parent_of(kept))


def writes_of(kept: CheckpointTuple, chosen: str) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """By task, what was written beyond a checkpoint on the way; nothing of the chosen one, whose tasks begin anew."""
    by_task: dict[str, list[tuple[str, Any]]] = {}
    if kept.config["configurable"]["checkpoint_id"] != chosen:
        for task_id, channel, value in kept.pending_writes or ():
            by_task.setdefault(task_id, []).append((channel, value))
    yield from by_task.items()


def completed(values: Mapping[str, Any], kept: CheckpointTuple) -> Mapping[str, Any]:
    """Values for a thread that has its input and nothing else: they would stand in the place of all of the input."""
    given = kept.checkpoint["channel_values"].get(INPUT)
    return {**given, **values} if isinstance(given, Mapping) else values


def _is_memory(namespace: str) -> bool:
    """Whether a subgraph keeps its state there from one run to the next: the names alone, without a task's id."""
    return bool(namespace) and ":" not in namespace
