"""Backup, restore and verify as they are typed, one after the other on one data folder."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli_support import Shell


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path, monkeypatch)


def change(shell: Shell, statement: str) -> None:
    """A row of the ledger, behind everybody's back."""
    with closing(sqlite3.connect(shell.folder / "data" / "ledger.sqlite")) as connection:
        assert connection.execute(statement).rowcount == 1
        connection.commit()


def test_what_is_backed_up_and_restored_is_whole_and_a_broken_row_is_named_with_exit_code_one(shell: Shell) -> None:
    decided, waiting = shell.draft("Tea"), shell.draft("Coffee")
    shell.json("decide", decided["id"], "approve", "--reviewer", "Ann")
    backup = str(shell.folder / "backup")
    assert shell("backup", backup).out.startswith("Backed up 2 threads to ")
    shell.json("decide", waiting["id"], "reject", "--message", "No.", "--reviewer", "Ann")
    assert shell("verify").code == 0

    restored = shell("restore", backup, "--reviewer", "Ann")
    assert restored.code == 0
    assert "`python -m review verify` checks it." in restored.out
    assert shell.json("verify")["broken"] == []
    assert shell.json("show", waiting["id"])["status"] == "pending"
    assert shell.json("show", decided["id"])["decision"]["reviewer"] == "Ann"

    change(shell, "UPDATE reviews SET decision_id = NULL WHERE decision_id IS NOT NULL")
    told = shell("verify")
    assert told.code == 1
    assert decided["id"] in told.out
    assert {each["review_id"] for each in shell.json("verify", code=1)["broken"]} == {decided["id"]}

    assert shell("restore", backup, "--reviewer", "Ann").code == 0
    assert shell("verify").code == 0
    assert shell.json("decide", waiting["id"], "approve", "--reviewer", "Ann")["status"] == "done"


def test_a_backup_into_a_folder_with_something_in_it_and_a_restore_of_none_are_refused(shell: Shell) -> None:
    shell.draft("Tea")
    shell.file("full", "")
    full = shell.json("backup", str(shell.folder), code=2)["error"]
    none = shell.json("restore", str(shell.folder / "nowhere"), "--reviewer", "Ann", code=2)["error"]
    assert (full["code"], none["code"]) == ("bad_input", "bad_input")
    assert shell("verify").code == 0
