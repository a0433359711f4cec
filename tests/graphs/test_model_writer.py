"""The writer with a model: behind a real server on this machine, as it answers, fails, hangs and is not there."""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.types import Command

from graphs.editorial import graph
from graphs.newsroom.writers import WritingFailed
from tests.openai_server import Failure, Hang, OpenAIServer, Raw, Text, openai_server
from tests.support import run_async

KEY = "team-0123456789abcdef"
BRIEF = {"topic": "Autumn product update", "length": 120}
CONFIG: dict[str, Any] = {"configurable": {"thread_id": "thread-1"}}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    with openai_server() as running:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", running.url)
        monkeypatch.delenv("OPENAI_MODEL", raising=False)
        monkeypatch.delenv("OPENAI_TIMEOUT", raising=False)
        yield running


@pytest.fixture
def editorial(tmp_path: Path) -> Iterator[Any]:
    connection = sqlite3.connect(tmp_path / "checkpoints.sqlite", check_same_thread=False)
    running = copy.copy(graph)
    running.checkpointer = SqliteSaver(connection)
    yield running
    connection.close()


def failed(editorial: Any, given: Any = BRIEF) -> str:
    """Run into the failure; return the error as the thread keeps it."""
    with pytest.raises(WritingFailed) as caught:
        editorial.invoke(given, CONFIG)
    state = editorial.get_state(CONFIG)
    assert state.next in (("write",), ("revise",))
    error: str = state.tasks[0].error
    assert str(caught.value) in error
    assert KEY not in error
    assert "\n" not in str(caught.value)
    return error


def answer(editorial: Any, **value: Any) -> Any:
    (pending,) = editorial.get_state(CONFIG).interrupts
    return Command(resume={pending.id: {"reviewer": "Mia", **value}})


def test_the_model_writes_what_the_brief_asks_for(server: OpenAIServer, editorial: Any) -> None:
    state = editorial.invoke(BRIEF, CONFIG)
    assert state["revisions"][0]["content"] == "# A headline\n\nA paragraph from the model."
    assert state["revisions"][0]["writer"] == f"gpt-4o-mini at {server.host}"
    (request,) = server.requests
    assert (request["model"], request["stream"]) == ("gpt-4o-mini", True)
    assert "Topic: Autumn product update" in request["messages"][1]["content"]
    assert "about 120 words" in request["messages"][1]["content"]
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"


def test_tokens_stream_out_of_an_asynchronous_run(server: OpenAIServer, tmp_path: Path) -> None:
    async def tokens() -> list[str]:
        async with AsyncSqliteSaver.from_conn_string(str(tmp_path / "async.sqlite")) as saver:
            running: Any = copy.copy(graph)
            running.checkpointer = saver
            stream = running.astream(BRIEF, CONFIG, stream_mode="messages")
            return [chunk.text async for chunk, _ in stream]

    got = [token for token in run_async(tokens()) if token]
    assert len(got) > 3
    assert "".join(got) == "# A headline\n\nA paragraph from the model."


def test_a_server_without_a_key_gets_a_placeholder(
    server: OpenAIServer, editorial: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.setenv("OPENAI_MODEL", "llama")
    state = editorial.invoke(BRIEF, CONFIG)
    assert state["revisions"][0]["writer"] == f"llama at {server.host}"
    assert server.headers[0]["authorization"] == "Bearer none"


@pytest.mark.parametrize(("decision", "told"), [("respond", "Change the draft as asked"), ("reject", "was rejected")])
def test_the_model_revises_its_draft_by_the_feedback(
    server: OpenAIServer, editorial: Any, decision: str, told: str
) -> None:
    server.script(Text("# One\n\nFirst."), Text("# Two\n\nSecond."))
    editorial.invoke(BRIEF, CONFIG)
    state = editorial.invoke(answer(editorial, decision=decision, message="Say it better."), CONFIG)
    assert [each["content"] for each in state["revisions"]] == ["# One\n\nFirst.", "# Two\n\nSecond."]
    *_, draft, asked = server.requests[-1]["messages"]
    assert draft == {"role": "assistant", "content": "# One\n\nFirst."}
    assert told in asked["content"]
    assert asked["content"].endswith("Say it better.")


ONCE_MORE = {"retry-after": "0.01"}
FAILURES = [
    pytest.param([Failure(401, f"Incorrect API key provided: {KEY}")], "refused the API key (HTTP 401)", id="401"),
    pytest.param([Failure(429, headers={"retry-after": "90"})], "Wait 90 seconds, then retry", id="429-wait"),
    pytest.param([Failure(429)] * 2, "Wait a while, then retry", id="429"),
    pytest.param([Failure(429, code="insufficient_quota")], "quota at 127.0.0.1", id="429-quota"),
    pytest.param([Failure(404, "No such model.")], "does not know the model 'gpt-4o-mini'", id="404"),
    pytest.param(
        [Failure(400, f"{KEY}, once sk-12***89: too long.")], "(HTTP 400): [key], once [key]: too long. Check", id="400"
    ),
    pytest.param([Failure(500, headers=ONCE_MORE)] * 2, "(HTTP 500)", id="500"),
    pytest.param([Raw(b"<html>Sign in first</html>", "text/html")], "speaks the OpenAI protocol", id="html"),
    pytest.param([Raw(b"data: {not json\n\n")], "could not be read", id="malformed"),
    pytest.param([Raw(b"")], "could not be read", id="nothing"),
    pytest.param(
        [Raw(b'data: {"error": {"message": "overloaded"}}\n\n')],
        "middle of the draft: overloaded. Retry",
        id="error-in-stream",
    ),
    pytest.param([Text(" \n ")], "answered with an empty draft", id="empty"),
    pytest.param([Text("Half a sent", ends=False)], "broke off in the middle", id="broken-off"),
    pytest.param([Text(("w" * 5000 + " ") * 21)], "does not stop", id="endless"),
]


@pytest.mark.parametrize(("replies", "cause"), FAILURES)
def test_a_failed_write_is_visible_and_a_retry_loses_nothing(
    server: OpenAIServer, editorial: Any, replies: list[Any], cause: str
) -> None:
    server.script(*replies)
    error = failed(editorial)
    assert cause in error
    assert server.host in error
    assert "etry" in error
    assert not server.replies
    state = editorial.invoke(None, CONFIG)
    assert state["revisions"][0]["content"].startswith("# A headline")
    assert (state["topic"], state["length"]) == (BRIEF["topic"], BRIEF["length"])


@pytest.mark.parametrize("first", ["", "# Half a head"])
def test_a_server_that_hangs_is_given_up(
    server: OpenAIServer, editorial: Any, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    monkeypatch.setenv("OPENAI_TIMEOUT", "0.2")
    server.script(Hang(first))
    assert "did not answer within 0.2 seconds" in failed(editorial)
    # Patience back to normal and no hang left over, so that a slow machine's good answer is waited for.
    monkeypatch.delenv("OPENAI_TIMEOUT")
    server.replies.clear()
    assert editorial.invoke(None, CONFIG)["revisions"][0]["number"] == 1


def test_one_passing_fault_is_not_even_noticed(server: OpenAIServer, editorial: Any) -> None:
    server.script(Failure(429, headers=ONCE_MORE), Text("# At the second attempt\n\nText."))
    assert editorial.invoke(BRIEF, CONFIG)["revisions"][0]["content"].startswith("# At the second")
    assert len(server.requests) == 2


def test_a_server_that_is_not_there(editorial: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with openai_server() as gone:
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://user:{KEY}@{gone.host}/v1")
    error = failed(editorial)
    assert f"{gone.host} could not be reached" in error


def test_a_failed_revision_keeps_the_feedback(server: OpenAIServer, editorial: Any) -> None:
    editorial.invoke(BRIEF, CONFIG)
    server.script(Failure(401))
    failed(editorial, answer(editorial, decision="respond", message="Shorter."))
    assert editorial.get_state(CONFIG).next == ("revise",)
    state = editorial.invoke(None, CONFIG)
    assert [each["feedback"] for each in state["revisions"]] == ["", "Shorter."]


@pytest.mark.parametrize("seconds", ["soon", "0", "-1", "nan", "99999"])
def test_an_unusable_timeout_is_named(
    server: OpenAIServer, editorial: Any, monkeypatch: pytest.MonkeyPatch, seconds: str
) -> None:
    monkeypatch.setenv("OPENAI_TIMEOUT", seconds)
    assert "OPENAI_TIMEOUT must be a number of seconds" in failed(editorial)
