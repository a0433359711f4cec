"""The app's screens beside a blank Streamlit page: cold start to first paint, and reruns over the real socket."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from review.desk import open_desk
from review.model import Reviewer
from review.settings import Settings
from tests.benchmarks.table import Figure, pairs, timed
from tests.serving import CHROMIUM, FLAGS, served

ROOT = Path(__file__).parents[2]
BLANK = 'import streamlit as st\n\nst.title("Blank")\n'
ROWS = 50


def measure_reruns() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _fill(home / "data")
        with (
            served(ROOT / "app.py", home) as ours,
            served(_blank(home), home) as bare,
            _socket(ours) as app,
            _socket(bare) as blank,
        ):
            return [
                pairs(
                    f"rerun of Queue with {ROWS} rows",
                    lambda: timed(lambda: _rerun(app)),
                    lambda: timed(lambda: _rerun(blank)),
                    60,
                    warm_up=10,
                )
            ]


def measure_cold_start() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        _fill(home / "data")
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

        blank = _blank(home)
        name = "cold start to first paint"
        try:
            return [pairs(name, lambda: first_paint(ROOT / "app.py"), lambda: first_paint(blank), 5, warm_up=1)]
        finally:
            browser.close()


def _fill(data: Path) -> None:
    """As many pending reviews as a page of the queue shows."""
    desk = open_desk(Settings(data_dir=data, graphs=ROOT / "langgraph.json"))
    for number in range(ROWS):
        desk.finish(desk.start("editorial", {"topic": f"Article {number}"}, Reviewer("ada")).id)
    desk.close()


def _blank(home: Path) -> Path:
    script = home / "blank.py"
    script.write_text(BLANK, "utf-8")
    return script


@contextmanager
def _socket(port: int) -> Iterator[ClientConnection]:
    """A session of the server's own protocol."""
    with connect(f"ws://localhost:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as session:  # type: ignore[list-item]
        _rerun(session)
        yield session


def _rerun(session: ClientConnection) -> None:
    """Ask for a rerun of the page; return when the script has finished."""
    ask = BackMsg()
    ask.rerun_script.query_string = ""
    session.send(ask.SerializeToString())
    while True:
        told = ForwardMsg()
        told.ParseFromString(session.recv(timeout=30))  # type: ignore[arg-type]
        if told.WhichOneof("type") == "script_finished":
            return
