"""Which review a verb of an approval queue means, and what is told where there is none."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from langgraph.graph import START, StateGraph
from langgraph.types import interrupt

from review import ApprovalQueue
from review.errors import (
    AlreadyDecided,
    BadInput,
    Changed,
    DecisionNotAllowed,
    InvalidAnswer,
    NoCheckpointer,
    NothingPending,
    ReviewNotFound,
    SeveralPending,
    ThreadNotFound,
)
from review.model import ReviewKind, ThreadStatus
from tests.review.approval_graphs import USER, Make, State, critical, step, typed, wire


def panel(saver: Any) -> Any:
    def asker(side: str) -> Callable[[State], dict[str, Any]]:
        def node(state: State) -> dict[str, Any]:
            return {"log": [f"{side}: {interrupt(f'{side}?')}"]}

        node.__name__ = side
        return node

    builder = StateGraph(State)
    for side in ("left", "right"):
        builder.add_node(side, asker(side))
        builder.add_edge(START, side)
    return builder.compile(checkpointer=saver)


def test_one_of_several_is_named(queues: Make, saver: Any) -> None:
    queue = queues(panel(saver))
    thread_id = queue.submit_for_approval({})
    left, right = sorted(queue.pending[thread_id], key=lambda review: review.node)
    with pytest.raises(SeveralPending, match=f"(?s){left.id}.*review=") as refused:
        queue.approve(thread_id)
    assert right.id in refused.value.message

    standing = queue.approve(thread_id, "l", review=left)
    assert [each.id for each in standing.reviews] == [right.id]
    end = queue.approve(thread_id, "r", review=right.id)
    assert (end.status, sorted(end.values["log"])) == (ThreadStatus.DONE, ["left: l", "right: r"])


def test_review_of_another_thread_is_not_found(queues: Make) -> None:
    queue = queues(wire(critical))
    one, other = queue.submit_for_approval(USER), queue.submit_for_approval(USER)
    with pytest.raises(ReviewNotFound, match=one):
        queue.approve(one, review=queue.pending[other][0])


def test_review_that_changed_since_it_was_shown_is_refused(queues: Make) -> None:
    queue = queues(wire(typed))
    thread_id = queue.submit_for_approval({})
    (shown,) = queue.pending[thread_id]
    with pytest.raises(InvalidAnswer):
        queue.edit(thread_id, {"score": 1})
    with pytest.raises(Changed):
        queue.approve(thread_id, review=shown)


def test_failed_node_is_pending_and_retried(queues: Make, saver: Any) -> None:
    broken = [True]

    def fragile(state: State) -> dict[str, Any]:
        if broken:
            raise RuntimeError("The printer is on fire.")
        return {"log": ["printed"]}

    queue = queues(wire(critical, fragile, checkpointer=saver))
    thread_id = queue.submit_for_approval(USER)
    standing = queue.approve(thread_id)
    assert (standing.status, standing.error) == (ThreadStatus.FAILED, "The printer is on fire.")
    (review,) = queue.pending[thread_id]
    assert (review.kind, review.request.subject) == (ReviewKind.FAILED, "The printer is on fire.")
    with pytest.raises(DecisionNotAllowed, match=r"failed at fragile.*`retry`"):
        queue.approve(thread_id)
    assert queue.retry(thread_id).status == ThreadStatus.FAILED
    broken.clear()
    assert queue.retry(thread_id).values["log"] == ["printed"]


def test_retry_of_what_did_not_fail_is_refused(queues: Make) -> None:
    queue = queues(wire(critical))
    with pytest.raises(DecisionNotAllowed, match="'retry'"):
        queue.retry(queue.submit_for_approval(USER))


def test_run_that_fails_at_once_still_has_a_thread(queues: Make, saver: Any) -> None:
    def bad(state: State) -> dict[str, Any]:
        raise ValueError("No.")

    queue = queues(wire(bad, checkpointer=saver))
    thread_id = queue.submit_for_approval({})
    assert [review.kind for review in queue.pending[thread_id]] == [ReviewKind.FAILED]


def test_second_decision_is_told_who_decided(queues: Make) -> None:
    queue = queues(wire(critical))
    thread_id = queue.submit_for_approval(USER)
    (review,) = queue.pending[thread_id]
    queue.approve(thread_id, reviewer="ada")
    for named in (None, review):
        with pytest.raises(AlreadyDecided, match=r"^ada decided .* already: approve") as refused:
            queue.reject(thread_id, "no", review=named, reviewer="ben")
        assert refused.value.details["reviewer"] == "ada"


def test_thread_that_never_asked_has_nothing_pending(queues: Make) -> None:
    queue = queues(wire(step("only")))
    with pytest.raises(NothingPending, match="is done and has nothing pending"):
        queue.approve(queue.submit_for_approval({}))


def test_unknown_thread_is_told(queues: Make, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.sqlite"
    one, other = queues(wire(critical, name="one"), ledger=ledger), queues(wire(critical, name="two"), ledger=ledger)
    with pytest.raises(ThreadNotFound, match="submit_for_approval"):
        one.approve("nowhere")
    thread_id = one.submit_for_approval(USER)
    assert other.pending == {}
    with pytest.raises(ThreadNotFound, match="belongs to graph 'one'"):
        other.approve(thread_id)


def test_graph_that_cannot_pause_is_refused() -> None:
    with pytest.raises(NoCheckpointer, match=r"compile\(checkpointer="):
        ApprovalQueue(wire(critical, checkpointer=None))
    with pytest.raises(BadInput, match=r"compile\(\)"):
        ApprovalQueue(StateGraph(State))  # type: ignore[arg-type]


def test_of_two_callers_at_a_barrier_one_wins(queues: Make, saver: Any) -> None:
    effects: list[str] = []

    def act(state: State) -> dict[str, Any]:
        effects.append(state["result"]["reviewer"])
        return {}

    queue = queues(wire(critical, act, checkpointer=saver))
    for _ in range(10):
        effects.clear()
        thread_id = queue.submit_for_approval(USER)
        gate = threading.Barrier(2)

        def decide(
            name: str, gate: threading.Barrier = gate, thread_id: str = thread_id
        ) -> tuple[str, AlreadyDecided | None]:
            gate.wait()
            try:
                queue.approve(thread_id, reviewer=name)
            except AlreadyDecided as error:
                return name, error
            return name, None

        with ThreadPoolExecutor(2) as pool:
            told = dict(pool.map(decide, ("ada", "ben")))
        (winner,) = [name for name, refused in told.items() if refused is None]
        (refused,) = [refused for refused in told.values() if refused is not None]
        assert refused.details["reviewer"] == winner
        assert effects == [winner]
