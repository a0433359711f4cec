"""The engine of the caller's own thread, for savers that have no asynchronous methods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from langgraph.runtime import RunControl
from langgraph.types import StateSnapshot

from review.engine.base import Begin, News, Resume, RunOutcome, Shape, Snapshot, Stood, ThreadRef, Written
from review.engine.breakpoints import with_stops_behind
from review.engine.calls import Calls, Kept, Told, outcome_of, places_to_read, state_change
from review.engine.forking import completed, copy, place_of
from review.engine.history import steps_of, stood_of
from review.engine.reading import is_edited, read_snapshot
from review.engine.shapes import shape_of
from review.engine.tasks import Graph, namespace_of
from review.model import Step
from review.registry import Registry

NAME = "of the checkpoints"


class DirectEngine:
    """See `Engine`. Graphs, savers and stores are used as they are; nodes must be synchronous."""

    def __init__(
        self, registry: Registry, saver: Any, *, lent: dict[str, Any] | None = None, kept: Kept | None = None
    ) -> None:
        self._registry = registry
        self._saver = saver
        self._calls = Calls(lent or {}, kept or Kept())
        self._runs: dict[str, RunControl] = {}
        self._cancelled: set[str] = set()

    def run(
        self,
        ref: ThreadRef,
        command: Begin | Resume,
        on_values: Callable[[Any], None] | None = None,
        guard: Callable[[], None] | None = None,
    ) -> RunOutcome:
        graph = self._graph(ref)
        control = self._runs[ref.id] = RunControl()
        try:
            with self._calls.pens.over(ref.id):
                for values in graph.stream(self._calls.given(ref, command), **self._calls.options(ref, control)):
                    if guard is not None:
                        guard()
                    if on_values is not None:
                        on_values(values)
        except Exception as error:
            outcome = outcome_of(error, NAME)
            return RunOutcome(cancelled=True) if outcome.drained and ref.id in self._cancelled else outcome
        finally:
            del self._runs[ref.id]
            self._cancelled.discard(ref.id)
        return RunOutcome()

    def snapshot(self, ref: ThreadRef) -> Snapshot:
        graph = self._graph(ref)
        with self._told():
            state = graph.get_state(self._calls.config(ref), subgraphs=True)
            places = places_to_read(state)
            stored = {namespace: self._saver.get_tuple(place) for namespace, place in places.items()}
            parts = with_stops_behind(graph, state)
            before = {namespace_of(part): self._before(graph, part) for part in parts}
        return read_snapshot(graph, state, stored, before)

    @staticmethod
    def _before(graph: Graph, state: StateSnapshot) -> StateSnapshot | None:
        while is_edited(state) and state.parent_config:
            state = graph.get_state(state.parent_config)
        return graph.get_state(state.parent_config) if state.parent_config else None

    def steps(self, ref: ThreadRef, after: str | None = None, limit: int = 200) -> list[Step]:
        newest_first = []
        with self._told():
            for state in self._graph(ref).get_state_history(self._calls.config(ref), limit=limit + 1):
                newest_first.append(state)
                if state.config["configurable"]["checkpoint_id"] == after:
                    break
        return steps_of(newest_first[::-1], after)

    def written(self, thread_id: str) -> tuple[Written, ...]:
        return self._calls.pens.of(thread_id)

    def stood(self, ref: ThreadRef, checkpoint_id: str) -> Stood:
        with self._told():
            state = self._graph(ref).get_state(place_of(ref.id, checkpoint_id=checkpoint_id))
        return stood_of(state, ref.id, checkpoint_id)

    def fork_thread(self, ref: ThreadRef, checkpoint_id: str, fork_id: str, values: Any = None) -> None:
        graph = self._graph(ref)
        change = None if values is None else state_change(graph, values)
        with self._told():
            chosen = copy(self._saver, ref.id, checkpoint_id, fork_id)
            if change is not None:
                graph.update_state(self._calls.config(replace(ref, id=fork_id)), completed(change, chosen))

    def shape(self, graph: str) -> Shape:
        return shape_of(self._registry.get(graph))

    def news(self, mark: str | None) -> News:
        """None: the saver is the caller's, and so are its threads."""
        return News(mark or "")

    def update_state(self, ref: ThreadRef, values: Any, guard: Callable[[], None] | None = None) -> None:
        self._update(ref, values, guard)

    def close_thread(self, ref: ThreadRef, guard: Callable[[], None] | None = None) -> None:
        self._update(ref, None, guard, as_node="__end__")

    def delete_thread(self, thread_id: str, guard: Callable[[], None] | None = None) -> None:
        with self._told():
            if guard is not None:
                guard()
            self._saver.delete_thread(thread_id)

    def cancel(self, thread_id: str) -> None:
        """At the next step's boundary: a thread of the caller's cannot be cut off within a node."""
        if control := self._runs.get(thread_id):
            self._cancelled.add(thread_id)
            control.request_drain()

    def drain(self) -> None:
        for control in list(self._runs.values()):
            control.request_drain()

    def close(self) -> None:
        """Nothing to give up: the saver is the caller's."""

    def _update(
        self, ref: ThreadRef, values: Any, guard: Callable[[], None] | None, as_node: str | None = None
    ) -> None:
        graph = self._graph(ref)
        if as_node is None:
            values = state_change(graph, values)
        with self._told():
            if guard is not None:
                guard()
            graph.update_state(self._calls.config(ref), values, as_node=as_node)

    def _graph(self, ref: ThreadRef) -> Graph:
        return self._registry.get(ref.graph)

    def _told(self) -> Told:
        return Told(NAME, own=True)
