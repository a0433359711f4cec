"""Deadlines on the command line: what happens when a review is due, and its priority."""

import json
from pathlib import Path

import pytest

from tests.cli_support import Shell
from tests.support import ROOT


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    made = Shell(tmp_path, monkeypatch)
    made.set("REVIEW_GRAPHS", str(ROOT / "langgraph.json"))
    return made


OFFER = {"customer": "Hotel Seeblick", "offer": "Linen", "price": 100.0, "discount": 10}


def test_a_review_names_its_deadline_and_what_happens_then(shell: Shell) -> None:
    shell.json("start", "discount_offer", "--input", json.dumps(OFFER))
    (review,) = shell.json("queue")
    assert review["due_at"] == review["request"]["due_at"] is not None
    assert (review["on_timeout"], review["priority"], review["escalated_to"]) == ("reject", 0, None)
    text = shell("show", review["id"]).out
    assert f"if nobody decides: reject by the desk, {review['due_at'][:10]}" in text
    assert "priority" not in text


def test_an_escalated_review_says_to_whom(shell: Shell) -> None:
    steps = [{"after": 0, "to": "carla", "priority": 5}]
    shell.set("REVIEW_POLICY", json.dumps({"editorial": {"deadline": {"after": "1h", "escalate": steps}}}))
    shell.json("start", "editorial", "--input", '{"topic": "Tea"}')
    assert shell("worker", "--once").code == 0
    (review,) = shell.json("queue")
    assert (review["on_timeout"], review["priority"], review["escalated_to"]) == ("escalate", 5, "carla")
    text = shell("show", review["id"]).out
    assert "if nobody decides: escalated, " in text
    assert "escalated to: carla" in text and "priority: 5" in text


def test_a_policy_that_cannot_be_used_ends_the_command_with_its_sentence(shell: Shell) -> None:
    shell.file("review.toml", '[policy.editorial.deadline]\nafter = "soon"\n')
    error = shell.json("queue", code=2)["error"]
    assert error["code"] == "bad_input"
    assert error["message"].startswith('In review.toml, policy.editorial.deadline.after = "soon" cannot be used: ')
