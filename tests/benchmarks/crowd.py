"""Many browser sessions on one server, without their browsers: each renews what its page has it renew, and decides."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
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
    ended: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def listen(self) -> None:
        async for raw in self.socket:
            finished = self.shown.take(ForwardMsg.FromString(raw))  # type: ignore[arg-type]
            if self.awake:
                self._keep_timers()
            if finished:
                async with self.ended:
                    self.ended.notify_all()

    async def open(self) -> None:
        async with self.ended:
            await self.socket.send(self.shown.rerun())
            await asyncio.wait_for(self.ended.wait(), PATIENCE)

    async def click(self, prefix: str) -> float:
        """Press the button of this key; seconds until a run has finished that drew another one of such a key,
        at most those of PATIENCE."""
        async with self.ended:
            button = self.newest(prefix)
            begun = time.perf_counter()
            await self.socket.send(self.shown.rerun(clicked=button))
            with suppress(TimeoutError):
                await asyncio.wait_for(self.ended.wait_for(lambda: self.newest(prefix) != button), PATIENCE)
            return time.perf_counter() - begun

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
