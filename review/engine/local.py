"""The engine of this process: an asyncio loop on its own thread, LangGraph's SQLite saver and store."""

from __future__ import annotations

import asyncio
import copy
import sqlite3
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

from langgraph.errors import GraphDrained, is_invalid_resume
from langgraph.pregel import Pregel
from langgraph.runtime import RunControl
from langgraph.types import Command, StateSnapshot
from sqlalchemy.engine import make_url

from review.engine.base import Begin, Resume, RunOutcome, Snapshot, ThreadRef
from review.engine.history import steps_of
from review.engine.loop import LoopThread
from review.engine.reading import leaves, needs_writes, read_snapshot
from review.errors import BadInput
from review.ledger.database import storage_failed
from review.model import Step
from review.registry import Registry

Graph = Pregel[Any, Any, Any, Any]


class LocalEngine:
    """See `Engine`. `lent` goes into every run's configurable; `saver` is a caller's own, with the caller's graph."""

    def __init__(
        self,
        registry: Registry,
        checkpoints_url: str,
        *,
        lent: dict[str, Any] | None = None,
        lock_seconds: float = 10,
        saver: Any = None,
    ) -> None:
        self._registry = registry
        self._path = None if saver is not None else _sqlite_path(checkpoints_url)
        self._lent = lent or {}
        self._lock_seconds = lock_seconds
        self._saver = saver
        self._store: Any = None
        self._open = AsyncExitStack()
        self._graphs: dict[str, Graph] = {}
        self._runs: dict[str, tuple[asyncio.Task[None], RunControl]] = {}
        self._loop = LoopThread("review-engine")

    # What `Engine` asks for: each call crosses to the loop's thread and waits.

    def run(
        self, ref: ThreadRef, command: Begin | Resume, on_values: Callable[[Any], None] | None = None
    ) -> RunOutcome:
        return self._loop.wait(self._run(ref, command, on_values or (lambda _: None)))

    def snapshot(self, ref: ThreadRef) -> Snapshot:
        return self._loop.wait(self._snapshot(ref))

    def steps(self, ref: ThreadRef, after: str | None = None, limit: int = 200) -> list[Step]:
        return self._loop.wait(self._steps(ref, after, limit))

    def update_state(self, ref: ThreadRef, values: Any) -> None:
        self._loop.wait(self._update(ref, values))

    def close_thread(self, ref: ThreadRef) -> None:
        self._loop.wait(self._update(ref, None, as_node="__end__"))

    def delete_thread(self, thread_id: str) -> None:
        self._loop.wait(self._delete(thread_id))

    def cancel(self, thread_id: str) -> None:
        if found := self._runs.get(thread_id):
            self._loop.soon(found[0].cancel)

    def drain(self) -> None:
        for _, control in list(self._runs.values()):
            control.request_drain()

    def close(self) -> None:
        self._loop.stop(self._disconnect())

    # On the loop.

    async def _run(self, ref: ThreadRef, command: Begin | Resume, on_values: Callable[[Any], None]) -> RunOutcome:
        graph = await self._graph(ref.graph)
        control = RunControl()
        task = asyncio.ensure_future(self._stream(graph, ref, command, control, on_values))
        self._runs[ref.id] = task, control
        try:
            await task
        except asyncio.CancelledError:
            return RunOutcome(cancelled=True)
        except GraphDrained:
            return RunOutcome(drained=True)
        except sqlite3.DatabaseError as error:
            return RunOutcome(error=storage_failed(self._name, error))
        except Exception as error:
            return RunOutcome(error=error, invalid=str(error) if is_invalid_resume(error) else None)
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
        # Always an id map: a bare value is refused where several interrupts wait; an empty map means something else.
        if isinstance(command, Begin):
            given = command.input
        else:
            given = Command(resume=dict(command.answers)) if command.answers else None
        stream = graph.astream(
            given,
            self._config(ref),
            context=ref.context,
            stream_mode="values",
            durability="sync",
            control=control,
        )
        async for values in stream:
            on_values(values)

    async def _snapshot(self, ref: ThreadRef) -> Snapshot:
        graph = await self._graph(ref.graph)
        with self._told():
            state = await graph.aget_state(self._config(ref), subgraphs=True)
            writes = {}
            for leaf in leaves(state):
                if needs_writes(leaf):
                    place = leaf.snapshot.config["configurable"]
                    found = await self._saver.aget_tuple({"configurable": place})
                    writes[str(place.get("checkpoint_ns", ""))] = found.pending_writes or () if found else ()
            before: StateSnapshot | None = None
            if state.parent_config and graph.interrupt_after_nodes:
                before = await graph.aget_state(state.parent_config)
        return read_snapshot(graph, state, writes, before)

    async def _steps(self, ref: ThreadRef, after: str | None, limit: int) -> list[Step]:
        graph = await self._graph(ref.graph)
        newest_first = []
        with self._told():
            async for state in graph.aget_state_history(self._config(ref), limit=limit + 1):
                newest_first.append(state)
                if state.config["configurable"]["checkpoint_id"] == after:
                    break
        return steps_of(newest_first[::-1], after)

    async def _update(self, ref: ThreadRef, values: Any, as_node: str | None = None) -> None:
        graph = await self._graph(ref.graph)
        with self._told():
            await graph.aupdate_state(self._config(ref), values, as_node=as_node)

    async def _delete(self, thread_id: str) -> None:
        await self._connect()
        with self._told():
            await self._saver.adelete_thread(thread_id)

    async def _graph(self, name: str) -> Graph:
        await self._connect()
        if name not in self._graphs:
            # Importing somebody's graph may take seconds, in which other runs go on.
            found = await asyncio.to_thread(self._registry.get, name)
            # A plain copy keeps what LangGraph derived from the graph's types, unlike its own copy method.
            graph = copy.copy(found)
            graph.checkpointer = self._saver
            graph.store = found.store or self._store
            self._graphs[name] = graph
        return self._graphs[name]

    def _config(self, ref: ThreadRef) -> Any:
        configurable = dict(ref.config.get("configurable", {})) | self._lent | {"thread_id": ref.id}
        metadata = dict(ref.config.get("metadata", {})) | {"graph_id": ref.graph}
        return {**ref.config, "configurable": configurable, "metadata": metadata}

    async def _connect(self) -> None:
        if self._saver is not None:
            return
        import aiosqlite
        from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
        from langgraph.store.sqlite.aio import AsyncSqliteStore

        assert self._path is not None
        with self._told():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connect = partial(aiosqlite.connect, self._path, timeout=self._lock_seconds)
            for_saver = await self._open.enter_async_context(connect())
            for_store = await self._open.enter_async_context(connect(isolation_level=None))
            saver = AsyncSqliteSaver(for_saver)
            store = await self._open.enter_async_context(AsyncSqliteStore(for_store))
            await saver.setup()
            await store.setup()
        self._saver, self._store = saver, store

    async def _disconnect(self) -> None:
        await self._open.aclose()

    @property
    def _name(self) -> str:
        return self._path.name if self._path else "of the checkpoints"

    def _told(self) -> _Told:
        return _Told(self._name)


class _Told:
    """Turns a failure of the checkpoints' database into a sentence."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, sqlite3.DatabaseError | OSError):
            raise storage_failed(self._name, error) from error


def _sqlite_path(url: str) -> Path:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise BadInput(f"The setting REVIEW_CHECKPOINT_URL is {url!r}; write sqlite:///path/to/file.")
    return Path(parsed.database)
