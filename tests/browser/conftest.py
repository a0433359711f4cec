"""Servers, browsers, and the rules that hold on every page: no other host is asked, nothing fails in the console."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from review.desk import Desk, open_desk
from review.settings import Settings
from tests.browser.graphs import GRAPHS
from tests.browser.servers import RUNNING, SECONDS, Server, server_of
from tests.serving import CHROMIUM, FLAGS

# Streamlit looks for its server at each level of the path before it finds it.
PROBING = "_stcore/"

Serve = Callable[..., Server]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser on a busy machine can miss a click; what fails twice is a fault."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report = yield
    if report.failed:
        report.sections += [(f"log of {server.url}", server.log[-6000:]) for server in RUNNING]
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts servers over the data folder in `tmp_path`, and ends them: `serve(REVIEW_UNDO_SECONDS="5")`. One that has
    ended is started again by `serve(port=it.port)`."""
    started: list[Server] = []

    def start(port: int | None = None, **env: str) -> Server:
        started.append(Server(tmp_path, env, port=port))
        return started[-1].wait_until_up()

    yield start
    for server in started:
        server.end()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests of a module, with small graphs; each test has threads of its own."""
    with server_of(tmp_path_factory.mktemp("server"), GRAPHS) as started:
        yield started


@pytest.fixture
def beside() -> Iterator[Callable[[Server], Desk]]:
    """Opens this process's own desk on a server's data folder."""
    opened: list[Desk] = []

    def open_beside(server: Server) -> Desk:
        graphs = Path(server.env.get("REVIEW_GRAPHS", "langgraph.json"))
        opened.append(open_desk(Settings(data_dir=server.data, graphs=graphs)))
        return opened[-1]

    yield open_beside
    for desk in opened:
        desk.close()


@pytest.fixture
def desk(server: Server, beside: Callable[[Server], Desk]) -> Desk:
    """Another process's desk on the module's server's data: what it records, the server runs."""
    return beside(server)


class Watched:
    """Browser contexts whose pages may ask no other host, and may write no error to the console."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.broken: list[str] = []
        self.server_goes = False  # set by who tests that: its browser then has much to say

    def open(self, **options: Any) -> Page:
        """A page of a new browser context: another person's browser."""
        context = self._browser.new_context(**options)
        context.set_default_timeout(SECONDS * 1000)
        context.on("request", lambda request: self._see(request.url))
        context.on("console", lambda message: self._hear(message.type, message.text, message.location["url"]))
        context.on("weberror", lambda error: self.broken.append(f"script: {error.error}"))
        self._contexts.append(context)
        return context.new_page()

    def close(self) -> None:
        for context in self._contexts:
            context.close()
        assert not self.broken

    def _see(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "localhost":
            self.broken.append(f"asked another host: {url}")

    def _hear(self, kind: str, text: str, url: str) -> None:
        if kind == "error" and not self.server_goes and not (PROBING in url and "404" in text):
            self.broken.append(f"console: {text} ({url})")


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    contexts = Watched(browser)
    yield contexts
    contexts.close()


@pytest.fixture
def page(watched: Watched) -> Page:
    """A page of a fresh browser."""
    return watched.open(viewport={"width": 1280, "height": 900})
