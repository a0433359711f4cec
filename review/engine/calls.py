"""What every engine gives to LangGraph and makes of its answers, whichever of LangGraph's methods it calls."""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from langgraph.channels import BinaryOperatorAggregate
from langgraph.errors import GraphDrained, is_invalid_resume
from langgraph.runtime import RunControl
from langgraph.types import Command, Overwrite, StateSnapshot

from review.engine.base import Begin, Resume, RunOutcome, ThreadRef
from review.engine.tasks import Graph, namespace_of, standing
from review.engine.written import Listener, Pens
from review.errors import BadInput, ReviewError, StorageFailed
from review.ledger.database import storage_failed

UNSAVED = "not msgpack serializable"  # in what LangGraph's serialiser raises


@dataclass(frozen=True)
class Kept:
    """A script's own inputs and contexts by thread id. The ledger has plain JSON of them, which is all that another
    process can know; runs of this one get the objects themselves."""

    inputs: dict[str, Any] = field(default_factory=dict)
    contexts: dict[str, Any] = field(default_factory=dict)

    def forget(self, thread_id: str) -> None:
        self.inputs.pop(thread_id, None)
        self.contexts.pop(thread_id, None)


@dataclass(frozen=True)
class Calls:
    """The arguments of LangGraph's calls. `lent` goes into every run's configurable."""

    lent: Mapping[str, Any]
    kept: Kept = field(default_factory=Kept)
    pens: Pens = field(default_factory=Pens)

    def given(self, ref: ThreadRef, command: Begin | Resume) -> Any:
        """What to run with. Answers always as an id map: a bare value is refused where several interrupts wait; an
        empty map means something else."""
        if isinstance(command, Begin):
            return self.kept.inputs.get(ref.id, command.input)
        return Command(resume=dict(command.answers)) if command.answers else None

    def config(self, ref: ThreadRef) -> Any:
        configurable = dict(ref.config.get("configurable", {})) | dict(self.lent) | {"thread_id": ref.id}
        metadata = dict(ref.config.get("metadata", {})) | {"graph_id": ref.graph}
        return {**ref.config, "configurable": configurable, "metadata": metadata}

    def options(self, ref: ThreadRef, control: RunControl) -> dict[str, Any]:
        """How to stream: every step is kept before the next begins, and what models write meanwhile is heard."""
        config = self.config(ref)
        return {
            "config": {**config, "callbacks": [*(config.get("callbacks") or ()), Listener(self.pens, ref.id)]},
            "context": self.kept.contexts.get(ref.id, ref.context),
            "stream_mode": "values",
            "durability": "sync",
            "control": control,
        }


def state_change(graph: Graph, values: Any) -> Any:
    """What to give to LangGraph so that each key of `values` becomes what the person wrote, also where a reducer would
    add to it; messages alone go through theirs, which replaces by id and makes messages of plain JSON.

    Raises `BadInput` for values that change nothing: LangGraph passes over keys that the state does not have.
    """
    known = list(graph.stream_channels_list)
    if isinstance(values, Mapping) and (unknown := [key for key in values if key not in known]):
        raise BadInput(f"The state has no {', '.join(map(repr, unknown))}. Its keys are: {', '.join(known)}.")
    if not values:
        raise BadInput("There are no values to change the state to. Give at least one key of the state.")
    if not isinstance(values, Mapping):
        return values
    return {key: Overwrite(value) if _is_reduced(graph, key) else value for key, value in values.items()}


def _is_reduced(graph: Graph, key: str) -> bool:
    channel = graph.channels[key]
    if not isinstance(channel, BinaryOperatorAggregate):
        return False
    return getattr(channel.operator, "__module__", "") != "langgraph.graph.message"


def attached(found: Graph, saver: Any, store: Any) -> Graph:
    """The graph on another saver. A plain copy keeps what LangGraph derived from the graph's types, unlike its own
    copy method."""
    graph = copy.copy(found)
    graph.checkpointer = saver
    graph.store = found.store or store
    return graph


def places_to_read(state: StateSnapshot) -> dict[str, Any]:
    """Which checkpoints are needed as they are stored to read `state`, namespace to config: their pending writes tell
    which interrupts still wait, their channels which nodes come next, also those that the graph has no more."""
    return {namespace_of(part): {"configurable": part.config["configurable"]} for _, part in standing(state)}


def outcome_of(error: Exception, saver: str, hint: str | None = None) -> RunOutcome:
    """How a run ended that raised; `saver` names the checkpoints."""
    if isinstance(error, GraphDrained):
        return RunOutcome(drained=True)
    if isinstance(error, sqlite3.DatabaseError):
        return RunOutcome(error=storage_failed(saver, error))
    if isinstance(error, TypeError) and UNSAVED in str(error):
        return RunOutcome(error=_unsaved(error))
    return RunOutcome(error=error, invalid=str(error) if is_invalid_resume(error) else None, hint=hint)


def _unsaved(error: TypeError) -> TypeError:
    kind = str(error).rpartition(": ")[2]
    what = "Something in a node's question" if kind == "Interrupt" else f"A value of type {kind}"
    told = TypeError(f"{what} cannot be saved with the thread. Ask and return plain data, then retry.")
    told.__cause__ = error
    return told


class Told:
    """Turns a failure of the checkpoints' database into a sentence; of a caller's own saver, any failure."""

    def __init__(self, saver: str, *, own: bool = False) -> None:
        self._saver = saver
        self._own = own

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, sqlite3.DatabaseError | OSError):
            raise storage_failed(self._saver, error) from error
        if self._own and isinstance(error, Exception) and not isinstance(error, NotImplementedError | ReviewError):
            told = f"{type(error).__name__}: {error}"
            raise StorageFailed(f"The graph's checkpointer failed: {told}", database=self._saver) from error
