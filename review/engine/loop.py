"""An asyncio loop on a thread of its own, so that no caller's loop, or lack of one, matters."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
log = logging.getLogger("review.loop")

END_SECONDS = 2  # a node that hangs, in a thread or on the loop, must not keep its process from ending


class LoopThread:
    """Starts with the first piece of work."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._at_end: list[Callable[[], Coroutine[Any, Any, None]]] = []

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` on the loop; block until it is done. A caller that is interrupted meanwhile takes it along."""
        future = asyncio.run_coroutine_threadsafe(work, self._running())
        try:
            return future.result()
        except KeyboardInterrupt:
            future.cancel()
            raise

    def soon(self, call: Callable[[], object]) -> None:
        """Have the loop make `call`, without waiting for it."""
        self._running().call_soon_threadsafe(call)

    def at_end(self, last: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Have `last` done when the loop stops."""
        self._at_end.append(last)

    def stop(self) -> None:
        """Do what is left for the end, latest first, and end the thread; a loop that never began has nothing to end.
        Where a node holds it up, it is left to end with the process."""
        with self._starting:
            loop, self._loop = self._loop, None
            thread, self._thread = self._thread, None
        if loop is None or thread is None:
            return
        until = time.monotonic() + END_SECONDS
        for last in reversed(self._at_end):
            try:
                asyncio.run_coroutine_threadsafe(last(), loop).result(max(0.0, until - time.monotonic()))
            except Exception as error:  # somebody's factory may raise when it is left; the others are left all the same
                log.error("something could not be closed", exc_info=error)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(max(0.0, until - time.monotonic()))

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._serve, args=(self._loop,), name=self._name, daemon=True)
                self._thread.start()
            return self._loop

    @staticmethod
    def _serve(loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        while True:
            try:
                loop.run_forever()
                break
            # A node that calls sys.exit ends its own run, never those of all the others.
            except SystemExit as error:
                log.error("a node asked this process to exit (%s); the loop goes on", error)
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
