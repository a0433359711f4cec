"""What the theme in .streamlit/config.toml cannot say, and what is a step for Back, in the page from its first byte on.

Were the style an element of the script, it would come beside what it is for, and the page would be seen without it for
a moment; and Streamlit may write its first address before any component is there."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.places import ASSETS

LOOK, ENTRIES = ((ASSETS / name).read_text("utf-8") for name in ("look.css", "entries.js"))
ADDED = f"<style>{LOOK}</style><script>{ENTRIES}</script>".encode()
END = b"</body>"  # behind Streamlit's own style, which it adds to the head
# By these the answer could be a part of the page, a packed one, or that the browser has it: with an older style.
ABOUT_ITS_BYTES = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range", b"if-range")


class Look:
    """Puts both into each HTML page that is asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not _wants_page(scope):
            await self._app(scope, receive, send)
            return
        asked = [each for each in scope["headers"] if each[0] not in ABOUT_ITS_BYTES]
        await self._app({**scope, "headers": asked}, receive, _Completed(send).send)


class _Completed:
    """Sends an answer on, HTML as one piece with what is added."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._page = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is None or message["type"] != "http.response.body":
            await self._send(message)
        else:
            self._page += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_page(self._start)

    async def _send_page(self, start: Message) -> None:
        page = self._page.replace(END, ADDED + END, 1)
        headers = MutableHeaders(raw=list(start["headers"]))
        for name in ("etag", "last-modified"):  # of the page as it was
            del headers[name]
        headers["content-length"] = str(len(page))
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": page})


def _wants_page(scope: Scope) -> bool:
    return "text/html" in Headers(scope=scope).get("accept", "")


def _is_page(message: Message) -> bool:
    headers = Headers(raw=message["headers"])
    return headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers
