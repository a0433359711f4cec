"""A real server on 127.0.0.1 that speaks OpenAI's chat completions protocol, and fails as it is told to."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# So that a client without patience of its own fails a test instead of holding it up for ever. In seconds.
LONGEST_HANG = 20


@dataclass(frozen=True)
class Text:
    """A completion, streamed word by word where the client asks for a stream; `ends=False` breaks it off."""

    text: str = "# A headline\n\nA paragraph from the model."
    ends: bool = True


@dataclass(frozen=True)
class Failure:
    """An error in OpenAI's own form."""

    status: int
    message: str = "Something is wrong."
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hang:
    """Silence until the server stops: from the start, or behind the `first` words of a stream."""

    first: str = ""


@dataclass(frozen=True)
class Paused:
    """A stream that rests before each piece but the first until it is told to go on."""

    pieces: tuple[str, ...]
    told: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def go_on(self) -> None:
        self.told.release()


@dataclass(frozen=True)
class Raw:
    """Any body under status 200, for answers that are none."""

    body: bytes
    content_type: str = "text/event-stream"


Reply = Text | Failure | Hang | Paused | Raw


class OpenAIServer:
    """`replies` are used up in order, then `default` is given; `requests` holds each request's JSON and headers."""

    def __init__(self) -> None:
        self.replies: deque[Reply] = deque()
        self.default: Reply = Text()
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.stopped = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        # Hung replies wait for `stopped`, so stopping must not wait for them first.
        self._http.daemon_threads = True
        self._http.block_on_close = False
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._http.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/v1"

    def script(self, *replies: Reply) -> None:
        """What comes next, in this order."""
        self.replies.extend(replies)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.stopped.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@contextmanager
def openai_server() -> Iterator[OpenAIServer]:
    server = OpenAIServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _handler(server: OpenAIServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            server.requests.append(request)
            server.headers.append({name.lower(): value for name, value in self.headers.items()})
            if self.path != "/v1/chat/completions":
                reply: Reply = Failure(404, f"No such path: {self.path}")
            else:
                reply = server.replies.popleft() if server.replies else server.default
            match reply:
                case Hang(first):
                    if first:
                        self._stream([_event(request["model"], {"content": first}, None)])
                    server.stopped.wait(LONGEST_HANG)
                    self.close_connection = True
                case Paused(pieces, told):
                    self._stream(_in_pieces(request["model"], pieces, told))
                case Raw(body, content_type):
                    self._send(200, body, content_type)
                case Failure(status, message, code, headers):
                    error = {"error": {"message": message, "type": "error", "param": None, "code": code}}
                    self._send(status, json.dumps(error).encode(), "application/json", headers)
                case Text(text, ends) if request.get("stream"):
                    self._stream(_events(request["model"], text, ends))
                case Text(text):
                    self._send(200, json.dumps(_whole(request["model"], text)).encode(), "application/json")

        def _send(self, status: int, body: bytes, content_type: str, headers: Mapping[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {"content-type": content_type, **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _stream(self, events: Iterable[bytes]) -> None:
            """Sends each event as it comes; the connection's end is the stream's end."""
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            # A client that has had enough hangs up; that is no fault of the server.
            with suppress(ConnectionError):
                for event in events:
                    self.wfile.write(event)
                    self.wfile.flush()

        def log_message(self, format: str, *args: Any) -> None:
            """Keeps quiet; the tests look at `requests`."""

    return Handler


def _events(model: str, text: str, ends: bool) -> Iterator[bytes]:
    yield _event(model, {"role": "assistant", "content": ""}, None)
    for number, word in enumerate(text.split(" ")):
        yield _event(model, {"content": f" {word}" if number else word}, None)
    if ends:
        yield _event(model, {}, "stop")
        yield b"data: [DONE]\n\n"


def _in_pieces(model: str, pieces: tuple[str, ...], told: threading.Semaphore) -> Iterator[bytes]:
    for number, piece in enumerate(pieces):
        if number:
            told.acquire(timeout=LONGEST_HANG)
        yield _event(model, {"role": "assistant", "content": piece}, None)
    yield from _events(model, "", True)


def _event(model: str, delta: dict[str, str], finish_reason: str | None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return f"data: {json.dumps({**_base(model), 'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n".encode()


def _whole(model: str, text: str) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return {**_base(model), "object": "chat.completion", "choices": [choice], "usage": usage}


def _base(model: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "created": 1700000000, "model": model}
