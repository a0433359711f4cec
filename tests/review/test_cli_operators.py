"""The operators' commands, the errors of all commands, and what a command costs."""

import csv
import io
import json
import sqlite3
import sys
from pathlib import Path

import pytest

from review.cli import app
from tests.cli_support import Shell, until

TEA = '{"topic": "Tea"}'


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path, monkeypatch)


def test_graphs_names_those_that_failed_to_load_with_the_reason(shell: Shell) -> None:
    graphs = {graph["name"]: graph for graph in shell.json("graphs")}
    assert graphs["draft"]["error"] is None
    assert "topic" in graphs["draft"]["input_schema"]["properties"]
    assert "has no 'missing'" in graphs["broken"]["error"]
    assert "has no 'missing'" in shell("graphs").out


def test_audit_tells_what_happened_newest_first(shell: Shell) -> None:
    review = shell.draft()["id"]
    shell.json("decide", review, "approve", "--reviewer", "Ann")
    entries = shell.json("audit")
    assert [entry["action"] for entry in entries][::-1][:3] == ["thread.started", "review.opened", "review.approved"]
    assert {entry["actor"] for entry in entries if entry["review_id"] == review} == {"Ann", "system"}
    assert shell.json("audit", "--limit", "1") == entries[:1]
    assert "review.approved" in shell("audit").out


def test_no_cell_of_the_csv_is_a_formula(shell: Shell) -> None:
    review = shell.draft()["id"]
    shell.json("decide", review, "reject", "--message", "=1+1", "--reviewer", "=HYPERLINK(1)")
    rows = list(csv.DictReader(io.StringIO(shell("audit", "--csv").out)))
    assert [row["id"] for row in rows] == [str(entry["id"]) for entry in shell.json("audit")]
    rejected = next(row for row in rows if row["action"] == "review.rejected")
    assert rejected["actor"] == "'=HYPERLINK(1)"
    assert json.loads(rejected["detail"])["message"] == "=1+1"
    assert shell("audit", "--csv", "--json").code == 2


def test_a_worker_runs_what_others_record_until_it_is_told_to_stop(shell: Shell) -> None:
    with shell.spawn("worker", "--json") as worker:
        told = json.loads(worker.stdout.readline())
        assert told["worker"] == "serving"
        assert "draft" in told["graphs"]
        shell.json("start", "draft", "--input", TEA, "--thread", "mine", "--no-wait")
        until(lambda: shell.json("thread", "mine")["status"] == "interrupted", "the worker ran the start")
        worker.terminate()
        out, err = worker.communicate(timeout=60)
    assert (worker.returncode, json.loads(out)) == (0, {"worker": "stopped"})
    assert "Traceback" not in err


def test_a_usage_error_under_json_is_an_object(shell: Shell) -> None:
    for command in (["queue", "--status", "waiting"], ["start", "draft"], ["nonsense"], ["show"], ["--nonsense"]):
        told = shell("--json", *command)
        assert (told.code, told.error["code"], told.err) == (2, "bad_input", "")
    known = shell("queue", "--status", "waiting")
    assert (known.code, known.out) == (2, "")
    assert "superseded" in known.err


def test_json_may_stand_before_the_command(shell: Shell) -> None:
    assert shell("--json", "queue").json == shell("queue", "--json").json == []


def test_without_a_command_the_commands_are_listed(shell: Shell) -> None:
    told = shell()
    assert told.code == 0
    assert "edit-state" in told.out


def test_an_unusable_setting_is_one_sentence(shell: Shell) -> None:
    shell.set("REVIEW_LEASE_SECONDS", "soon")
    told = shell("queue")
    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert "REVIEW_LEASE_SECONDS" in told.err


def test_a_registry_that_cannot_be_used_is_bad_input(shell: Shell) -> None:
    for content in ("{", "[]", '{"graphs": []}', '{"graphs": {"draft": 1}}', '{"graphs": {"draft": {}}}'):
        shell.file("odd.json", content)
        shell.set("REVIEW_GRAPHS", "odd.json")
        told = shell("graphs", "--json")
        assert (told.code, told.error["code"]) == (2, "bad_input")


def test_a_locked_ledger_is_exit_code_one_and_records_nothing(shell: Shell) -> None:
    review = shell.draft()
    shell.set("REVIEW_LOCK_SECONDS", "0.1")
    holder = sqlite3.connect(shell.folder / "data" / "ledger.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    told = shell("decide", review["id"], "approve", "--reviewer", "Ann", "--json")
    holder.close()
    assert (told.code, told.error["code"]) == (1, "storage_failed")
    assert "locked" in told.error["message"]
    assert shell.json("queue") == [review]


def test_what_nobody_foresaw_is_one_sentence_with_the_id_that_the_log_has(shell: Shell) -> None:
    def explode() -> None:
        raise LookupError("the cause")

    app.command("explode")(explode)
    try:
        told = shell("--json", "explode")
        said = shell("explode")
    finally:
        app.registered_commands.pop()
    assert (told.code, told.error["code"]) == (1, "unexpected")
    assert "Traceback" not in told.out + told.err + said.err
    log = (shell.folder / "data" / "review.log").read_text("utf-8")
    assert told.error["error_id"] in log
    assert "error=LookupError" in log
    assert "test_cli_operators.py" in log
    assert "the cause" not in log


@pytest.mark.parametrize(
    "command",
    [
        ["queue"],
        ["show", "REVIEW"],
        ["threads"],
        ["audit"],
        ["claim", "REVIEW", "--reviewer", "Ann"],
        ["release", "REVIEW", "--reviewer", "Ann"],
        ["decide", "REVIEW", "respond", "--message", "More.", "--reviewer", "Ann", "--no-wait"],
    ],
    ids=lambda command: command[0],
)
def test_a_command_on_the_ledger_does_not_load_langgraph(shell: Shell, command: list[str]) -> None:
    review = shell.json("start", "open_question", "--input", TEA)["reviews"][0]["id"]
    script = (
        "import sys; from review.cli import main; code = main(sys.argv[1:]);"
        "heavy = {'langgraph', 'langchain_core', 'jsonschema', 'streamlit', 'pandas'} & set(sys.modules);"
        "sys.exit(f'loaded {heavy}' if heavy else code)"
    )
    arguments = [review if part == "REVIEW" else part for part in command]
    with shell.python(script, *arguments) as process:
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")


def test_names_that_are_not_text_or_are_empty_are_refused(shell: Shell) -> None:
    review = shell.draft()["id"]
    for name in ("", "  ", "x" * 300, "\udcff"):
        assert shell("decide", review, "approve", "--reviewer", name).code == 2
    assert shell.json("show", review)["status"] == "pending"


def test_output_that_its_reader_cannot_encode_is_escaped(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    review = shell.draft("Tee für 🫖")
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    from review.cli import main

    assert main(["show", review["id"], "--json"]) == 0
    assert json.loads(out.buffer.getvalue()) == review
