"""SIGTERM while browsers are there: the app drains its runs and ends in the promised time, whoever is connected."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import streamlit
from playwright.sync_api import expect

from review.desk import Desk
from review.model import ReviewStatus, Thread, ThreadStatus
from tests.browser.conftest import Serve, Watched
from tests.browser.graphs import PATIENT
from tests.browser.screens import give_name, new_review, open_review, press, status
from tests.browser.servers import SECONDS, Server
from tests.review.test_shutdown import STEPS, ended
from tests.support import ADA, values, wait_for, write_graphs

Beside = Callable[[Server], Desk]
SCRIPTS = Path(streamlit.__file__).parent / "static"


@contextmanager
def stalled(server: Server) -> Iterator[None]:
    """A browser that fell asleep over the page's largest file: connected, and it takes nothing more."""
    largest = max(SCRIPTS.rglob("*.js"), key=lambda file: file.stat().st_size)
    with socket.socket() as browser:
        browser.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        browser.connect(("localhost", urlsplit(server.url).port))
        browser.sendall(f"GET /{largest.relative_to(SCRIPTS)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert browser.recv(12) == b"HTTP/1.1 200"
        yield


def listens(server: Server) -> bool:
    with socket.socket() as visitor:
        return visitor.connect_ex(("localhost", urlsplit(server.url).port)) == 0


def started(desk: Desk, graph: str, folder: Path) -> Thread:
    """A thread that the server runs, and whose first node waits for a file."""
    thread = desk.start(graph, {"topic": "rye"}, ADA)
    wait_for((folder / "running").exists, "the run", SECONDS)
    return thread


def test_an_app_with_an_open_page_and_a_run_ends_soon_and_the_next_one_goes_on(
    serve: Serve, watched: Watched, beside: Beside, tmp_path: Path
) -> None:
    registry = write_graphs(tmp_path / "graphs", patient=PATIENT)
    server = serve(REVIEW_GRAPHS=str(registry))
    desk = beside(server)
    review = new_review(desk, "rye", "patient")
    page = watched.open()
    open_review(page, server, review)
    give_name(page, "Ada")
    press(page, "Approve")
    wait_for((registry.parent / "rye.begun").exists, "the run", SECONDS)
    expect(page.get_by_text("Running").first).to_be_visible()
    assert ended(server.process) in (0, -signal.SIGTERM)
    assert "Traceback" not in server.log
    assert desk.thread(review.thread_id).lease_owner is None
    page.close()
    watched.broken.clear()  # that its server has gone

    (registry.parent / "rye.go").touch()
    serve(REVIEW_GRAPHS=str(registry))
    wait_for(lambda: desk.thread(review.thread_id).status == ThreadStatus.DONE, "the run's end", SECONDS)
    assert status(desk, review) == ReviewStatus.RESUMED
    assert (registry.parent / "rye.out").read_text("utf-8") == "published\n"


def test_an_app_ends_although_a_browser_takes_nothing_more(serve: Serve, beside: Beside, tmp_path: Path) -> None:
    registry = write_graphs(tmp_path / "graphs", steps=STEPS)
    server = serve(REVIEW_GRAPHS=str(registry))
    desk = beside(server)
    thread = started(desk, "steps", registry.parent)
    with stalled(server):
        assert ended(server.process) in (0, -signal.SIGTERM)
    assert desk.thread(thread.id).lease_owner is None

    (registry.parent / "go").touch()
    serve(REVIEW_GRAPHS=str(registry))
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.DONE, "the run's end", SECONDS)
    assert values(desk, thread.id)["log"] == ["first", "second", "third"]


def test_an_app_stops_behind_the_step_that_runs_although_a_browser_takes_nothing_more(
    serve: Serve, beside: Beside, tmp_path: Path
) -> None:
    registry = write_graphs(tmp_path / "graphs", steps=STEPS)
    server = serve(REVIEW_GRAPHS=str(registry))
    desk = beside(server)
    thread = started(desk, "steps", registry.parent)
    with stalled(server):
        server.process.send_signal(signal.SIGTERM)
        wait_for(lambda: not listens(server), "the signal to be heard", SECONDS)
        (registry.parent / "go").touch()
        wait_for(lambda: desk.thread(thread.id).lease_owner is None, "the end of the step", SECONDS)
        assert values(desk, thread.id)["log"] == ["first"]
        server.end()
    assert desk.thread(thread.id).status == ThreadStatus.RUNNING

    serve(REVIEW_GRAPHS=str(registry))
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.DONE, "the run's end", SECONDS)
    assert values(desk, thread.id)["log"] == ["first", "second", "third"]
