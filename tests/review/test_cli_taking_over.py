"""The command line where somebody else holds a review, and where the app would wait for an undo."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_support import Shell


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path, monkeypatch)


def told_of(shell: Shell, review: str) -> list[tuple[str, str]]:
    """Who did what to the review, oldest first, from the claim on."""
    entries = shell.json("audit")
    told = [(entry["action"], entry["actor"]) for entry in entries if entry["review_id"] == review][::-1]
    return told[told.index(("review.claimed", "Ann")) :]


def test_a_held_review_is_decided_by_somebody_else_only_where_they_say_that_they_take_it_over(shell: Shell) -> None:
    review = shell.draft()["id"]
    shell.json("claim", review, "--reviewer", "Ann")
    refused = shell("decide", review, "approve", "--reviewer", "Bo", "--json")
    assert (refused.code, refused.error["code"], refused.error["assignee"]) == (3, "held_by_other", "Ann")
    assert shell.json("decide", review, "approve", "--reviewer", "Bo", "--take-over")["status"] == "done"
    assert told_of(shell, review) == [
        ("review.claimed", "Ann"),
        ("decision.refused", "Bo"),
        ("review.taken_over", "Bo"),
        ("review.approved", "Bo"),
        ("decision.applied", "system"),
    ]


def test_a_claim_is_taken_over_the_same_way(shell: Shell) -> None:
    review = shell.draft()["id"]
    shell.json("claim", review, "--reviewer", "Ann")
    assert shell("claim", review, "--reviewer", "Bo").code == 3
    assert shell.json("claim", review, "--reviewer", "Bo", "--take-over")["assignee"] == "Bo"
    assert told_of(shell, review)[-2:] == [("review.taken_over", "Bo"), ("review.claimed", "Bo")]


def test_a_command_that_waits_for_the_graph_does_not_wait_for_an_undo(shell: Shell) -> None:
    """The app's time for it, and the graph's own, are for people who look at a countdown."""
    (shell.folder / "review.toml").write_text('undo_seconds = 600\n[policy."*"]\nundo_seconds = 600\n')
    review = shell.draft()["id"]
    assert shell.json("decide", review, "approve", "--reviewer", "Ann")["status"] == "done"
    shown = shell.json("show", review)
    assert shown["status"] == "resumed"
    assert shown["decision"]["apply_at"] == shown["decision"]["decided_at"]


def test_a_time_for_undo_is_refused_where_the_command_would_wait_for_it(shell: Shell) -> None:
    review = shell.draft()["id"]
    given = ("decide", review, "approve", "--reviewer", "Ann", "--undo-seconds", "5")
    refused = shell(*given, "--json")
    assert (refused.code, refused.error["code"]) == (2, "bad_input")
    assert "`--undo-seconds` goes with `--no-wait`" in refused.error["message"]
    assert shell.json("show", review)["status"] == "pending"
    assert shell.json(*given, "--no-wait")["reviews"][0]["status"] == "decided"
