"""A thread's steps, from its checkpoints: one a superstep, so every process can show a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from langgraph.types import StateSnapshot

from review.engine.base import Stood
from review.errors import CheckpointNotFound
from review.model import Step
from review.plain import plain


def steps_of(states: Sequence[StateSnapshot], after: str | None) -> list[Step]:
    """Steps of `states`, oldest first; the first state is only compared with, if it is checkpoint `after`."""
    steps = []
    before: StateSnapshot | None = None
    for state in states:
        checkpoint_id = state.config["configurable"]["checkpoint_id"]
        if checkpoint_id != after:
            steps.append(_step(checkpoint_id, state, before))
        before = state
    return steps


def stood_of(state: StateSnapshot, thread_id: str, checkpoint_id: str) -> Stood:
    if state.created_at is None:
        raise CheckpointNotFound(f"Thread {thread_id} has no checkpoint {checkpoint_id!r}.")
    return Stood(checkpoint_id, state.values, state.next, datetime.fromisoformat(str(state.created_at)))


def _step(checkpoint_id: str, state: StateSnapshot, before: StateSnapshot | None) -> Step:
    values = plain(state.values)
    earlier = plain(before.values) if before is not None else {}
    metadata: Mapping[str, Any] = state.metadata or {}
    nodes = tuple(task.name for task in before.tasks) if before is not None else ()
    return Step(
        checkpoint_id=checkpoint_id,
        number=int(metadata.get("step", 0)),
        nodes=nodes if metadata.get("source") == "loop" else (str(metadata.get("source", "")),),
        values=values,
        changes=_changes(earlier, values),
        at=datetime.fromisoformat(str(state.created_at)),
    )


def _changes(earlier: Any, values: Any) -> dict[str, Any]:
    if not isinstance(values, dict) or not isinstance(earlier, dict):
        return {} if values == earlier else {"value": values}
    unlike = [key for key in values if key not in earlier or earlier[key] != values[key]]
    return {key: _added(earlier.get(key), values[key]) for key in unlike}


def _added(earlier: Any, value: Any) -> Any:
    grew = isinstance(earlier, list) and isinstance(value, list) and value[: len(earlier)] == earlier
    return value[len(earlier) :] if grew else value
