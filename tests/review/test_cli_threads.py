"""Threads on the command line: started, cancelled, closed, edited, shown; by one process or two."""

import json
from pathlib import Path

import pytest

from tests.cli_support import Shell, until

TEA = '{"topic": "Tea"}'


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path, monkeypatch)


def test_a_failed_run_is_exit_code_one_with_the_thread_as_json(shell: Shell) -> None:
    failed = shell.json("start", "fragile", "--input", TEA, "--thread", "fire", code=1)
    assert (failed["thread_id"], failed["status"]) == ("fire", "failed")
    assert failed["reviews"][0]["payload"]["error"] == "RuntimeError('The printer is on fire.')"
    told = shell("start", "fragile", "--input", TEA)
    assert told.code == 1
    assert "The printer is on fire." in told.out
    assert "Traceback" not in told.out + told.err
    error_id = shell.json("threads")[0]["error_id"]
    log = (shell.folder / "data" / "review.log").read_text()
    assert error_id in told.out
    assert error_id in log
    assert "error=RuntimeError" in log
    assert "on fire" not in log  # a message may repeat a payload; the thread shows it


def test_an_input_that_the_schema_refuses_starts_nothing(shell: Shell) -> None:
    told = shell("start", "draft", "--input", '{"topic": 3}', "--json")
    assert (told.code, told.error["code"]) == (2, "bad_input")
    assert told.error["errors"] == {"topic": "must be a string, not 3."}
    assert shell.json("threads") == []


def test_an_unknown_graph_is_named_with_those_there_are(shell: Shell) -> None:
    told = shell("start", "drafts", "--input", TEA, "--json")
    assert (told.code, told.error["code"]) == (4, "graph_not_found")
    assert "open_question" in told.error["message"]


def test_a_new_start_on_a_thread_that_waits_is_refused(shell: Shell) -> None:
    shell.draft("Tea", "--thread", "mine")
    told = shell("start", "draft", "--input", TEA, "--thread", "mine", "--json")
    assert (told.code, told.error["code"]) == (3, "thread_busy")
    assert len(shell.json("queue")) == 1


def test_a_done_thread_is_continued_by_its_own_graph_alone(shell: Shell) -> None:
    review = shell.draft("Tea", "--thread", "mine")
    shell.json("decide", review["id"], "approve", "--reviewer", "Ann")
    told = shell("start", "fragile", "--input", TEA, "--thread", "mine", "--json")
    assert (told.code, told.error["code"]) == (2, "bad_input")
    again = shell.json("start", "draft", "--input", '{"topic": "Coffee"}', "--thread", "mine")
    assert (again["thread_id"], again["status"]) == ("mine", "interrupted")
    assert again["reviews"][0]["title"] == "Draft: Coffee"
    assert [thread["id"] for thread in shell.json("threads")] == ["mine"]


def test_an_empty_thread_id_is_refused(shell: Shell) -> None:
    assert shell("start", "draft", "--input", TEA, "--thread", " ").code == 2


def test_a_recorded_start_keeps_its_input_and_context_until_a_worker_runs_it(shell: Shell) -> None:
    queued = shell.json("start", "draft", "--input", TEA, "--context", '{"desk": 3}', "--no-wait")
    assert (queued["status"], queued["reviews"], queued["values"]) == ("queued", [], None)
    kept = shell.json("thread", queued["thread_id"])
    assert (kept["input"], kept["context"], kept["steps"]) == ({"topic": "Tea"}, {"desk": 3}, [])
    assert shell.json("worker", "--once") == {"ran": 1}
    assert shell.json("thread", queued["thread_id"])["status"] == "interrupted"


def test_what_a_graph_prints_is_not_in_the_result(shell: Shell) -> None:
    told = shell("start", "draft", "--input", TEA, "--json")
    assert told.json["values"]["draft"] == "About Tea."
    assert "a graph that prints" in told.err


def test_a_thread_shows_its_steps_and_its_reviews(shell: Shell) -> None:
    review = shell.draft("Tea", "--thread", "mine")
    shell.json("decide", review["id"], "approve", "--reviewer", "Ann")
    shown = shell.json("thread", "mine")
    assert [step["nodes"] for step in shown["steps"]][-2:] == [["write"], ["review"]]
    assert shown["steps"][-1]["changes"] == {"published": "About Tea.", "answer": "approve"}
    assert shown["steps_error"] is None
    assert [review["status"] for review in shown["reviews"]] == ["resumed"]
    assert "Draft: Tea" in shell("thread", "mine").out
    assert "Draft: Tea" in shell("threads").out


def test_a_queued_thread_is_cancelled_before_it_begins(shell: Shell) -> None:
    shell.json("start", "draft", "--input", TEA, "--thread", "mine", "--no-wait")
    cancelled = shell.json("cancel", "mine", "--reviewer", "Ann")
    assert (cancelled["status"], cancelled["reviews"]) == ("closed", [])
    assert shell("cancel", "mine").code == 3


def test_a_run_is_cancelled_in_the_process_that_has_it(shell: Shell) -> None:
    gate = shell.folder / "gate"
    with shell.spawn(
        "start", "patient", "--input", json.dumps({"topic": str(gate)}), "--thread", "mine", "--json"
    ) as run:
        until((shell.folder / "gate.begun").exists, "the run began")
        busy = shell("start", "patient", "--input", TEA, "--thread", "mine", "--json")
        assert (busy.code, busy.error["code"]) == (3, "thread_busy")
        assert shell("close", "mine", "--reviewer", "Ann").code == 3
        cancelled = shell.json("cancel", "mine", "--reviewer", "Ann")
        out, err = run.communicate(timeout=60)
    assert (cancelled["status"], run.returncode) == ("failed", 1)
    assert json.loads(out)["status"] == "failed"
    assert cancelled["reviews"][0]["allowed_decisions"] == ["retry"]
    assert "Traceback" not in err
    gate.touch()
    assert shell.json("decide", cancelled["reviews"][0]["id"], "retry", "--reviewer", "Ann")["status"] == "done"


def test_without_no_wait_a_command_waits_for_the_process_that_holds_the_thread(shell: Shell) -> None:
    gate = shell.folder / "gate"
    start = ("start", "patient", "--input", json.dumps({"topic": str(gate)}), "--thread", "mine", "--json")
    shell.json(*start[:-1], "--no-wait")
    with shell.spawn("worker") as worker:
        until((shell.folder / "gate.begun").exists, "the worker began the run")
        with shell.spawn("cancel", "mine", "--reviewer", "Ann", "--json") as cancel:
            out, _ = cancel.communicate(timeout=60)
        assert json.loads(out)["status"] == "failed"
        assert worker.poll() is None
        worker.terminate()
        worker.communicate(timeout=60)
    assert worker.returncode == 0


def test_a_closed_thread_waits_for_nobody(shell: Shell) -> None:
    review = shell.draft("Tea", "--thread", "mine")
    closed = shell.json("close", "mine", "--reviewer", "Ann")
    assert (closed["status"], closed["reviews"]) == ("closed", [])
    late = shell("decide", review["id"], "approve", "--reviewer", "Bo", "--json")
    assert (late.code, late.error["code"]) == (3, "changed")
    assert shell("close", "mine", "--reviewer", "Ann").code == 3


def test_an_edited_state_is_asked_about_anew(shell: Shell) -> None:
    review = shell.draft("Tea", "--thread", "mine")
    edited = shell.json("edit-state", "mine", "--values", '{"draft": "Better."}', "--reviewer", "Ann")
    assert (edited["status"], edited["values"]["draft"]) == ("interrupted", "Better.")
    assert edited["reviews"][0]["id"] != review["id"]
    assert edited["reviews"][0]["request"]["subject"] == "Better."
    assert shell.json("show", review["id"])["status"] == "superseded"


def test_new_values_must_be_an_object(shell: Shell) -> None:
    review = shell.draft("Tea", "--thread", "mine")
    told = shell("edit-state", "mine", "--values", "[1]", "--reviewer", "Ann", "--json")
    assert (told.code, told.error["code"]) == (2, "bad_input")
    assert shell.json("queue") == [review]


def test_an_unknown_thread_is_exit_code_four(shell: Shell) -> None:
    for command in (
        ["thread", "x"],
        ["cancel", "x"],
        ["close", "x", "--reviewer", "Ann"],
        ["edit-state", "x", "--values", "{}", "--reviewer", "Ann"],
    ):
        told = shell(*command, "--json")
        assert (told.code, told.error["code"]) == (4, "thread_not_found")
