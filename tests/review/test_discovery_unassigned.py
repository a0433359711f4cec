"""Threads of other programs whose graph is uncertain: closed in the ledger alone, and back when they ask anew."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from review.cli import main
from review.errors import ThreadBusy
from review.model import ThreadStatus
from tests.conftest import MakeDesk
from tests.foreign import GIVEN, TWICE, MakeForeign
from tests.graphs.desks import say
from tests.support import ADA, ASK, SIBLINGS, actions, pending, reviews


def test_a_thread_that_nobody_assigned_is_closed_in_the_ledger_alone(
    make_desk: MakeDesk, foreign: MakeForeign, tmp_path: Path
) -> None:
    desk = make_desk({"ask": ASK, "same": ASK})
    program = foreign(desk)
    program("ask", "theirs", GIVEN)
    desk.discovery.look()
    before = kept(tmp_path)
    assert desk.close_thread("theirs", ADA).status == ThreadStatus.CLOSED
    assert desk.thread("theirs").error is None
    assert kept(tmp_path) == before
    closed = desk.ledger.audit.entries(thread_id="theirs")[0]
    assert (closed.action, closed.actor) == ("thread.closed", "ada")
    with pytest.raises(ThreadBusy, match="is closed"):
        desk.assign_graph("theirs", "same", ADA)
    assert program.answer("ask", "theirs", {"approved": True})["log"] == ["write", "ask", "publish"]


@pytest.mark.parametrize("restarted", [False, True])
def test_a_closed_thread_comes_back_only_when_its_program_asks_something_new(
    make_desk: MakeDesk, foreign: MakeForeign, restarted: bool
) -> None:
    desk = make_desk({"twice": TWICE, "same": TWICE})
    program = foreign(desk)
    program("twice", "theirs", GIVEN)
    desk.discovery.look()
    desk.close_thread("theirs", ADA)
    if restarted:  # and everything read again, as when the newest rows were deleted
        desk.close()
        desk = make_desk()
        desk.ledger.found.keep_mark("{}")
    desk.discovery.look()
    assert desk.thread("theirs").status == ThreadStatus.CLOSED
    program.answer("twice", "theirs", "yes")
    desk.discovery.look()
    thread = desk.thread("theirs")
    assert (thread.status, thread.graph) == (ThreadStatus.INTERRUPTED, "")
    assert str(thread.error).startswith("Another program left this thread waiting")
    assert actions(desk, "theirs") == ["thread.found", "thread.closed", "thread.found"]
    desk.assign_graph("theirs", "same", ADA)
    assert say(desk, pending(desk, "theirs"), "approve")["log"] == ["yes", True]


def test_a_second_question_of_one_node_is_a_new_one(make_desk: MakeDesk, foreign: MakeForeign) -> None:
    both = 'def node(state): return {"log": [interrupt("First?"), interrupt("Second?")]}\ngraph = wire(node)\n'
    desk = make_desk({"both": both, "same": both})
    program = foreign(desk)
    program("both", "theirs", GIVEN)
    desk.discovery.look()
    desk.close_thread("theirs", ADA)
    program.answer("both", "theirs", "yes")
    desk.discovery.look()
    assert desk.thread("theirs").status == ThreadStatus.INTERRUPTED


def test_a_thread_that_nobody_assigned_may_end_and_ask_again(make_desk: MakeDesk, foreign: MakeForeign) -> None:
    desk = make_desk({"ask": ASK, "same": ASK})
    program = foreign(desk)
    program("ask", "theirs", GIVEN)
    desk.discovery.look()
    program.answer("ask", "theirs", {"approved": True})
    desk.discovery.look()
    assert desk.thread("theirs").status == ThreadStatus.DONE
    program("ask", "theirs", GIVEN)
    desk.discovery.look()
    assert desk.thread("theirs").status == ThreadStatus.INTERRUPTED


def test_a_graph_with_some_of_the_nodes_is_another_one(make_desk: MakeDesk, foreign: MakeForeign) -> None:
    desk = make_desk({"siblings": SIBLINGS})
    foreign(desk)("siblings", "theirs", GIVEN)
    desk.close()
    desk = make_desk({"siblings": SIBLINGS.replace("right", "east")})
    desk.discovery.look()
    assert desk.thread("theirs").graph == ""


def test_a_question_of_a_renamed_node_stays_when_its_sibling_is_answered(
    make_desk: MakeDesk, foreign: MakeForeign
) -> None:
    desk = make_desk({"siblings": SIBLINGS})
    program = foreign(desk)
    program("siblings", "theirs", GIVEN)
    desk.discovery.look()
    assert len(reviews(desk, "theirs")) == 2
    desk.close()
    desk = make_desk({"siblings": SIBLINGS.replace("right", "east")})
    program.answer("siblings", "theirs", "yes", asked="left?")
    desk.discovery.look()
    assert {review.node for review in reviews(desk, "theirs")} == {"left", "right"}


def test_the_command_line_looks_once_and_closes(
    make_desk: MakeDesk, foreign: MakeForeign, monkeypatch: Any, capsys: Any
) -> None:
    desk = make_desk({"ask": ASK, "same": ASK})
    foreign(desk)("ask", "theirs", GIVEN)
    monkeypatch.setenv("REVIEW_DATA_DIR", str(desk.settings.data_dir))
    monkeypatch.setenv("REVIEW_GRAPHS", str(desk.settings.graphs))
    assert main(["worker", "--once", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"ran": 0}
    assert desk.thread("theirs").status == ThreadStatus.INTERRUPTED
    assert main(["close", "theirs", "--reviewer", "ada", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "closed"
    assert main(["worker", "--once", "--json"]) == 0
    assert desk.thread("theirs").status == ThreadStatus.CLOSED


def kept(tmp_path: Path) -> list[Any]:
    """Every row of the checkpoints."""
    with closing(sqlite3.connect(tmp_path / "data" / "checkpoints.sqlite")) as connection:
        tables = ("SELECT * FROM checkpoints ORDER BY rowid", "SELECT * FROM writes ORDER BY rowid")
        return [row for table in tables for row in connection.execute(table)]
