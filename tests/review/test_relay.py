"""The relay: it serves by itself, drains, cancels, respects other processes, and survives what graphs do to it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from review.errors import ThreadBusy
from review.model import ReviewKind, ReviewStatus, ThreadStatus
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, BEN, actions, begin, pending, reviews, take_and_die, values, wait_for

# Two nodes; the first waits for the file `go` and tells by `running` that it does.
SLOW = """
HERE = pathlib.Path(__file__).parent
def slow(state):
    with open(HERE / "runs", "a") as runs: runs.write("slow\\n")
    (HERE / "running").touch()
    while not (HERE / "go").exists(): time.sleep(0.005)
    return {"log": ["slow"]}
def after(state): return {"log": ["after"]}
graph = wire(slow, after)
"""
# The same as coroutines: those can be cut off.
PATIENT = """
import asyncio
HERE = pathlib.Path(__file__).parent
async def slow(state):
    (HERE / "running").touch()
    while not (HERE / "go").exists(): await asyncio.sleep(0.005)
    return {"log": ["slow"]}
def after(state): return {"log": ["after"]}
graph = wire(slow, after)
"""
ANSWERED = PATIENT.replace('(HERE / "running")', 'said = interrupt("go on?"); (HERE / "running")').replace(
    '["slow"]}', "[said]}"
)
GIVES_UP = """
import asyncio
async def node(state): raise asyncio.CancelledError("of my own accord")
graph = wire(node)
"""
ODD = """
def node(state): raise RuntimeError("half a character: \\ud83d, and a zero: \\0")
graph = wire(node)
"""
ENDLESS = """
def node(state): return {"log": ["again"]}
builder = StateGraph(State)
builder.add_node("node", node)
builder.add_edge(START, "node")
builder.add_edge("node", "node")
graph = builder.compile().with_config(recursion_limit=10)
"""
WILD = """
class Wild(BaseException): pass
def node(state): raise Wild("not an Exception at all")
graph = wire(node)
"""
EXITS = """
def node(state): raise SystemExit(3)
graph = wire(node)
"""


@pytest.fixture
def graphs(tmp_path: Path) -> Path:
    """The folder of the plug-in files, where the graphs above look for theirs."""
    folder = tmp_path / "graphs"
    folder.mkdir()
    return folder


def test_a_started_relay_serves_by_itself(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    desk.relay.start()
    threads = [desk.start("ask", {"topic": str(n)}, ADA) for n in range(5)]
    for thread in threads:
        review = wait_for(lambda of=thread: reviews(desk, of.id), "a review")[0]
        desk.decide(review.id, "approve", ADA)
    for thread in threads:
        wait_for(lambda of=thread: desk.thread(of.id).status == ThreadStatus.DONE, "the end")
        assert values(desk, thread.id)["log"] == ["write", "ask", "publish"]


def test_a_started_relay_finds_what_others_recorded(make_desk: MakeDesk) -> None:
    other, desk = make_desk({"ask": ASK}), make_desk(other=1)
    desk.relay.start()
    thread = other.start("ask", {"topic": "bread"}, ADA)
    review = wait_for(lambda: reviews(other, thread.id), "a review")[0]
    other.decide(review.id, "approve", ADA)
    wait_for(lambda: other.thread(thread.id).status == ThreadStatus.DONE, "the end")
    assert other.steps(thread.id) == desk.steps(thread.id)


def test_a_relay_prepares_before_it_serves(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    thread = desk.start("ask", {"topic": "bread"}, ADA)
    seen: list[str] = []
    desk.relay.start(lambda: seen.append(desk.thread(thread.id).status))
    wait_for(lambda: reviews(desk, thread.id), "a review")
    assert seen == [ThreadStatus.QUEUED]


def test_a_failed_preparation_does_not_stop_the_relay(make_desk: MakeDesk) -> None:
    def fails() -> None:
        raise RuntimeError("no examples today")

    desk = make_desk({"ask": ASK})
    desk.relay.start(fails)
    thread = desk.start("ask", {"topic": "bread"}, ADA)
    other = make_desk(other=1).start("ask", {"topic": "cake"}, ADA)
    wait_for(lambda: reviews(desk, thread.id), "a review")
    wait_for(lambda: reviews(desk, other.id), "the review of another process's start")


def test_run_due_advances_all_that_waits(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    threads = [desk.start("ask", {"topic": str(n)}, ADA) for n in range(3)]
    assert desk.relay.run_due() == 3
    assert desk.relay.run_due() == 0
    assert {desk.thread(thread.id).status for thread in threads} == {ThreadStatus.INTERRUPTED}


def test_a_drained_run_is_finished_by_the_next_process(make_desk: MakeDesk, graphs: Path) -> None:
    desk = make_desk({"slow": SLOW})
    desk.relay.start()
    thread = desk.start("slow", {"topic": "bread"}, ADA)
    wait_for((graphs / "running").exists, "the run")
    stopping = threading.Thread(target=desk.close)
    stopping.start()
    wait_for(lambda: not desk.relay.running, "the drain to begin")
    (graphs / "go").touch()
    stopping.join()
    desk = make_desk()
    left = desk.thread(thread.id)
    assert (left.status, left.lease_owner) == (ThreadStatus.RUNNING, None)
    assert desk.state(thread.id).unfinished
    assert reviews(desk, thread.id) == []
    desk.relay.start()
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.DONE, "the end")
    assert values(desk, thread.id)["log"] == ["slow", "after"]
    assert (graphs / "runs").read_text() == "slow\n"


def test_a_run_that_does_not_drain_is_cut_off_and_done_again(make_desk: MakeDesk, graphs: Path) -> None:
    desk = make_desk({"patient": ANSWERED})
    desk.relay.start()
    thread = desk.start("patient", {"topic": "bread"}, ADA)
    review = wait_for(lambda: reviews(desk, thread.id), "a review")[0]
    desk.decide(review.id, "respond", ADA, message="said once")
    wait_for((graphs / "running").exists, "the run")
    desk.relay.stop(seconds=0.1)
    assert desk.thread(thread.id).lease_owner is None
    desk.close()
    (graphs / "go").touch()
    desk = make_desk()
    assert desk.review(review.id).status in (ReviewStatus.DECIDED, ReviewStatus.RESUMED)
    assert desk.finish(thread.id, review.id).status == ThreadStatus.DONE
    assert values(desk, thread.id)["log"] == ["said once", "after"]


@pytest.mark.parametrize("where", ["here", "in another process"])
def test_a_run_is_cancelled_and_can_be_retried(make_desk: MakeDesk, graphs: Path, where: str) -> None:
    desk = make_desk({"patient": PATIENT})
    desk.relay.start()
    asking = desk if where == "here" else make_desk(other=1)
    thread = asking.start("patient", {"topic": "bread"}, ADA)
    wait_for((graphs / "running").exists, "the run")
    asking.cancel(thread.id, BEN)
    failed = wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.FAILED and desk.thread(thread.id), "it")
    assert (failed.error, failed.cancel_by, failed.lease_owner) == ("Cancelled by ben.", None, None)
    review = pending(desk, thread.id)
    assert (review.kind, review.node) == (ReviewKind.FAILED, "slow")
    assert review.request.subject == "Cancelled by ben."
    (graphs / "go").touch()
    desk.decide(review.id, "retry", ADA)
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.DONE, "the end")
    assert values(desk, thread.id)["log"] == ["slow", "after"]
    assert actions(desk, thread.id)[1:3] == ["thread.cancel_requested", "review.opened"]


def test_a_cancelled_answer_is_kept(make_desk: MakeDesk, graphs: Path) -> None:
    desk = make_desk({"patient": ANSWERED})
    desk.relay.start()
    thread = desk.start("patient", {"topic": "bread"}, ADA)
    review = wait_for(lambda: reviews(desk, thread.id), "a review")[0]
    desk.decide(review.id, "respond", ADA, message="said once")
    wait_for((graphs / "running").exists, "the run")
    desk.cancel(thread.id, BEN)
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.FAILED, "the cancellation")
    (graphs / "go").touch()
    kept = desk.review(review.id)
    assert kept.decision is not None
    again = kept if kept.status == ReviewStatus.RESUME_FAILED else pending(desk, thread.id)
    desk.decide(again.id, "retry", ADA)
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.DONE, "the end")
    assert values(desk, thread.id)["log"] == ["said once", "after"]
    assert reviews(desk, thread.id, "pending", "resume_failed") == []


def test_a_queued_start_can_be_cancelled(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    thread = desk.start("ask", {"topic": "bread"}, ADA)
    desk.cancel(thread.id, BEN)
    ended = desk.finish(thread.id)
    assert (ended.status, ended.error) == (ThreadStatus.CLOSED, "Cancelled by ben before it began.")
    assert not desk.state(thread.id).exists
    with pytest.raises(ThreadBusy, match="is closed, so there is no run to cancel"):
        desk.cancel(thread.id, BEN)


def test_a_run_that_died_and_was_then_cancelled_is_not_continued(make_desk: MakeDesk, graphs: Path) -> None:
    desk = make_desk({"slow": SLOW})
    thread = desk.start("slow", {"topic": "bread"}, ADA)
    take_and_die(desk, thread.id)
    desk.cancel(thread.id, BEN)
    (graphs / "go").touch()
    assert desk.finish(thread.id).status == ThreadStatus.FAILED
    assert not (graphs / "runs").exists()
    desk.decide(pending(desk, thread.id).id, "retry", ADA)
    assert desk.finish(thread.id).status == ThreadStatus.DONE


def test_a_cancellation_that_comes_too_late_changes_nothing_later(make_desk: MakeDesk, graphs: Path) -> None:
    desk = make_desk({"slow": SLOW})
    desk.relay.start()
    thread = desk.start("slow", {"topic": "bread"}, ADA)
    wait_for((graphs / "running").exists, "the run")
    desk.ledger.threads.request_cancel(thread.id, BEN)
    (graphs / "go").touch()
    wait_for(lambda: desk.thread(thread.id).status != ThreadStatus.RUNNING, "the end")
    assert desk.thread(thread.id).cancel_by is None


def test_a_node_that_cancels_itself_is_a_failed_node(make_desk: MakeDesk) -> None:
    desk = make_desk({"gives_up": GIVES_UP})
    thread = begin(desk, "gives_up")
    assert thread.status == ThreadStatus.FAILED
    assert thread.error == "Node 'node' raised asyncio.CancelledError"
    assert pending(desk, thread.id).kind == ReviewKind.FAILED


@pytest.mark.parametrize(
    ("source", "told"),
    [(ODD, "half a character"), (ENDLESS, "Recursion limit"), (EXITS, "sys.exit(3)"), (WILD, "not an Exception")],
    ids=["odd characters", "an endless loop", "sys.exit", "a wild error"],
)
def test_whatever_a_node_raises_the_thread_is_settled(
    make_desk: MakeDesk, caplog: pytest.LogCaptureFixture, source: str, told: str
) -> None:
    caplog.set_level("CRITICAL", "review.relay")  # half a character in it would break the report of this very test
    desk = make_desk({"odd": source})
    thread = begin(desk, "odd")
    assert thread.status == ThreadStatus.FAILED
    assert told in str(thread.error)
    assert pending(desk, thread.id).kind == ReviewKind.FAILED
    assert thread.lease_owner is None


def test_a_thread_that_runs_is_not_changed_by_a_person(make_desk: MakeDesk, graphs: Path) -> None:
    desk = make_desk({"slow": SLOW, "ask": ASK})
    desk.relay.start()
    thread = desk.start("slow", {"topic": "bread"}, ADA)
    wait_for((graphs / "running").exists, "the run")
    with pytest.raises(ThreadBusy, match="is running"):
        desk.close_thread(thread.id, ADA)
    with pytest.raises(ThreadBusy, match="is running; only one that waits"):
        desk.edit_state(thread.id, {"topic": "cake"}, ADA)
    (graphs / "go").touch()
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.DONE, "the end")


def test_a_decision_that_waits_to_be_applied_keeps_the_thread(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    review = pending(desk, begin(desk).id)
    desk.decide(review.id, "approve", ADA)
    for change in (
        lambda: desk.close_thread(review.thread_id, ADA),
        lambda: desk.edit_state(review.thread_id, {"topic": "cake"}, ADA),
    ):
        with pytest.raises(ThreadBusy, match=r"The decision on review 'Publish\?' is still being applied"):
            change()
        assert desk.review(review.id).status == ReviewStatus.DECIDED
        assert desk.thread(review.thread_id).status == ThreadStatus.INTERRUPTED
    assert desk.finish(review.thread_id, review.id).status == ThreadStatus.DONE


def test_one_process_may_run_many_threads_at_once(make_desk: MakeDesk, graphs: Path) -> None:
    desk = make_desk({"slow": SLOW})
    desk.relay.start()
    threads = [desk.start("slow", {"topic": str(n)}, ADA) for n in range(6)]
    wait_for(lambda: (graphs / "runs").exists() and len((graphs / "runs").read_text().split()) == 6, "six runs")
    (graphs / "go").touch()
    for thread in threads:
        wait_for(lambda of=thread: desk.thread(of.id).status == ThreadStatus.DONE, "the end")
