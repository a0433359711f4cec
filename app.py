"""The server: the relay starts and drains with it, browser or none; health; security headers.

`streamlit run app.py` or `uvicorn app:app` serve it.
"""

from __future__ import annotations

import gc
import logging
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.to_thread
import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.failures import show_failure
from components.heavy import import_heavy
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

# A setting that cannot be used, or a ledger that cannot be opened, ends the start with its sentence.
try:
    log_to_screen(load_settings().log_format)
    desk = open_desk()
    desk.check()
except ReviewError as refused:
    sys.exit(f"Countersign cannot start. {refused}")


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
    """On the relay's thread: load the graphs, add the examples.

    Streamlit collects garbage after every rerun; what was imported by now is left out of that from here on.
    """
    desk.graphs()
    import_heavy()
    if desk.settings.examples:
        add_examples(desk)
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
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
    middleware=[Middleware(SecurityHeaders)],
    on_script_error=show_failure,
)
