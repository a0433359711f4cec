"""Reviews on the command line: listed, shown, decided once."""

import json
from pathlib import Path

import pytest

from tests.cli_support import GRAPHS, Shell

KEYS = {
    *("id", "thread_id", "graph", "node", "interrupt_id", "version", "status", "kind", "allowed_decisions", "title"),
    *("request", "payload", "response_schema", "created_at", "due_at", "decision"),
}


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path, monkeypatch)


def test_a_review_has_the_same_keys_wherever_it_is_printed(shell: Shell) -> None:
    started = shell.json("start", "draft", "--input", '{"topic": "Tea"}')
    review = started["reviews"][0]
    assert list(started) == ["thread_id", "status", "reviews", "values"]
    assert set(review) >= KEYS
    assert shell.json("queue") == [review]
    assert shell.json("show", review["id"]) == review
    assert shell.json("thread", started["thread_id"])["reviews"] == [review]
    assert (review["graph"], review["status"], review["kind"]) == ("draft", "pending", "interrupt")
    assert review["created_at"].endswith("+00:00")


def test_approving_runs_the_thread_to_its_end(shell: Shell) -> None:
    review = shell.draft()
    decided = shell.json("decide", review["id"], "approve", "--reviewer", "Ann")
    assert decided["status"] == "done"
    assert decided["reviews"] == []
    assert decided["values"] == {"topic": "Tea", "draft": "About Tea.", "published": "About Tea.", "answer": "approve"}
    kept = shell.json("show", review["id"])
    assert (kept["status"], kept["decision"]["type"], kept["decision"]["reviewer"]) == ("resumed", "approve", "Ann")
    assert shell.json("queue", "--status", "resumed") == [kept]


def test_a_draft_of_two_megabytes_comes_back_as_it_stands_in_its_file(shell: Shell) -> None:
    text = "\ufeff" + "Zwölf Boxkämpfer jagen Viktor.\r\n" * 70_000
    file = shell.file("edited.md", text)
    decided = shell.json("decide", shell.draft()["id"], "edit", "--value", file, "--reviewer", "Ann")
    assert decided["values"]["published"] == text.removeprefix("\ufeff")
    assert len(text.encode()) > 2_000_000


def test_a_reason_is_asked_for_where_one_is_required(shell: Shell) -> None:
    review = shell.draft()
    told = shell("decide", review["id"], "reject", "--reviewer", "Ann")
    assert told.code == 2
    assert "say why" in told.err
    assert shell.json("show", review["id"]) == review
    decided = shell.json("decide", review["id"], "reject", "--message", "Too short.", "--reviewer", "Ann")
    assert decided["values"]["answer"] == "reject"


def test_second_reviewer_is_told_who_decided(shell: Shell) -> None:
    review = shell.draft()
    shell.json("decide", review["id"], "approve", "--reviewer", "Ann")
    late = shell("decide", review["id"], "reject", "--message", "No.", "--reviewer", "Bo", "--json")
    assert late.code == 3
    assert late.error["code"] == "already_decided"
    assert (late.error["reviewer"], late.error["decision"]) == ("Ann", "approve")
    told = shell("decide", review["id"], "approve", "--reviewer", "Bo")
    assert (told.code, told.out) == (3, "")
    assert "Ann decided" in told.err


def test_a_decision_on_another_version_is_refused(shell: Shell) -> None:
    review = shell.draft()
    late = shell("decide", review["id"], "approve", "--version", "older", "--reviewer", "Ann", "--json")
    assert (late.code, late.error["code"], late.error["version"]) == (3, "changed", review["version"])
    shell.json("decide", review["id"], "approve", "--version", review["version"], "--reviewer", "Ann")


def test_a_claimed_review_is_its_holders_until_released(shell: Shell) -> None:
    review = shell.draft()["id"]
    assert shell.json("claim", review, "--reviewer", "Ann")["assignee"] == "Ann"
    for verb in (["claim", review], ["release", review], ["decide", review, "approve"]):
        told = shell(*verb, "--reviewer", "Bo", "--json")
        assert (told.code, told.error["code"], told.error["assignee"]) == (3, "held_by_other", "Ann")
    assert shell.json("release", review, "--reviewer", "Ann")["assignee"] is None
    assert shell.json("decide", review, "approve", "--reviewer", "Bo")["status"] == "done"


def test_a_recorded_decision_can_be_undone_and_is_run_by_a_worker(shell: Shell) -> None:
    review = shell.draft()["id"]
    later = ("--no-wait", "--undo-seconds", "600", "--reviewer", "Ann")
    recorded = shell.json("decide", review, "approve", *later)
    assert (recorded["status"], recorded["values"]) == ("interrupted", None)
    assert recorded["reviews"][0]["status"] == "decided"
    assert shell("undo", review, "--reviewer", "Bo").code == 3
    assert shell.json("undo", review, "--reviewer", "Ann")["status"] == "pending"
    shell.json("decide", review, "reject", "--message", "No.", *later)
    assert shell.json("worker", "--once") == {"ran": 0}
    assert shell("apply", review, "--reviewer", "Bo").code == 3
    shell.json("apply", review, "--no-wait", "--reviewer", "Ann")
    assert shell("undo", review, "--reviewer", "Ann").code == 3
    assert shell.json("worker", "--once") == {"ran": 1}
    assert shell.json("show", review)["status"] == "resumed"
    assert shell("undo", review, "--reviewer", "Ann").code == 3
    assert shell.json("worker", "--once") == {"ran": 0}


def test_an_answer_goes_to_the_graph_as_it_is(shell: Shell) -> None:
    review = shell.json("start", "open_question", "--input", '{"topic": "Tea"}')["reviews"][0]["id"]
    assert shell("decide", review, "answer", "--reviewer", "Ann").code == 2
    decided = shell.json("decide", review, "answer", "--value", '{"milk": [1, 2.5, null]}', "--reviewer", "Ann")
    assert decided["values"]["answer"] == {"milk": [1, 2.5, None]}
    assert shell.json("show", review)["decision"]["type"] == "respond"


def test_an_answer_that_the_graph_refuses_leaves_the_review_pending(shell: Shell) -> None:
    review = shell.json("start", "picky", "--input", '{"topic": "Wall"}')["reviews"][0]
    told = shell("decide", review["id"], "answer", "--value", '{"name": "red"}', "--reviewer", "Ann", "--json")
    assert (told.code, told.error["code"]) == (2, "invalid_answer")
    assert "green only" in told.error["message"]
    again = shell.json("show", review["id"])
    assert again["status"] == "pending"
    assert again["version"] == told.error["version"] != review["version"]
    decided = shell.json("decide", review["id"], "answer", "--value", '{"name": "green"}', "--reviewer", "Ann")
    assert decided["values"]["answer"] == "green"


def test_a_breakpoint_is_continued(shell: Shell) -> None:
    review = shell.json("start", "stopping", "--input", '{"topic": "Tea"}')["reviews"][0]
    assert (review["kind"], review["interrupt_id"]) == ("breakpoint", None)
    told = shell("decide", review["id"], "approve", "--reviewer", "Ann", "--json")
    assert (told.code, told.error["code"]) == (2, "decision_not_allowed")
    assert "'approve'" in told.error["message"]
    assert shell.json("decide", review["id"], "continue", "--reviewer", "Ann")["status"] == "done"


def test_a_failed_node_is_retried(shell: Shell, tmp_path: Path) -> None:
    cause = tmp_path / "extinguisher"
    review = shell.json("start", "fragile", "--input", json.dumps({"topic": str(cause)}), code=1)["reviews"][0]
    assert (review["kind"], review["interrupt_id"]) == ("failed", None)
    again = shell.json("decide", review["id"], "retry", "--reviewer", "Ann", code=1)
    assert again["status"] == "failed"
    cause.touch()
    decided = shell.json("decide", again["reviews"][0]["id"], "retry", "--reviewer", "Ann")
    assert (decided["status"], decided["values"]["published"]) == ("done", "yes")


def test_a_decision_whose_graph_is_gone_is_kept_and_retried(shell: Shell) -> None:
    review = shell.draft()["id"]
    shell.file("none.json", '{"graphs": {}}')
    shell.set("REVIEW_GRAPHS", "none.json")
    failed = shell.json("decide", review, "approve", "--reviewer", "Ann", code=1)
    assert (failed["status"], failed["values"]) == ("failed", None)
    assert failed["reviews"][0]["status"] == "resume_failed"
    assert failed["reviews"][0]["decision"]["type"] == "approve"
    told = shell("thread", failed["thread_id"])
    assert told.code == 0
    assert "There is no graph 'draft'" in told.out
    shell.set("REVIEW_GRAPHS", str(GRAPHS))
    decided = shell.json("decide", review, "retry", "--reviewer", "Bo")
    assert (decided["status"], decided["values"]["answer"]) == ("done", "approve")
    assert shell.json("show", review)["decision"]["reviewer"] == "Ann"


def test_the_queue_is_oldest_first_and_cut_where_asked(shell: Shell) -> None:
    reviews = [shell.draft(topic) for topic in ("Tea", "Coffee", "Milk")]
    assert [review["title"] for review in shell.json("queue", "--limit", "2")] == ["Draft: Tea", "Draft: Coffee"]
    assert "2 of 3" in shell("queue", "--limit", "2").out
    assert shell.json("queue", "--graph", "draft") == reviews
    assert shell.json("queue", "--graph", "picky") == []
    assert shell.json("queue", "--status", "decided") == []


def test_an_unknown_graph_or_review_is_exit_code_four(shell: Shell) -> None:
    assert shell("queue", "--graph", "drafts").code == 4
    for verb in (["show"], ["claim", "--reviewer", "Ann"], ["decide", "review-x", "approve", "--reviewer", "Ann"]):
        told = shell(verb[0], *(verb[1:] if verb[0] == "decide" else ["review-x", *verb[1:]]), "--json")
        assert (told.code, told.error["code"]) == (4, "review_not_found")


def test_text_for_people_holds_no_control_characters(shell: Shell) -> None:
    review = shell.draft("Tea\x1b[31m\u202e")["id"]
    shown = shell("show", review)
    listed = shell("queue")
    assert "Draft: Tea[31m" in shown.out
    assert "About Tea" in shown.out
    assert "Draft: Tea[31m" in listed.out
    assert not {"\x1b", "\u202e"} & set(shown.out + listed.out)


def test_null_is_an_answer_like_any_other(shell: Shell) -> None:
    asked = shell.json("start", "open_question", "--input", '{"topic": "Tea"}')["reviews"][0]
    nothing = shell("decide", asked["id"], "answer", "--reviewer", "Ann")
    assert (nothing.code, shell.json("show", asked["id"])) == (2, asked)
    decided = shell.json("decide", asked["id"], "answer", "--value", "null", "--reviewer", "Ann")
    assert (decided["status"], decided["values"]) == ("done", {"topic": "Tea", "answer": None})
    assert shell.json("show", asked["id"])["decision"]["type"] == "respond"
