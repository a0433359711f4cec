"""The editorial graph on a real saver: what it asks, what it keeps, where it goes, what it publishes."""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.types import Command
from pydantic import ValidationError

from graphs.editorial import article_of, graph
from graphs.newsroom.articles import Article, find_article, slug, write_article
from graphs.newsroom.brief import Brief

BRIEF = {"topic": "How we moved payroll to a four-day close"}
CONFIG: dict[str, Any] = {"configurable": {"thread_id": "thread-1"}}


@pytest.fixture
def editorial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The graph on a saver of its own, with a data folder of its own, and no model."""
    monkeypatch.setenv("REVIEW_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    connection = sqlite3.connect(tmp_path / "checkpoints.sqlite", check_same_thread=False)
    running = copy.copy(graph)
    running.checkpointer = SqliteSaver(connection)
    yield running
    connection.close()


def answer(editorial: Any, **value: Any) -> dict[str, Any]:
    """Answer the pending question; stop before anything is published."""
    (pending,) = editorial.get_state(CONFIG).interrupts
    command: Any = Command(resume={pending.id: {"reviewer": "Mia", **value}})
    result: dict[str, Any] = editorial.invoke(command, CONFIG, interrupt_before=["publish"])
    return result


def question(editorial: Any) -> dict[str, Any]:
    (pending,) = editorial.get_state(CONFIG).interrupts
    value: dict[str, Any] = pending.value
    return value


def article_factory(**overrides: Any) -> Article:
    values: dict[str, Any] = {
        "topic": "Autumn product update",
        "content": "# Autumn product update\n\nAll is well.",
        "audience": "our customers",
        "tone": "plain",
        "revision": 2,
        "writer": "A writer",
        "reviewer": "Mia",
        "publication": "0123456789ab",
    }
    return Article(**{**values, **overrides})


def test_a_brief_becomes_a_draft_that_waits_for_a_person(editorial: Any) -> None:
    state = editorial.invoke(BRIEF, CONFIG)
    asked = question(editorial)
    assert asked["title"] == "Draft: How we moved payroll to a four-day close"
    assert asked["content"] == state["revisions"][0]["content"]
    assert asked["allowed_decisions"] == ["approve", "edit", "respond", "reject"]
    assert asked["message_required"] == ["respond", "reject"]
    assert asked["details"]["Revision"] == 1
    assert asked["details"]["Writer"] == "Offline writer (no model configured)"
    assert 170 <= asked["details"]["Words"] <= 230
    assert (asked["details"]["Audience"], asked["details"]["Tone"]) == ("the whole team", "plain")


def test_approval_leads_to_publishing_the_draft_as_shown(editorial: Any) -> None:
    editorial.invoke(BRIEF, CONFIG)
    shown = question(editorial)["content"]
    state = answer(editorial, decision="approve")
    assert editorial.get_state(CONFIG).next == ("publish",)
    article = article_of(state, "key")
    assert (article.content, article.reviewer, article.revision) == (shown, "Mia", 1)


def test_edited_text_is_what_is_published_and_a_revision_by_the_reviewer(editorial: Any) -> None:
    editorial.invoke(BRIEF, CONFIG)
    text = "# My own headline\n\nMy own words."
    state = answer(editorial, decision="edit", content=text)
    assert editorial.get_state(CONFIG).next == ("publish",)
    assert [revision["number"] for revision in state["revisions"]] == [1, 2]
    assert state["revisions"][1]["writer"] == "Mia"
    assert state["revisions"][1]["decision"] == "edit"
    article = article_of(state, "key")
    assert (article.content, article.title, article.revision) == (text, "My own headline", 2)


def test_every_revision_is_kept_with_the_feedback_that_led_to_it(editorial: Any) -> None:
    editorial.invoke(BRIEF, CONFIG)
    answer(editorial, decision="respond", message="Shorter, and add an example.")
    state = answer(editorial, decision="reject", message="Not our voice.", reviewer="Noor")
    kept = [(each["number"], each["decision"], each["feedback"], each["reviewer"]) for each in state["revisions"]]
    assert kept == [
        (1, "", "", ""),
        (2, "respond", "Shorter, and add an example.", "Mia"),
        (3, "reject", "Not our voice.", "Noor"),
    ]
    assert len({each["content"] for each in state["revisions"]}) == 3


def test_a_revision_comes_back_with_the_feedback_quoted(editorial: Any) -> None:
    editorial.invoke(BRIEF, CONFIG)
    answer(editorial, decision="respond", message="Shorter.\nMention Anna.")
    asked = question(editorial)
    assert asked["description"] == "Mia asked for changes to revision 1:\n\n> Shorter.\n> Mention Anna."
    assert asked["details"]["Revision"] == 2
    answer(editorial, decision="reject", message="No.")
    assert question(editorial)["description"].startswith("Mia rejected revision 2:")


@pytest.mark.parametrize(
    ("value", "lacks"),
    [
        ({"decision": "edit", "content": "  "}, "a text"),
        ({"decision": "respond", "message": ""}, "a message"),
        ({"decision": "reject", "message": " "}, "a message"),
    ],
)
def test_an_answer_that_lacks_what_it_needs_is_asked_for_again(
    editorial: Any, value: dict[str, Any], lacks: str
) -> None:
    editorial.invoke(BRIEF, CONFIG)
    before = question(editorial)
    answer(editorial, **value)
    after = question(editorial)
    assert after["content"] == before["content"]
    assert f"without {lacks}, so nothing was done" in after["description"]
    answer(editorial, decision="approve")
    assert editorial.get_state(CONFIG).next == ("publish",)


def test_publishing_writes_one_file(editorial: Any, tmp_path: Path) -> None:
    editorial.invoke(BRIEF, CONFIG)
    answer(editorial, decision="approve")
    state = editorial.invoke(None, CONFIG)
    (path,) = (tmp_path / "data" / "published").iterdir()
    assert state["published"] == f"published/{path.name}"
    assert path.name.startswith("how-we-moved-payroll-to-a-four-day-close-")
    assert state["revisions"][0]["content"] in path.read_text("utf-8")
    assert editorial.get_state(CONFIG).next == ()


@pytest.mark.parametrize("written", [True, False])
def test_a_kill_while_publishing_leaves_one_file_written_once(
    editorial: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: bool
) -> None:
    writes: list[Path] = []

    def counting(folder: Path, article: Article) -> Path:
        writes.append(write_article(folder, article))
        return writes[-1]

    def killed(folder: Path, article: Article) -> Path:
        if written:
            counting(folder, article)
        raise KeyboardInterrupt

    editorial.invoke(BRIEF, CONFIG)
    answer(editorial, decision="approve")
    monkeypatch.setattr("graphs.editorial.write_article", killed)
    with pytest.raises(KeyboardInterrupt):
        editorial.invoke(None, CONFIG)
    monkeypatch.setattr("graphs.editorial.write_article", counting)
    state = editorial.invoke(None, CONFIG)
    assert len(writes) == 1
    assert list((tmp_path / "data" / "published").iterdir()) == writes
    assert state["published"] == f"published/{writes[0].name}"


def test_a_new_brief_on_a_finished_thread_begins_anew_and_keeps_the_old_file(editorial: Any, tmp_path: Path) -> None:
    for _ in range(2):
        state = editorial.invoke(BRIEF, CONFIG)
        assert (len(state["revisions"]), state["published"]) == (1, "")
        answer(editorial, decision="approve")
        editorial.invoke(None, CONFIG)
    assert len(list((tmp_path / "data" / "published").iterdir())) == 2


def test_an_unusable_brief_is_a_failed_thread_that_can_be_read_and_mended(editorial: Any) -> None:
    with pytest.raises(RuntimeError, match="The brief cannot be used: length"):
        editorial.invoke({**BRIEF, "length": 5}, CONFIG)
    state = editorial.get_state(CONFIG)
    assert state.next == ("write",)
    assert "The brief cannot be used" in state.tasks[0].error
    editorial.update_state(CONFIG, {"length": 100}, as_node="__start__")
    assert editorial.invoke(None, CONFIG)["length"] == 100


def test_the_state_is_plain_json(editorial: Any) -> None:
    editorial.invoke(Brief(topic="Autumn product update"), CONFIG)
    answer(editorial, decision="respond", message="Longer")
    values = editorial.get_state(CONFIG).values
    assert _plain(values)
    assert set(values) == {"topic", "audience", "tone", "length", "revisions", "answer", "published"}


@pytest.mark.parametrize(
    "given",
    [{}, {"topic": ""}, {"topic": "  "}, {"topic": "x" * 201}]
    + [
        {**BRIEF, **bad}
        for bad in ({"length": 79}, {"length": 801}, {"length": "many"}, {"tone": "rude"}, {"audience": ""})
    ],
)
def test_a_brief_refuses_what_cannot_be_written(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Brief.model_validate(given)


def test_the_start_form_can_be_made_from_the_brief() -> None:
    schema = graph.get_input_jsonschema()
    assert list(schema["properties"]) == ["topic", "audience", "tone", "length"]
    assert all(each["title"] and each["description"] and each["examples"] for each in schema["properties"].values())
    assert schema["required"] == ["topic"]


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("Autumn product update", "autumn-product-update"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Windows\\system32", "c-windows-system32"),
        ("🎉🎉", "article"),
        ("Über Größe", "uber-groe"),
        (".", "article"),
        ("a" * 200, "a" * 60),
        ("word " * 40, "word-" * 11 + "word"),
        ("null\0byte", "null-byte"),
    ],
)
def test_a_slug_is_harmless(topic: str, expected: str) -> None:
    assert slug(topic) == expected


@pytest.mark.parametrize("topic", ["../../etc/passwd", "🎉", "a/b" * 66, "..", "\0"])
def test_an_article_stays_in_its_folder(tmp_path: Path, topic: str) -> None:
    path = write_article(tmp_path / "published", article_factory(topic=topic))
    assert path.parent == tmp_path / "published"
    assert [each.name for each in tmp_path.iterdir()] == ["published"]
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_front_matter_is_yaml_whatever_the_text_holds(tmp_path: Path) -> None:
    odd = 'He said: "no" \\ #1 🎉 \u2028 \x07 { - yes }\n---\nadmin: true'
    path = write_article(tmp_path, article_factory(topic=odd, reviewer=odd, content=f"# {odd}\n\nText", audience="yes"))
    _, front, body = path.read_text("utf-8").split("---\n", 2)
    facts = yaml.safe_load(front)
    assert facts["topic"] == facts["reviewer"] == 'He said: "no" \\ #1 🎉 { - yes } --- admin: true'
    assert facts["audience"] == "yes"
    assert facts["revision"] == 2
    assert set(facts) == {
        *("title", "topic", "audience", "tone", "revision", "writer", "reviewer", "published_at", "publication")
    }
    assert body.endswith("Text\n")


def test_a_publication_is_recognised_and_no_other(tmp_path: Path) -> None:
    article = article_factory()
    assert find_article(tmp_path, article) is None
    path = write_article(tmp_path, article)
    assert find_article(tmp_path, article) == path
    assert find_article(tmp_path, article_factory(publication="another")) is None
    path.write_text("---\ntitle: somebody else's\n---\n", "utf-8")
    assert find_article(tmp_path, article) is None


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_article(tmp_path, article_factory())
    assert list(tmp_path.iterdir()) == []


def _plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(type(key) is str and _plain(each) for key, each in value.items())
    if isinstance(value, list):
        return all(_plain(each) for each in value)
    return value is None or type(value) in (str, int, float, bool)
