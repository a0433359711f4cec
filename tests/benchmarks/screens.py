"""The app's screens beside a bare Streamlit page: cold start to first paint, and reruns over the real socket."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from tests.benchmarks.homes import APP, bare, fill
from tests.benchmarks.protocol import Shown, stream
from tests.benchmarks.table import Figure, pairs, timed
from tests.serving import CHROMIUM, FLAGS, served

ROWS = 50


def measure_reruns() -> list[Figure]:
    """Seconds from asking for a rerun of the whole page until its script has finished."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        first = fill(home, ROWS)[0]
        queue, review = Shown(), Shown(path="review", query=f"review={first.id}")
        with (
            served(APP, home) as ours,
            served(bare(home), home) as blank,
            _session(ours, queue) as rerun_queue,
            _session(ours, review) as rerun_review,
            _session(blank, Shown()) as rerun_blank,
        ):
            assert (queue.path, review.path) == ("", "review") and f"submit_{first.id}" in review.buttons
            return [
                _beside_blank(f"rerun of Queue with {ROWS} rows", rerun_queue, rerun_blank),
                _beside_blank("rerun of Review", rerun_review, rerun_blank),
            ]


def measure_cold_start() -> list[Figure]:
    """Seconds from starting the server's process until a new browser page shows a heading."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        fill(home, ROWS)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)

        def first_paint(script: Path) -> float:
            begun = time.perf_counter()
            with served(script, home) as port:
                page = browser.new_page()
                page.goto(f"http://localhost:{port}/")
                page.locator("h1").first.wait_for()
                taken = time.perf_counter() - begun
                page.close()
            return taken

        blank = bare(home)
        name = "cold start to first paint"
        try:
            return [pairs(name, lambda: first_paint(APP), lambda: first_paint(blank), 5, warm_up=1)]
        finally:
            browser.close()


def _beside_blank(name: str, ours: Callable[[], None], blank: Callable[[], None]) -> Figure:
    return pairs(name, lambda: timed(ours), lambda: timed(blank), 60, warm_up=10)


@contextmanager
def _session(port: int, shown: Shown) -> Iterator[Callable[[], None]]:
    """A session of the server's own protocol, on the page that `shown` names. What comes back asks for a rerun of that
    page, and returns when the script has finished."""
    with connect(stream(port), subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[list-item]

        def rerun() -> None:
            socket.send(shown.rerun())
            while not shown.take(ForwardMsg.FromString(socket.recv(timeout=30))):  # type: ignore[arg-type]
                pass

        rerun()
        yield rerun
