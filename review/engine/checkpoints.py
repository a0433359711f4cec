"""The checkpoints of one engine: LangGraph's saver and store on an SQLite file, or a caller's own saver."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from filelock import FileLock

from review.engine.base import News
from review.engine.calls import Told, attached
from review.engine.news import read_news, reader
from review.engine.strict import serializer
from review.engine.tasks import Graph
from review.manifest import Allowed


class Checkpoints:
    """For the engine's loop alone. `saver` is a caller's own, which the caller's graph has already; without one the
    file at `path` is opened by `connect`, and `allowed` says which types its checkpoints may hold."""

    def __init__(self, path: Path | None, saver: Any, allowed: Allowed | None, lock_seconds: float) -> None:
        self._path = path
        self._allowed = allowed
        self._lock_seconds = lock_seconds
        self.saver = saver
        self._store: Any = None
        self._reader: Any = None
        self._open = AsyncExitStack()
        self._connecting = asyncio.Lock()

    @property
    def own(self) -> bool:
        """Whether the saver is the caller's own."""
        return self._path is None

    @property
    def name(self) -> str:
        return self._path.name if self._path else "of the checkpoints"

    def told(self) -> Told:
        return Told(self.name, own=self.own)

    def attached(self, graph: Graph) -> Graph:
        """The graph, with the saver and the store."""
        return graph if self.own else attached(graph, self.saver, self._store)

    @contextmanager
    def guarded(self, thread_id: str, guard: Callable[[], None] | None) -> Iterator[None]:
        """Have the guard asked before each write to the thread; a caller's own saver asks nobody."""
        if self.own or guard is None:
            yield
            return
        self.saver.guards[thread_id] = guard
        try:
            yield
        finally:
            del self.saver.guards[thread_id]

    async def news(self, mark: str | None) -> News:
        """What was written since the mark; of a caller's own saver nothing, since so are its threads."""
        if self.own:
            return News(mark or "")
        await self.connect()
        with self.told():
            return await read_news(self._reader, mark)

    async def connect(self) -> None:
        """Open the file, once."""
        async with self._connecting:
            if self.saver is None:
                self.saver, self._store = await self._connected()

    async def close(self) -> None:
        await self._open.aclose()

    async def _connected(self) -> tuple[Any, Any]:
        import aiosqlite
        from langgraph.store.sqlite.aio import AsyncSqliteStore

        from review.engine.saver import GuardedSaver

        assert self._path is not None
        with self.told():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connect = partial(aiosqlite.connect, self._path, timeout=self._lock_seconds)
            # LangGraph's tables are made by one process at a time: two at once would trip over each other.
            lock = FileLock(f"{self._path}.migrating", timeout=self._lock_seconds, thread_local=False)
            async with AsyncExitStack() as opening:
                await asyncio.to_thread(lock.acquire)
                opening.callback(lock.release)
                async with AsyncExitStack() as opened:
                    connection = await opened.enter_async_context(connect())
                    saver = GuardedSaver(connection, serde=serializer(self._allowed))
                    for_store = await opened.enter_async_context(connect(isolation_level=None))
                    store = await opened.enter_async_context(AsyncSqliteStore(for_store))
                    await saver.setup()
                    await store.setup()
                    self._reader = await opened.enter_async_context(reader(self._path, self._lock_seconds))
                    self._open = opened.pop_all()
        return saver, store
