"""The engine of this process: graphs run on an asyncio loop that has a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from langgraph.runtime import RunControl
from langgraph.types import StateSnapshot

from review.engine.base import Begin, News, Resume, RunOutcome, Shape, Snapshot, Stood, ThreadRef, Written
from review.engine.breakpoints import with_stops_behind
from review.engine.calls import Calls, Kept, Told, outcome_of, places_to_read, state_change
from review.engine.checkpoints import Checkpoints
from review.engine.forking import acopy, completed, place_of
from review.engine.history import steps_of, stood_of
from review.engine.reading import is_edited, read_snapshot
from review.engine.shapes import shape_of
from review.engine.strict import hint_of, noting_blocked
from review.engine.tasks import Graph, namespace_of
from review.model import Step
from review.registry import Registry
from review.settings import sqlite_file


class LocalEngine:
    """See `Engine`. `lent` goes into every run's configurable.

    `saver` is a caller's own, which the caller's graph has already: graph, saver and store are used as they are.
    """

    def __init__(
        self,
        registry: Registry,
        checkpoints_url: str = "",
        *,
        lent: dict[str, Any] | None = None,
        lock_seconds: float = 10,
        saver: Any = None,
        kept: Kept | None = None,
    ) -> None:
        self._registry = registry
        path = None if saver is not None else sqlite_file(checkpoints_url)
        self._checkpoints = Checkpoints(path, saver, registry.allowed, lock_seconds)
        self._calls = Calls(lent or {}, kept or Kept())
        self._graphs: dict[str, Graph] = {}
        self._runs: dict[str, tuple[asyncio.Task[None], RunControl]] = {}
        self._loop = registry.loop
        self._loop.at_end(self._checkpoints.close)

    # What `Engine` asks for: each call crosses to the loop's thread and waits.

    def run(
        self,
        ref: ThreadRef,
        command: Begin | Resume,
        on_values: Callable[[Any], None] | None = None,
        guard: Callable[[], None] | None = None,
    ) -> RunOutcome:
        return self._loop.wait(self._run(ref, command, on_values or (lambda _: None), guard or (lambda: None)))

    def snapshot(self, ref: ThreadRef) -> Snapshot:
        return self._loop.wait(self._snapshot(ref))

    def steps(self, ref: ThreadRef, after: str | None = None, limit: int = 200) -> list[Step]:
        return self._loop.wait(self._steps(ref, after, limit))

    def written(self, thread_id: str) -> tuple[Written, ...]:
        return self._calls.pens.of(thread_id)

    def stood(self, ref: ThreadRef, checkpoint_id: str) -> Stood:
        return self._loop.wait(self._stood(ref, checkpoint_id))

    def fork_thread(self, ref: ThreadRef, checkpoint_id: str, fork_id: str, values: Any = None) -> None:
        self._loop.wait(self._fork(ref, checkpoint_id, fork_id, values))

    def shape(self, graph: str) -> Shape:
        return shape_of(self._loop.wait(self._graph(graph)))

    def news(self, mark: str | None) -> News:
        return self._loop.wait(self._news(mark))

    def update_state(self, ref: ThreadRef, values: Any, guard: Callable[[], None] | None = None) -> None:
        self._loop.wait(self._update(ref, values, guard))

    def close_thread(self, ref: ThreadRef, guard: Callable[[], None] | None = None) -> None:
        self._loop.wait(self._update(ref, None, guard, as_node="__end__"))

    def delete_thread(self, thread_id: str, guard: Callable[[], None] | None = None) -> None:
        self._loop.wait(self._delete(thread_id, guard))

    def cancel(self, thread_id: str) -> None:
        if found := self._runs.get(thread_id):
            self._loop.soon(found[0].cancel)

    def drain(self) -> None:
        for _, control in list(self._runs.values()):
            control.request_drain()

    def close(self) -> None:
        self._loop.stop()

    # On the loop.

    async def _run(
        self, ref: ThreadRef, command: Begin | Resume, on_values: Callable[[Any], None], guard: Callable[[], None]
    ) -> RunOutcome:
        graph = await self._graph(ref.graph)
        control = RunControl()

        def at_step(values: Any) -> None:
            if self._checkpoints.own:  # such a saver asks nobody
                guard()
            on_values(values)

        try:
            with noting_blocked() as blocked, self._checkpoints.guarded(ref.id, guard), self._calls.pens.over(ref.id):
                task = asyncio.ensure_future(self._stream(graph, ref, command, control, at_step))
                self._runs[ref.id] = task, control
                await task
        except asyncio.CancelledError:
            return RunOutcome(cancelled=True)
        except SystemExit as error:
            return RunOutcome(error=RuntimeError(f"A node called sys.exit({error}), which ends its run alone."))
        except Exception as error:
            return outcome_of(error, self._checkpoints.name, hint_of(blocked))
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:  # a node may raise what no library expects; its thread is settled all the same
            return RunOutcome(error=error)
        finally:
            del self._runs[ref.id]
        return RunOutcome()

    async def _stream(
        self,
        graph: Graph,
        ref: ThreadRef,
        command: Begin | Resume,
        control: RunControl,
        on_values: Callable[[Any], None],
    ) -> None:
        given, options = self._calls.given(ref, command), self._calls.options(ref, control)
        async for values in graph.astream(given, **options):
            on_values(values)

    async def _snapshot(self, ref: ThreadRef) -> Snapshot:
        graph = await self._graph(ref.graph)
        with self._told():
            state = await graph.aget_state(self._calls.config(ref), subgraphs=True)
            places = places_to_read(state)
            stored = {namespace: await self._checkpoints.saver.aget_tuple(place) for namespace, place in places.items()}
            parts = with_stops_behind(graph, state)
            before = {namespace_of(part): await self._before(graph, part) for part in parts}
        return read_snapshot(graph, state, stored, before)

    @staticmethod
    async def _before(graph: Graph, state: StateSnapshot) -> StateSnapshot | None:
        while is_edited(state) and state.parent_config:
            state = await graph.aget_state(state.parent_config)
        return await graph.aget_state(state.parent_config) if state.parent_config else None

    async def _steps(self, ref: ThreadRef, after: str | None, limit: int) -> list[Step]:
        graph = await self._graph(ref.graph)
        newest_first = []
        with self._told():
            async for state in graph.aget_state_history(self._calls.config(ref), limit=limit + 1):
                newest_first.append(state)
                if state.config["configurable"]["checkpoint_id"] == after:
                    break
        return steps_of(newest_first[::-1], after)

    async def _stood(self, ref: ThreadRef, checkpoint_id: str) -> Stood:
        graph = await self._graph(ref.graph)
        with self._told():
            state = await graph.aget_state(place_of(ref.id, checkpoint_id=checkpoint_id))
        return stood_of(state, ref.id, checkpoint_id)

    async def _fork(self, ref: ThreadRef, checkpoint_id: str, fork_id: str, values: Any) -> None:
        graph = await self._graph(ref.graph)
        change = None if values is None else state_change(graph, values)
        with self._told():
            chosen = await acopy(self._checkpoints.saver, ref.id, checkpoint_id, fork_id)
            if change is not None:
                fork = self._calls.config(replace(ref, id=fork_id))
                await graph.aupdate_state(fork, completed(change, chosen))

    async def _news(self, mark: str | None) -> News:
        return await self._checkpoints.news(mark)

    async def _update(
        self, ref: ThreadRef, values: Any, guard: Callable[[], None] | None, as_node: str | None = None
    ) -> None:
        graph = await self._graph(ref.graph)
        if as_node is None:
            values = state_change(graph, values)
        with self._told(), self._checkpoints.guarded(ref.id, guard):
            if guard is not None:  # a caller's own saver asks nobody
                guard()
            await graph.aupdate_state(self._calls.config(ref), values, as_node=as_node)

    async def _delete(self, thread_id: str, guard: Callable[[], None] | None) -> None:
        await self._checkpoints.connect()
        with self._told(), self._checkpoints.guarded(thread_id, guard):
            if guard is not None:  # a caller's own saver asks nobody
                guard()
            await self._checkpoints.saver.adelete_thread(thread_id)

    async def _graph(self, name: str) -> Graph:
        await self._checkpoints.connect()
        if name not in self._graphs:
            # Importing somebody's graph may take seconds, in which other runs go on.
            found = await asyncio.to_thread(self._registry.get, name)
            self._graphs[name] = self._checkpoints.attached(found)
        return self._graphs[name]

    def _told(self) -> Told:
        return self._checkpoints.told()
