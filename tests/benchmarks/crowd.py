"""Many browser sessions on one server, without their browsers: each renews what its page has it renew, and decides."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import quote

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from tests.benchmarks.protocol import Button, Shown, stream

PATIENCE = 30.0  # seconds after which an answer is waited for no longer


@dataclass
class Session:
    """One of them. Once it is awake it has a browser's timers: one for each fragment that the server wants renewed."""

    socket: ClientConnection
    shown: Shown
    awake: bool = False
    timers: dict[str, tuple[float, asyncio.Task[None]]] = field(default_factory=dict)
    runs: int = 0  # that have finished
    told: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def listen(self) -> None:
        async for raw in self.socket:
            self.runs += self.shown.take(ForwardMsg.FromString(raw))  # type: ignore[arg-type]
            if self.awake:
                self._keep_timers()
            async with self.told:
                self.told.notify_all()

    async def open(self) -> None:
        await self.socket.send(self.shown.rerun())
        await self._until(lambda: self.runs > 0)

    async def click(self, prefix: str) -> tuple[float, float]:
        """Press the button of this key; seconds until another one of such a key was drawn, and until the run that drew
        it had finished, at most those of PATIENCE."""
        button, begun = self.newest(prefix), time.perf_counter()
        await self.socket.send(self.shown.rerun(clicked=button))
        with suppress(TimeoutError):
            await self._until(lambda: self.newest(prefix) != button)
        drawn, runs = time.perf_counter() - begun, self.runs
        with suppress(TimeoutError):
            await self._until(lambda: self.runs > runs)
        return drawn, time.perf_counter() - begun

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with self.told:
            await asyncio.wait_for(self.told.wait_for(condition), PATIENCE)

    def newest(self, prefix: str) -> Button:
        return next(each for key, each in reversed(self.shown.buttons.items()) if key.startswith(prefix))

    def wake(self) -> None:
        self.awake = True
        self._keep_timers()

    def leave(self) -> None:
        for _, timer in self.timers.values():
            timer.cancel()

    def _keep_timers(self) -> None:
        for fragment, (every, timer) in list(self.timers.items()):
            if self.shown.ticks.get(fragment) != every:
                timer.cancel()
                del self.timers[fragment]
        for fragment, every in self.shown.ticks.items():
            if fragment not in self.timers:
                self.timers[fragment] = every, asyncio.create_task(self._renew(fragment, every))

    async def _renew(self, fragment: str, every: float) -> None:
        while True:
            await asyncio.sleep(every)
            await self.socket.send(self.shown.rerun(fragment, ticks=True))


@asynccontextmanager
async def crowd(port: int, names: Sequence[str], query: str = "") -> AsyncIterator[list[Session]]:
    """A session for each name, on the page of this query, opened one after the other; none of them awake yet."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(_session(port, name, query)) for name in names]


@asynccontextmanager
async def _session(port: int, name: str, query: str) -> AsyncIterator[Session]:
    cookie = {"Cookie": f"countersign_reviewer={quote(name)}"}
    async with connect(stream(port), subprotocols=["streamlit"], max_size=None, additional_headers=cookie) as socket:  # type: ignore[list-item]
        session = Session(socket, Shown(query=query))
        listening = asyncio.create_task(session.listen())
        try:
            await session.open()
            yield session
        finally:
            session.leave()
            listening.cancel()
