"""Threads of other programs: found in the same checkpoints, asked about here, and never run by themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from review.cli import main
from review.errors import BadInput, GraphNotFound, ThreadBusy
from review.model import ReviewKind, ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk
from tests.foreign import GIVEN, TWICE, MakeForeign
from tests.graphs.desks import say
from tests.support import ADA, ASK, FRAGILE, SIBLINGS, actions, begin, pending, reviews, values, wait_for

STOPPED = """
def first(state): return {"log": ["first"]}
def second(state): return {"log": ["second"]}
graph = wire(first, second, interrupt_before=["second"])
"""


def test_a_thread_that_names_its_graph_joins_and_is_decided_here(make_desk: MakeDesk, foreign: MakeForeign) -> None:
    desk = make_desk({"ask": ASK, "same": ASK})
    foreign(desk)("same", "theirs", GIVEN, graph_id="same")
    desk.discovery.look()
    thread = desk.thread("theirs")
    assert (thread.graph, thread.status, thread.found, thread.title) == ("same", "interrupted", True, "Publish?")
    review = pending(desk, "theirs")
    assert (review.kind, review.graph) == (ReviewKind.INTERRUPT, "same")
    assert actions(desk, "theirs") == ["thread.found", "review.opened"]
    assert say(desk, review, "approve")["log"] == ["write", "ask", "publish"]
    assert desk.thread("theirs").status == ThreadStatus.DONE


def test_the_only_graph_whose_nodes_fit_is_the_threads(make_desk: MakeDesk, foreign: MakeForeign) -> None:
    desk = make_desk({"ask": ASK, "siblings": SIBLINGS, "broken": "1 / 0"})
    foreign(desk)("siblings", "theirs", GIVEN)
    desk.discovery.look()
    assert desk.thread("theirs").graph == "siblings"
    assert {review.node for review in reviews(desk, "theirs")} == {"left", "right"}


def test_a_serving_relay_finds_them_at_start_and_while_it_runs(make_desk: MakeDesk, foreign: MakeForeign) -> None:
    desk = make_desk({"ask": ASK})
    program = foreign(desk)
    program("ask", "before", GIVEN)
    desk.relay.start()
    wait_for(lambda: desk.ledger.found.known(["before"]), "the thread from before")
    program("ask", "meanwhile", GIVEN)
    wait_for(lambda: desk.ledger.found.known(["meanwhile"]), "the thread from meanwhile")
    review = pending(desk, "meanwhile")
    desk.decide(review.id, "approve", ADA)
    wait_for(lambda: desk.thread("meanwhile").status == ThreadStatus.DONE, "the end")


def test_what_waits_for_no_answer_does_not_join_and_is_not_continued(
    make_desk: MakeDesk, foreign: MakeForeign, tmp_path: Path
) -> None:
    desk = make_desk({"stopped": STOPPED, "fragile": FRAGILE, "ask": ASK})
    program = foreign(desk)
    program("stopped", "at a breakpoint", GIVEN)
    (tmp_path / "graphs" / "broken").touch()
    with pytest.raises(RuntimeError):
        program("fragile", "failed", GIVEN)
    program("ask", "answered", GIVEN)
    program.answer("ask", "answered", {"approved": True})
    desk.relay.start()
    program("ask", "waiting", GIVEN)
    wait_for(lambda: desk.ledger.found.known(["waiting"]), "the thread that waits")
    assert [thread.id for thread in desk.ledger.threads.page()] == ["waiting"]
    assert program("stopped", "at a breakpoint", None)["log"] == ["first", "second"]


def test_a_found_thread_is_not_run_by_itself(make_desk: MakeDesk, foreign: MakeForeign) -> None:
    desk = make_desk({"ask": ASK})
    foreign(desk)("ask", "theirs", GIVEN)
    desk.discovery.look()
    assert desk.relay.run_due() == 0
    assert not desk.relay.advance("theirs")
    assert values(desk, "theirs")["log"] == ["write"]


def test_our_own_threads_are_not_found(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    thread = begin(desk)
    desk.discovery.look()
    assert not desk.thread(thread.id).found
    assert "thread.found" not in actions(desk, thread.id)


def test_what_the_other_program_answers_itself_is_superseded(make_desk: MakeDesk, foreign: MakeForeign) -> None:
    desk = make_desk({"twice": TWICE})
    program = foreign(desk)
    program("twice", "theirs", GIVEN)
    desk.discovery.look()
    first = pending(desk, "theirs")
    program.answer("twice", "theirs", "yes")
    desk.discovery.look()
    assert desk.review(first.id).status == ReviewStatus.SUPERSEDED
    second = pending(desk, "theirs")
    assert second.node == "two"
    program.answer("twice", "theirs", "yes")
    desk.discovery.look()
    assert desk.review(second.id).status == ReviewStatus.SUPERSEDED
    assert desk.thread("theirs").status == ThreadStatus.DONE
    assert actions(desk, "theirs")[-1] == "thread.finished"


def test_a_finished_thread_that_asks_again_is_asked_about_again(make_desk: MakeDesk, foreign: MakeForeign) -> None:
    desk = make_desk({"ask": ASK})
    program = foreign(desk)
    program("ask", "theirs", GIVEN)
    desk.discovery.look()
    say(desk, pending(desk, "theirs"), "approve")
    program("ask", "theirs", GIVEN)
    desk.discovery.look()
    assert desk.thread("theirs").status == ThreadStatus.INTERRUPTED
    assert say(desk, pending(desk, "theirs"), "approve")["log"] == ["write", "ask", "publish"] * 2


def test_a_failure_of_our_own_run_stays_a_review(make_desk: MakeDesk, foreign: MakeForeign, tmp_path: Path) -> None:
    fails = FRAGILE.replace('return {"log": ["first"]}', 'return {"log": [interrupt("Go?")]}')
    desk = make_desk({"fails": fails})
    foreign(desk)("fails", "theirs", GIVEN)
    desk.discovery.look()
    (tmp_path / "graphs" / "broken").touch()
    say(desk, pending(desk, "theirs"), "approve")
    desk.discovery.look()
    assert desk.thread("theirs").status == ThreadStatus.FAILED
    assert pending(desk, "theirs").kind == ReviewKind.FAILED


def test_a_breakpoint_of_our_own_run_stays_a_review(make_desk: MakeDesk, foreign: MakeForeign) -> None:
    stops = STOPPED.replace('return {"log": ["first"]}', 'return {"log": [interrupt("Go?")]}')
    desk = make_desk({"stops": stops})
    foreign(desk)("stops", "theirs", GIVEN)
    desk.discovery.look()
    say(desk, pending(desk, "theirs"), "approve")
    desk.discovery.look()
    assert pending(desk, "theirs").kind == ReviewKind.BREAKPOINT
    assert say(desk, pending(desk, "theirs"), "continue")["log"] == [True, "second"]


def test_beside_a_question_the_other_programs_failure_is_its_own(make_desk: MakeDesk, foreign: MakeForeign) -> None:
    fails = SIBLINGS.replace(
        'return {"log": [("right", interrupt("right?"))]}', 'interrupt("right?"); raise RuntimeError'
    )
    desk = make_desk({"fails": fails})
    program = foreign(desk)
    program("fails", "theirs", GIVEN)
    with pytest.raises(RuntimeError):
        program.answer("fails", "theirs", "yes", asked="right?")
    desk.discovery.look()
    assert [(review.kind, review.node) for review in reviews(desk, "theirs")] == [(ReviewKind.INTERRUPT, "left")]


@pytest.mark.parametrize("registered", [{"ask": ASK, "same": ASK}, {"siblings": SIBLINGS, "ask": None}])
def test_a_thread_of_no_certain_graph_waits_for_a_person_to_say(
    make_desk: MakeDesk, foreign: MakeForeign, registered: dict[str, str | None]
) -> None:
    desk = make_desk({"ask": ASK})
    foreign(desk)("ask", "theirs", GIVEN)
    desk.close()
    desk = make_desk(registered)
    desk.discovery.look()
    thread = desk.thread("theirs")
    assert (thread.graph, thread.status, reviews(desk, "theirs")) == ("", ThreadStatus.INTERRUPTED, [])
    assert str(thread.error).startswith("Another program left this thread waiting")
    with pytest.raises(GraphNotFound):
        desk.assign_graph("theirs", "nowhere", ADA)
    if "siblings" in registered:
        with pytest.raises(BadInput, match="does not wait at a node of graph siblings"):
            desk.assign_graph("theirs", "siblings", ADA)
        return
    assigned = desk.assign_graph("theirs", "same", ADA)
    assert (assigned.graph, assigned.error, assigned.title) == ("same", None, "Publish?")
    assert actions(desk, "theirs") == ["thread.found", "thread.assigned", "review.opened"]
    with pytest.raises(ThreadBusy, match="is of graph same already"):
        desk.assign_graph("theirs", "ask", ADA)
    assert say(desk, pending(desk, "theirs"), "approve")["log"] == ["write", "ask", "publish"]


def test_a_thread_that_nobody_assigned_is_over_once_its_program_goes_on(
    make_desk: MakeDesk, foreign: MakeForeign
) -> None:
    desk = make_desk({"ask": ASK, "same": ASK})
    program = foreign(desk)
    program("ask", "theirs", GIVEN)
    desk.discovery.look()
    program.answer("ask", "theirs", {"approved": True})
    desk.discovery.look()
    thread = desk.thread("theirs")
    assert (thread.status, thread.error) == (ThreadStatus.DONE, None)


def test_an_answered_thread_of_an_unknown_graph_is_not_put_before_a_person(
    make_desk: MakeDesk, foreign: MakeForeign, tmp_path: Path
) -> None:
    fails = "def node(state):\n    interrupt('Go?')\n    raise RuntimeError('Behind the answer.')\ngraph = wire(node)\n"
    desk = make_desk({"fails": fails})
    program = foreign(desk)
    program("fails", "theirs", GIVEN)
    with pytest.raises(RuntimeError):
        program.answer("fails", "theirs", "yes")
    desk.close()
    desk = make_desk({"fails": None, "ask": ASK})
    desk.discovery.look()
    assert desk.ledger.threads.page() == []


def test_the_command_line_assigns(make_desk: MakeDesk, foreign: MakeForeign, monkeypatch: Any, capsys: Any) -> None:
    desk = make_desk({"ask": ASK, "same": ASK})
    foreign(desk)("ask", "theirs", GIVEN)
    desk.discovery.look()
    monkeypatch.setenv("REVIEW_DATA_DIR", str(desk.settings.data_dir))
    monkeypatch.setenv("REVIEW_GRAPHS", str(desk.settings.graphs))
    assert main(["assign", "theirs", "same", "--reviewer", "ada", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["status"], [review["graph"] for review in told["reviews"]]) == ("interrupted", ["same"])
    assert main(["assign", "theirs", "same", "--reviewer", "ada"]) == 3


def test_only_what_is_new_is_read(make_desk: MakeDesk, foreign: MakeForeign) -> None:
    desk = make_desk({"ask": ASK})
    program = foreign(desk)
    for number in range(3):
        program("ask", f"theirs {number}", GIVEN)
    desk.discovery.look()
    mark = desk.ledger.found.mark()
    assert desk.engine.news(mark).stirred == ()
    program("ask", "one more", GIVEN)
    assert [each.thread_id for each in desk.engine.news(mark).stirred] == ["one more"]
    desk.close()
    again = make_desk()
    again.discovery.look()
    assert json.loads(str(again.ledger.found.mark()))["writes"][0] > json.loads(str(mark))["writes"][0]
    assert len(again.ledger.threads.page()) == 4


def test_rows_whose_numbers_are_used_again_are_read_all_the_same(make_desk: MakeDesk, foreign: MakeForeign) -> None:
    desk = make_desk({"ask": ASK})
    program = foreign(desk)
    program("ask", "first", GIVEN)
    program("ask", "newest", GIVEN)
    desk.discovery.look()
    program.forget("newest")
    program("ask", "in its place", GIVEN)
    desk.discovery.look()
    assert desk.thread("in its place").status == ThreadStatus.INTERRUPTED


def test_many_rows_are_read_in_batches(make_desk: MakeDesk, foreign: MakeForeign, monkeypatch: Any) -> None:
    monkeypatch.setattr("review.engine.news.BATCH", 4)
    desk = make_desk({"ask": ASK})
    program = foreign(desk)
    for number in range(5):
        program("ask", f"theirs {number}", GIVEN)
    assert desk.engine.news(None).more
    desk.discovery.look()
    assert len(desk.ledger.threads.page()) == 5
