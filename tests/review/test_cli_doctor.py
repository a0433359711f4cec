"""The doctor on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli_support import Shell
from tests.review.doctor_projects import HEAD, project
from tests.review.doctor_right import NOTES, RIGHT
from tests.review.doctor_wrong import WRONG


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path, monkeypatch)


def test_the_command_fails_on_mistakes_and_prints_them(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    project(folder, graph=HEAD + WRONG["http"])
    told = shell("doctor", str(folder))
    assert told.code == 1
    assert "graph.py:14: effect before interrupt" in told.out
    assert "1 mistake and 0 notes in 1 file of Python." in told.out
    (found,) = shell.json("doctor", str(folder), code=1)
    assert set(found) == {"file", "line", "rule", "what", "why", "instead", "note"}
    assert (found["file"], found["line"], found["note"]) == ("graph.py", 14, False)


def test_the_command_succeeds_on_clean_code_and_on_notes(shell: Shell, tmp_path: Path) -> None:
    project(tmp_path / "clean", graph=HEAD + RIGHT["runs"])
    project(tmp_path / "noted", graph=HEAD + NOTES["work between interrupts"])
    assert shell.json("doctor", str(tmp_path / "clean")) == []
    assert [each["note"] for each in shell.json("doctor", str(tmp_path / "noted"))] == [True]


def test_without_a_path_the_command_reads_the_registered_project(shell: Shell, tmp_path: Path) -> None:
    project(tmp_path / "theirs", graph=HEAD + WRONG["http"])
    registry = tmp_path / "theirs" / "langgraph.json"
    registry.write_text(json.dumps({"graphs": {}}), "utf-8")
    shell.set("REVIEW_GRAPHS", str(registry))
    assert [each["file"] for each in shell.json("doctor", code=1)] == ["graph.py"]


def test_a_path_that_is_not_there_ends_with_two(shell: Shell) -> None:
    assert shell.json("doctor", "nowhere", code=2)["error"]["code"] == "bad_input"
