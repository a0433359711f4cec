"""Forks and the data set of decisions, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli_support import Shell

TEA = '{"topic": "Tea"}'


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path, monkeypatch)


def checkpoint(shell: Shell, thread_id: str) -> str:
    """Where the thread stood when it asked."""
    return str(shell.json("thread", thread_id)["steps"][-1]["checkpoint_id"])


def test_a_fork_asks_again_under_its_own_id(shell: Shell) -> None:
    shell.json("start", "draft", "--input", TEA, "--thread", "one")
    forked = shell.json("fork", "one", "--checkpoint", checkpoint(shell, "one"), "--reviewer", "ada")
    assert forked["status"] == "interrupted"
    assert forked["thread_id"] != "one"
    shown = shell.json("thread", forked["thread_id"])
    assert (shown["origin_thread"], shown["origin_checkpoint"]) == ("one", checkpoint(shell, "one"))
    assert [entry["thread_id"] for entry in shell.json("audit") if entry["action"] == "thread.forked"] == [
        forked["thread_id"],
        "one",
    ]


def test_a_fork_takes_other_values(shell: Shell) -> None:
    shell.json("start", "draft", "--input", TEA, "--thread", "one")
    place = checkpoint(shell, "one")
    forked = shell.json("fork", "one", "--checkpoint", place, "--values", '{"topic": "Coffee"}')
    assert shell.json("thread", forked["thread_id"])["steps"][-1]["values"]["topic"] == "Coffee"
    assert shell.json("thread", "one")["steps"][-1]["values"]["topic"] == "Tea"


def test_an_unknown_checkpoint_and_an_unknown_thread_are_named(shell: Shell) -> None:
    shell.json("start", "draft", "--input", TEA, "--thread", "one")
    told = shell("fork", "one", "--checkpoint", "nowhere", "--json")
    assert (told.code, told.error["code"]) == (4, "checkpoint_not_found")
    told = shell("fork", "two", "--checkpoint", "nowhere", "--json")
    assert (told.code, told.error["code"]) == (4, "thread_not_found")


def test_decisions_are_written_a_line_each(shell: Shell) -> None:
    asked = shell.json("start", "draft", "--input", TEA)["reviews"][0]
    assert shell("export", "decisions").out == ""
    shell.json("decide", asked["id"], "approve", "--reviewer", "ada")
    told = shell("export", "decisions")
    (line,) = [json.loads(line) for line in told.out.splitlines()]
    assert (told.code, line["review"], line["verdict"]) == (0, asked["id"], "approve")
    assert shell("export", "decisions", "--since", "2999-01-01").out == ""
    assert shell("export", "decisions", "--graph", "other").out == ""
    assert len(shell("export", "decisions", "--graph", "draft", "--since", "2020-01-01").out.splitlines()) == 1


def test_a_date_that_is_none_is_refused(shell: Shell) -> None:
    told = shell("export", "decisions", "--since", "yesterday", "--json")
    assert (told.code, told.error["code"]) == (2, "bad_input")
    assert "2026-01-31" in told.error["message"]
