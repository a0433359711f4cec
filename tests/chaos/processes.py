"""Processes that are cheap to kill: forked from one that has imported everything and runs no thread."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from typing import Any

# `review.desk` first: it says how LangGraph is to read checkpoints, before LangGraph is there.
PRELOADED = [
    "review.desk",
    "review.engine.local",
    "review.discovery",
    "review.ops.retention",
    "tests.chaos.victim",
    "jsonschema",
    "numpy",
    "sqlite_vec",
]
PATIENCE = 120

forks = get_context("forkserver")
forks.set_forkserver_preload(PRELOADED)


@contextmanager
def forked(target: Callable[..., None], *arguments: Any) -> Iterator[ForkServerProcess]:
    """A process that runs `target`; it does not outlive the block."""
    process = forks.Process(target=target, args=arguments)
    process.start()
    try:
        yield process
    finally:
        if process.is_alive():
            process.kill()
        process.join()
        process.close()


def ended(process: ForkServerProcess, seconds: float = PATIENCE) -> int | None:
    """The exit code of a process that ends by itself, or dies; None where it does neither."""
    process.join(seconds)
    return process.exitcode


def was_killed(process: ForkServerProcess) -> bool:
    return process.exitcode == -signal.SIGKILL


def kill_after(process: ForkServerProcess, seconds: float) -> None:
    """Not waiting for anything: this is the moment of death."""
    time.sleep(seconds)
    process.kill()
    process.join()
