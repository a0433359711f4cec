"""The server: the relay starts and drains with it, browser or none; health; security headers.

`streamlit run app.py` or `uvicorn app:app` serve it.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from types import FrameType

import anyio.to_thread
import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.failures import show_failure
from components.heavy import import_heavy
from components.in_order import send_before_the_next_run
from components.lighter import tell_and_copy_less
from components.look import Look
from review import ReviewError, open_desk
from review.examples import add_examples
from review.ops.health import HealthCheck
from review.ops.logs import log_to_screen
from review.ops.metrics import CONTENT_TYPE, Metrics
from review.settings import load_settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "style-src 'self' 'unsafe-inline'",
        "script-src 'self' 'unsafe-inline' blob:",  # Streamlit imports an inline component's script as a blob
        "font-src 'self' data:",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "object-src 'none'",
        "form-action 'self'",
    )
)
HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
)

BROWSER_SECONDS = 2  # for a browser to take what it asked for, once the server was told to end

# A setting that cannot be used, or a ledger that cannot be opened, ends the start with its sentence.
try:
    log_to_screen(load_settings().log_format)
    desk = open_desk()
    desk.check()
except ReviewError as refused:
    sys.exit(f"Countersign cannot start. {refused}")


send_before_the_next_run()
tell_and_copy_less()
health_check, metrics = HealthCheck(desk), Metrics(desk)


class SecurityHeaders:
    """Puts the headers that Streamlit does not send on every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def begin() -> None:
    """On a thread of its own, so that the first page need not wait for LangGraph to be imported."""
    try:
        desk.relay.start(prepare)
    except ReviewError as error:
        logging.getLogger("app").error("The relay cannot begin, so no decision is carried out. %s", error)


def prepare() -> None:
    """On the relay's thread: load the graphs, add the examples."""
    desk.graphs()
    import_heavy()
    if desk.settings.examples:
        add_examples(desk)
    # Whatever lives by now lives on: nothing of it is looked at when garbage is collected.
    gc.collect()
    gc.freeze()


def heed_signals() -> None:
    """Drain from the signal on, and wait for browsers in bounds: uvicorn ends the lifespan only when every connection
    is closed, a browser that fell asleep keeps one open for ever, and Streamlit has no option against that."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        server = getattr(signal.getsignal(number), "__self__", None)
        if isinstance(server, uvicorn.Server):
            if server.config.timeout_graceful_shutdown is None:
                server.config.timeout_graceful_shutdown = BROWSER_SECONDS
            signal.signal(number, partial(_drain, loop, server))


def _drain(loop: asyncio.AbstractEventLoop, server: uvicorn.Server, number: int, frame: FrameType | None) -> None:
    loop.call_soon_threadsafe(desk.drain)
    server.handle_exit(number, frame)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    heed_signals()
    beginning = threading.Thread(target=begin, name="begin")
    beginning.start()
    try:
        yield
    finally:
        await anyio.to_thread.run_sync(beginning.join)
        await anyio.to_thread.run_sync(desk.close)


async def health(_request: Request) -> JSONResponse:
    """Whether the ledger and the checkpoints answer and the relay looks for work."""
    found = await anyio.to_thread.run_sync(health_check.look)
    return JSONResponse(found.as_json(), status_code=503 if found.failing else 200)


async def measure(_request: Request) -> Response:
    """Prometheus's."""
    try:
        text = await anyio.to_thread.run_sync(metrics.text)
    except ReviewError as error:
        return PlainTextResponse(error.message, status_code=503)
    return Response(text, headers={"content-type": CONTENT_TYPE})


app = st.App(
    Path(__file__).with_name("components") / "navigation.py",
    lifespan=lifespan,
    routes=[Route("/healthz", health), Route("/metrics", measure)],
    middleware=[Middleware(SecurityHeaders), Middleware(Look)],
    on_script_error=show_failure,
)
