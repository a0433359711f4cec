"""A server of our own for the time of a block, and the browser to look at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

# The one without windows first, which a page costs a third less. Where this is None, Playwright's own, which has none.
BROWSERS = "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class Server(NamedTuple):
    port: int
    pid: int


@contextmanager
def served(script: Path, home: Path, **settings: str) -> Iterator[int]:
    """The port of a server of its own for the script."""
    with serving(script, home, **settings) as server:
        yield server.port


@contextmanager
def serving(script: Path, home: Path, **settings: str) -> Iterator[Server]:
    """The script behind a server of its own, on a free port, until the block ends; its data in `home`/data."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.headless", "true", "--browser.gatherUsageStats", "false", "--server.address", "localhost"]
    env = os.environ | {"REVIEW_DATA_DIR": str(home / "data"), "REVIEW_EXAMPLES": "false"} | settings
    with (home / "server.log").open("ab") as log:
        server = subprocess.Popen(command, cwd=script.parent, env=env, stdout=log, stderr=log)
        try:
            _wait_until_it_answers(port)
            yield Server(port, server.pid)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_until_it_answers(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise TimeoutError("the server did not come up")
