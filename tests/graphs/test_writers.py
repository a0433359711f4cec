"""The writers: a model behind a real server on this machine, and the offline one."""

from __future__ import annotations

import copy
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.types import Command

from graphs.editorial import graph
from graphs.newsroom.brief import Brief, count_words
from graphs.newsroom.offline import compose, contract, expand, read_topic
from graphs.newsroom.rewriting import rewrite, wishes
from graphs.newsroom.writers import WritingFailed
from tests.openai_server import Failure, Hang, OpenAIServer, Raw, Text, openai_server
from tests.support import run_async

KEY = "team-0123456789abcdef"
BRIEF = {"topic": "Autumn product update", "length": 120}
CONFIG: dict[str, Any] = {"configurable": {"thread_id": "thread-1"}}
TOPICS = [
    "How we moved payroll to a four-day close",
    "Autumn product update",
    "Why we review what our agents write",
    "Remote onboarding",
    "How do we hire?",
    "How to write a brief",
    "What good notes look like",
]


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


def test_the_offline_writer_needs_no_model_library() -> None:
    script = "import sys, graphs.editorial as e; e.write({'topic': 'A'}); assert 'langchain_openai' not in sys.modules"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    subprocess.run([sys.executable, "-c", script], check=True, env={**environment, "PYTHONPATH": "."})


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("tone", ["plain", "friendly", "formal", "lively"])
def test_an_offline_draft_has_about_the_asked_length(topic: str, tone: Any) -> None:
    for length in range(80, 801, 16):
        for take in (1, 2):
            text = compose(Brief(topic=topic, tone=tone, length=length), take)
            assert abs(count_words(text) - length) <= 0.15 * length
            assert text.startswith(f"# {topic}\n\n")


def test_an_offline_draft_is_the_same_every_time_and_another_at_each_take() -> None:
    brief = Brief(topic=TOPICS[0])
    assert compose(brief) == compose(Brief(topic=TOPICS[0]))
    assert len({compose(brief, take) for take in range(1, 5)}) == 4
    assert compose(brief) != compose(Brief(topic=TOPICS[0], audience="finance managers"))


@pytest.mark.parametrize(
    ("topic", "kind", "about"),
    [
        ("How we moved payroll to a four-day close", "story", "how we moved payroll to a four-day close"),
        ("Why we review what our agents write.", "reasons", "why we review what our agents write"),
        ("How to write a brief", "subject", "how to write a brief"),
        ("How do we hire?", "subject", "“How do we hire?”"),
        ("Why is Berlin closed", "subject", "“Why is Berlin closed”"),
        ("Autumn product update", "news", "“Autumn product update”"),
        ("PostgreSQL in production", "subject", "“PostgreSQL in production”"),
        ("word " * 20, "subject", "the matter in the title"),
    ],
)
def test_a_topic_is_read_by_its_grammar(topic: str, kind: str, about: str) -> None:
    assert read_topic(topic) == (kind, about)


def test_the_audience_begins_small_inside_a_sentence() -> None:
    assert "for the whole team" in compose(Brief(topic="Autumn product update", audience="The whole team."))
    assert "for ACME's buyers" in compose(Brief(topic="Autumn product update", audience="ACME's buyers"))


def test_braces_in_a_brief_are_only_text() -> None:
    text = compose(Brief(topic="Why {about} is {0} here", audience="{audience.__class__}"))
    assert "why {about} is {0} here" in text
    assert "{audience.__class__}" in text


def revised(feedback: str, *, anew: bool = False, topic: str = TOPICS[0]) -> tuple[str, str]:
    brief = Brief(topic=topic)
    draft = compose(brief)
    text = rewrite(brief, draft, feedback, anew=anew, take=2)
    assert text == rewrite(brief, draft, feedback, anew=anew, take=2)
    assert text != draft
    return draft, text


def test_shorter_is_shorter_and_longer_longer() -> None:
    draft, text = revised("Shorter, please")
    assert count_words(text) <= 0.65 * count_words(draft)
    assert text.splitlines()[0] == draft.splitlines()[0]
    assert text.splitlines()[-1] == draft.splitlines()[-1]
    draft, text = revised("This is too short")
    assert 1.2 <= count_words(text) / count_words(draft) <= 1.5


def test_a_number_of_words_is_kept_to() -> None:
    assert 75 <= count_words(revised("Cut it to 100 words")[1]) <= 100
    assert 380 <= count_words(revised("Make it longer, about 400 words")[1]) <= 420


@pytest.mark.parametrize("topic", TOPICS)
def test_an_example_is_added(topic: str) -> None:
    draft, text = revised("Could you add an example?", topic=topic)
    assert re.search(r"ordinary (Tuesday|week)", text)
    assert count_words(text) > count_words(draft) + 30


@pytest.mark.parametrize(
    ("feedback", "title"),
    [
        ("Call it “Four days”", "Four days"),
        ("The title should be Payroll in four days.", "Payroll in four days"),
        ("Find a better title", "How we moved payroll to a four-day close: what changed and what we learned"),
        (r"Title: \1 and \g<0>", r"\1 and \g<0>"),
    ],
)
def test_a_title_is_changed(feedback: str, title: str) -> None:
    assert revised(feedback)[1].splitlines()[0] == f"# {title}"


def test_the_tone_is_changed() -> None:
    assert "It's for the whole team" in revised("Too formal for us")[1]
    assert "It is addressed to the whole team." in revised("More formal")[1]
    assert contract("It is what it is, and little of it is said.") == "It's what it is, and little of it is said."
    assert expand("It's fine and we'd go.") == "It is fine and we would go."


def test_what_is_asked_for_is_said() -> None:
    assert "It is worth knowing that Anna signs off last." in revised("Please mention that Anna signs off last.")[1]
    assert "One more point belongs here: overtime." in revised("Add a short paragraph about overtime")[1]


def test_the_main_points_become_a_list() -> None:
    assert revised("Bullet points would help")[1].count("\n- ") >= 2


@pytest.mark.parametrize("feedback", ["I do not like it", "Which figures?", "Hmm", "Don't give another example"])
def test_what_the_offline_writer_cannot_do_stays_visible(feedback: str) -> None:
    assert f"> **Open point from the review:** {feedback.rstrip('?')}" in revised(feedback)[1]


def test_a_wish_that_changes_nothing_any_more_stays_visible() -> None:
    _, text = revised("Add an example. Add an example. Add an example.")
    assert text.count("ordinary Tuesday") == 1
    assert "> **Open point from the review:** Add an example" in text


def test_a_rejection_begins_anew_and_takes_the_reason_along() -> None:
    draft, text = revised("Not our voice", anew=True)
    assert draft.split("\n\n")[1] != text.split("\n\n")[1]
    assert "Not our voice" in text


def test_feedback_is_split_into_what_it_asks_for() -> None:
    assert wishes("Shorter, and add an example. Please mention Anna, Bob and Carl; more formal!") == [
        "Shorter",
        "add an example",
        "mention Anna, Bob and Carl",
        "more formal",
    ]
    assert len(wishes("No. " * 500_000)) <= 12
