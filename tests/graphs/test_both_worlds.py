"""Our own langgraph.json under LangGraph's own development server: one file, both worlds."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from langgraph_sdk import get_sync_client

from review.registry import Registry
from tests.support import HEAD, ROOT, wait_for

SECONDS = 90

# Its node fails behind the effect, until the file `mended` is there.
STUMBLES = """
from review.contract import once
HERE = pathlib.Path(__file__).parent
def act(state):
    def effect():
        with open(HERE / "effects", "a") as effects: effects.write(state["topic"] + "\\n")
        return f"receipt {len((HERE / 'effects').read_text().splitlines())}"
    receipt = once("act", effect)
    if not (HERE / "mended").exists():
        raise RuntimeError("The printer is on fire.")
    return {"log": [receipt]}
graph = wire(act)
"""


@pytest.fixture(scope="module")
def internet() -> Iterator[socket.socket]:
    """What the server takes for the way out: nobody may knock here."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.setblocking(False)
        yield door


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server keeps its own files where it is started, so that is not our repository."""
    folder = tmp_path_factory.mktemp("served")
    registry = json.loads((ROOT / "langgraph.json").read_text("utf-8"))
    registry["graphs"]["stumbles"] = "./stumbles.py:graph"
    (folder / "langgraph.json").write_text(json.dumps(registry), "utf-8")
    (folder / "stumbles.py").write_text(HEAD + STUMBLES, "utf-8")
    for package in ("graphs", "review"):
        (folder / package).symlink_to(ROOT / package)
    return folder


@pytest.fixture(scope="module")
def client(folder: Path, internet: socket.socket) -> Iterator[Any]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = folder / "server.log"
    command = [sys.executable, "-m", "langgraph_cli", "dev", "--no-browser", "--no-reload", "--port", str(port)]
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=folder, env=_environment(folder, internet), stdout=out, stderr=out)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(lambda: server.poll() is not None or _answers(url), "the server", SECONDS)
            assert server.poll() is None, log.read_text("utf-8")
            with get_sync_client(url=url, api_key=None) as client:
                yield client
        finally:
            server.terminate()
            server.wait(SECONDS)


def _environment(folder: Path, internet: socket.socket) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("REVIEW_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_")) and "proxy" not in name.lower()
    }
    way_out = f"http://127.0.0.1:{internet.getsockname()[1]}"
    return kept | {
        "REVIEW_DATA_DIR": str(folder / "data"),
        "LANGSMITH_TRACING": "false",
        "LANGGRAPH_CLI_NO_ANALYTICS": "1",
        "LANGGRAPH_NO_VERSION_CHECK": "true",  # else it asks outside for a newer one, and starts without an answer
        "HTTP_PROXY": way_out,
        "HTTPS_PROXY": way_out,
        "NO_PROXY": "127.0.0.1,localhost",
    }


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/ok", trust_env=False).is_success
    except httpx.TransportError:
        return False


def _example(name: str, number: int = 0) -> dict[str, Any]:
    given: dict[str, Any] = (Registry(ROOT / "langgraph.json").info(name).input_schema or {})["examples"][number]
    return given


APPROVED = {"approved": True, "reviewer": "ada"}
CONTACT = {"name": "Piet de Vries", "email": "piet@example.com", "company": "", "country": "NL"}
VERDICT = {"decision": "approve", "reviewer": "ada"}
SENT = [{"type": "accept", "args": {"args": {"account": "6650 Travel", "amount": 2380.0}}}]

# What each graph is told at its first pause, None for a breakpoint; then the key of the state, or the next pause.
ANSWERS: Mapping[str, tuple[Any, str]] = {
    "editorial": (VERDICT, "published"),
    "delete_user": (APPROVED, "result"),
    "payment_run": (None, "sent"),
    "price_list": (None, "taken_over"),
    "newsletter": (APPROVED | {"content": "# Short"}, "sent"),
    "contact_import": ({"rows": [CONTACT]}, "imported"),
    "support_agent": ({"decisions": [{"type": "approve"}, {"type": "reject", "message": "Later."}]}, "messages"),
    "launch_panel": ({"verdict": "approve", "conditions": [], "reviewer": "ada"}, "views"),
    "database_upgrade": (APPROVED, "upgraded"),
    "access_request": (VERDICT, "granted"),
    "discount_offer": (APPROVED, "sent"),
    "expense_claim": (APPROVED, "booking"),
    "invoice_triage": (SENT, "booking"),
}


def test_every_graph_is_served(client: Any) -> None:
    assert {assistant["graph_id"] for assistant in client.assistants.search(limit=100)} == {*ANSWERS, "stumbles"}
    assert set(Registry(ROOT / "langgraph.json").names) == set(ANSWERS)


@pytest.mark.parametrize("name", list(ANSWERS))
def test_a_graph_pauses_and_takes_an_answer(client: Any, name: str) -> None:
    answer, written = ANSWERS[name]
    thread = client.threads.create()["thread_id"]
    client.runs.wait(thread, name, input=_example(name))
    state = client.threads.get_state(thread)
    assert state["next"]
    if answer is None:
        assert state["interrupts"] == []
        client.runs.wait(thread, name, input=None)
    else:
        client.runs.wait(thread, name, command={"resume": {state["interrupts"][0]["id"]: answer}})
    after = client.threads.get_state(thread)
    assert not [task["error"] for task in after["tasks"] if task["error"]]
    assert after["values"][written]


def test_an_effect_happens_once_there_too(client: Any, folder: Path) -> None:
    """Its node fails behind it, and is run again."""
    thread = client.threads.create()["thread_id"]
    client.runs.wait(thread, "stumbles", input={"topic": "rye"}, raise_error=False)
    (task,) = client.threads.get_state(thread)["tasks"]
    assert "The printer is on fire." in task["error"]
    (folder / "mended").touch()
    client.runs.wait(thread, "stumbles", input=None)
    after = client.threads.get_state(thread)
    assert (after["next"], after["values"]["log"]) == ([], ["receipt 1"])
    assert (folder / "effects").read_text("utf-8") == "rye\n"
    with closing(sqlite3.connect(folder / "data" / "ledger.sqlite")) as ledger:
        kept = ledger.execute("SELECT task_id, action, result FROM actions WHERE thread_id = ?", [thread]).fetchall()
    assert [(task_id, action, json.loads(result)) for task_id, action, result in kept] == [
        (task["id"], "act", "receipt 1")
    ]


def test_it_needs_no_key_and_asks_nobody_outside(client: Any, internet: socket.socket) -> None:
    assert client.assistants.search(limit=1)
    assert _asked(internet) == []


def _asked(internet: socket.socket) -> list[str]:
    """The first line of each request for the way out."""
    found = []
    while True:
        try:
            visitor, _ = internet.accept()
        except BlockingIOError:
            return found
        with visitor:
            visitor.settimeout(5)
            found.append(visitor.recv(200).decode("ascii", "replace").partition("\r\n")[0])
