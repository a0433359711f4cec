"""An asyncio loop on a thread of its own, so that no caller's loop, or lack of one, matters."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class LoopThread:
    """Starts with the first piece of work."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._starting = threading.Lock()

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` on the loop; block until it is done."""
        return asyncio.run_coroutine_threadsafe(work, self._running()).result()

    def soon(self, call: Callable[[], object]) -> None:
        """Have the loop make `call`, without waiting for it."""
        self._running().call_soon_threadsafe(call)

    def stop(self, last: Coroutine[Any, Any, None]) -> None:
        """Do the `last` piece of work and end the thread; a loop that never began has nothing to end."""
        with self._starting:
            loop, self._loop = self._loop, None
        if loop is None:
            last.close()
            return
        asyncio.run_coroutine_threadsafe(last, loop).result()
        loop.call_soon_threadsafe(loop.stop)

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._serve, args=(self._loop,), name=self._name, daemon=True).start()
            return self._loop

    @staticmethod
    def _serve(loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        loop.run_forever()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
