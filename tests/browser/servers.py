"""The app as a process of its own, as a user starts it, and the command line beside it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from review.settings import PREFIX
from tests.support import ROOT, wait_for, write_graphs

SECONDS = 60  # a deadline for what takes one or two on an idle machine
RUNNING: set[Server] = set()


class Server:
    """`streamlit run app.py` on `port`, or on a free one; its databases in `folder`/data."""

    def __init__(
        self, folder: Path, env: Mapping[str, str] | None = None, *, cwd: Path = ROOT, port: int | None = None
    ) -> None:
        self.folder = folder
        self.data = folder / "data"
        folder.mkdir(parents=True, exist_ok=True)
        self._log = folder / f"server-{len(list(folder.glob('server-*')))}.log"
        own = {"REVIEW_DATA_DIR": str(self.data), "REVIEW_EXAMPLES": "false", "REVIEW_UNDO_SECONDS": "0"}
        self.env = {**clean_environment(), **own, **(env or {})}
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(self.port)],
                cwd=cwd,
                env=self.env,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        RUNNING.add(self)

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def wait_until_up(self) -> Server:
        wait_for(self._is_up, "the server", SECONDS)
        return self

    def end(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and wait; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(sign)
        RUNNING.discard(self)
        try:
            return self.process.wait(SECONDS)
        finally:
            self.process.kill()

    def command(self, *arguments: str) -> Any:
        """`python -m review ...` on the same data folder; returns its JSON."""
        done = subprocess.run(
            [sys.executable, "-m", "review", *arguments, "--json"],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def _is_up(self) -> bool:
        assert self.process.poll() is None, f"the server ended at its start:\n{self.log}"
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@contextmanager
def server_of(folder: Path, graphs: Mapping[str, str], **settings: str) -> Iterator[Server]:
    """A server with these graphs, by their names, for the tests of a module; each of them has threads of its own."""
    registry = write_graphs(folder / "graphs", **graphs)
    env = {"REVIEW_GRAPHS": str(registry), "REVIEW_POLL_SECONDS": "0.1"} | settings
    started = Server(folder, env).wait_until_up()
    try:
        yield started
    finally:
        started.end()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def clean_environment() -> dict[str, str]:
    """This process's, without settings of this machine's."""
    return {name: value for name, value in os.environ.items() if not name.startswith((PREFIX, "OPENAI_", "STREAMLIT_"))}
