"""The example of docs/reliability.md: a service that takes a request once, by the key in its header."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from review.desk import open_desk
from review.model import ThreadStatus
from review.settings import Settings
from tests.chaos.processes import ended, forked, was_killed
from tests.conftest import MakeDesk
from tests.support import ADA, ROOT, begin, pending, values

# As the page has it, with a process that dies while it waits for the answer.
START, END = "```python\n# An HTTP API that knows Idempotency-Key", "```"


class Payments(ThreadingHTTPServer):
    """Keeps one payment for each key, and counts the requests. `deaf` for the first request: it is taken, and its
    sender dies before the answer."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.paid: dict[str, dict[str, object]] = {}
        self.requests = 0
        self.taken = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    server: Payments

    def do_POST(self) -> None:
        order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests += 1
        receipt = self.server.paid.setdefault(
            self.headers["Idempotency-Key"], {"receipt": len(self.server.paid) + 1, "order": order}
        )
        if not self.server.taken.is_set():
            self.server.taken.set()
            self.rfile.read(1)  # until the sender is gone
            return
        answer = json.dumps(receipt).encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_arguments: object) -> None:
        """Nothing on the screen."""


@pytest.fixture
def payments() -> Iterator[Payments]:
    server = Payments()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def example(url: str) -> str:
    """The code of the page."""
    page = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    code = page[page.index(START) + len("```python\n") :]
    return code[: code.index(END)].replace("https://payments.example/payments", url)


def run_due(settings: Settings) -> None:
    open_desk(settings).relay.run_due()


def test_a_payment_whose_sender_died_over_it_is_made_once(
    make_desk: MakeDesk, payments: Payments, tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{payments.server_address[1]}/payments"
    asks = 'def review(state): return {"answer": interrupt({"draft": "Pay?"})}\n'
    desk = make_desk({"pays": example(url) + asks + "graph = wire(review, pay)\n"})
    thread = begin(desk, "pays", {"topic": "order-7"})
    desk.decide(pending(desk, thread.id).id, "approve", ADA)
    with forked(run_due, desk.settings) as process:
        assert payments.taken.wait(60)
        process.kill()
        ended(process)
        assert was_killed(process)
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    assert payments.requests == 2
    assert [payment["receipt"] for payment in payments.paid.values()] == [1]
    assert values(desk, thread.id)["log"] == [{"receipt": 1, "order": "order-7"}]
