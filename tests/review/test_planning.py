"""The rules by which no decision is lost and none applied twice, one by one, on constructed values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from review.engine.base import Begin, Pause, Resume, RunOutcome, Snapshot
from review.ledger import Taken
from review.ledger.leases import NOTHING_YET
from review.model import Review, ReviewKind, ReviewStatus, ThreadStatus
from review.outcome import failed_without_reading, settlement_of
from review.planning import Plan, pause_key, plan_run
from review.versions import version_of
from tests.support import decision_factory, review_factory, thread_factory

ONE, OTHER = "1" * 32, "2" * 32


def pause_factory(**overrides: Any) -> Pause:
    fields: dict[str, Any] = {
        "kind": ReviewKind.INTERRUPT,
        "node": "ask",
        "root": "ask",
        "checkpoint_id": "checkpoint-1",
        "payload": {"draft": "About bread"},
        "task_id": "task-1",
        "interrupt_id": ONE,
    }
    return Pause(**fields | overrides)


def breakpoint_factory(**overrides: Any) -> Pause:
    payload = {"when": "before", "node": "publish", "next": "publish"}
    fields: dict[str, Any] = {"kind": ReviewKind.BREAKPOINT, "interrupt_id": None, "node": "publish", "root": "publish"}
    return pause_factory(**fields | {"payload": payload} | overrides)


def failure_factory(**overrides: Any) -> Pause:
    fields: dict[str, Any] = {"kind": ReviewKind.FAILED, "interrupt_id": None, "payload": {"error": "boom"}}
    return pause_factory(**fields | {"error": "boom"} | overrides)


def snapshot_factory(*pauses: Pause, **overrides: Any) -> Snapshot:
    fields: dict[str, Any] = {
        "exists": True,
        "checkpoint_id": "checkpoint-1",
        "values": {},
        "next": ("ask",) if pauses else (),
        "pauses": pauses,
        "unfinished": False,
        "nodes": frozenset({"__start__", "ask", "publish", "outer"}),
    }
    return Snapshot(**fields | overrides)


def decided(pause: Pause, **overrides: Any) -> Review:
    """A decided review of that pause."""
    fields = {
        "kind": pause.kind,
        "node": pause.node,
        "pause_key": pause_key(pause),
        "interrupt_id": pause.interrupt_id,
        "task_id": pause.task_id,
        "checkpoint_id": pause.checkpoint_id,
        "version": version_of(pause.payload, pause.checkpoint_id, 0),
    }
    return review_factory(decided=True, **fields | overrides)


def taken(fresh: Sequence[Review] = (), resuming: Sequence[Review] = (), **thread: Any) -> Taken:
    return Taken(thread_factory(**thread), tuple(fresh), tuple(resuming))


def became(plan: Plan) -> list[ReviewStatus]:
    return [resolution.status for resolution in plan.resolved]


# What to run.


@pytest.mark.parametrize("begun", [False, True], ids=["fresh", "begun by a process that died"])
def test_a_decision_whose_pause_stands_is_applied_by_its_id(begun: bool) -> None:
    pause = pause_factory()
    review = decided(pause)
    plan = plan_run(taken(resuming=[review]) if begun else taken([review]), snapshot_factory(pause))
    assert plan == Plan(Resume({ONE: {"approved": True}}), (review,), base="checkpoint-1")


def test_several_decisions_travel_in_one_map() -> None:
    pauses = pause_factory(), pause_factory(interrupt_id=OTHER, task_id="task-2")
    one, other = (decided(pause, decision=decision_factory(resume_value=n)) for n, pause in enumerate(pauses))
    plan = plan_run(taken([one], [other]), snapshot_factory(*pauses))
    assert plan.command == Resume({ONE: 0, OTHER: 1})
    assert sorted(plan.applying, key=lambda review: str(review.interrupt_id)) == [one, other]


def test_an_id_that_is_gone_is_never_sent() -> None:
    review = decided(pause_factory())
    elsewhere = pause_factory(interrupt_id=OTHER)
    for snapshot in (snapshot_factory(), snapshot_factory(elsewhere), snapshot_factory(breakpoint_factory())):
        begun = plan_run(taken(resuming=[review]), snapshot)
        assert (begun.command, became(begun)) == (None, [ReviewStatus.RESUMED])
        fresh = plan_run(taken([review]), snapshot)
        assert (fresh.command, became(fresh)) == (None, [ReviewStatus.SUPERSEDED])


def test_behind_a_taken_answer_a_breakpoint_is_not_walked_through() -> None:
    review = decided(pause_factory())
    plan = plan_run(taken(resuming=[review], status=ThreadStatus.RUNNING), snapshot_factory(breakpoint_factory()))
    assert (plan.command, became(plan)) == (None, [ReviewStatus.RESUMED])


def test_behind_a_taken_answer_a_failed_node_is_not_run_again() -> None:
    review = decided(pause_factory())
    plan = plan_run(taken(resuming=[review], status=ThreadStatus.RUNNING), snapshot_factory(failure_factory()))
    assert (plan.command, became(plan)) == (None, [ReviewStatus.RESUMED])


def test_a_run_that_died_is_continued() -> None:
    unfinished = snapshot_factory(next=("publish",), unfinished=True)
    assert plan_run(taken(status=ThreadStatus.RUNNING), unfinished).command == Resume()
    behind = plan_run(taken(resuming=[decided(pause_factory())], status=ThreadStatus.FAILED), unfinished)
    assert (behind.command, became(behind)) == (Resume(), [ReviewStatus.RESUMED])


@pytest.mark.parametrize("status", [ThreadStatus.INTERRUPTED, ThreadStatus.FAILED, ThreadStatus.DONE])
def test_a_run_that_is_not_ours_is_not_continued(status: ThreadStatus) -> None:
    plan = plan_run(taken(status=status), snapshot_factory(next=("publish",), unfinished=True))
    assert plan == Plan(None, base="checkpoint-1")


@pytest.mark.parametrize("pause", [breakpoint_factory(), failure_factory()], ids=["breakpoint", "failed node"])
def test_what_takes_no_answer_is_run_on_without_one(pause: Pause) -> None:
    review = decided(pause)
    assert plan_run(taken([review]), snapshot_factory(pause)).command == Resume()


def test_a_breakpoint_at_another_checkpoint_is_another_pause() -> None:
    review = decided(breakpoint_factory())
    plan = plan_run(taken([review]), snapshot_factory(breakpoint_factory(checkpoint_id="checkpoint-2")))
    assert (plan.command, became(plan)) == (None, [ReviewStatus.SUPERSEDED])


@pytest.mark.parametrize("checkpoint", [None, "checkpoint-1"])
def test_a_failure_of_the_run_itself_is_retried_where_it_stands(checkpoint: str | None) -> None:
    review = decided(failure_factory(task_id=None, checkpoint_id=checkpoint))
    unfinished = snapshot_factory(next=("publish",), unfinished=True)
    assert plan_run(taken([review]), unfinished).command == Resume()


@pytest.mark.parametrize("pause", [pause_factory(), breakpoint_factory()])
def test_a_retry_of_what_could_not_be_read_walks_through_nothing(pause: Pause) -> None:
    review = decided(failure_factory(task_id=None, checkpoint_id=None, node=""))
    plan = plan_run(taken([review]), snapshot_factory(pause))
    assert (plan.command, became(plan)) == (None, [ReviewStatus.RESUMED])


def test_beside_a_breakpoint_of_a_subgraph_a_decision_waits() -> None:
    asked, stopped = pause_factory(), breakpoint_factory(node="outer/three", root="outer")
    review, go_on = decided(asked), decided(stopped)
    alone = plan_run(taken([go_on]), snapshot_factory(asked, stopped))
    assert (alone.command, alone.applying) == (Resume(), (go_on,))
    plan = plan_run(taken([review]), snapshot_factory(asked, stopped))
    assert (plan.command, plan.applying, became(plan)) == (None, (), [ReviewStatus.PENDING])
    assert "outer/three stands at a breakpoint" in str(plan.resolved[0].error)
    both = plan_run(taken([review, go_on]), snapshot_factory(asked, stopped))
    assert (both.command, both.resolved) == (Resume({ONE: {"approved": True}}), ())


# The recorded input.


@pytest.mark.parametrize(
    ("base", "checkpoint", "begins"),
    [
        (None, None, True),
        (None, "checkpoint-1", True),  # taken, and dead before it was marked
        (NOTHING_YET, None, True),
        (NOTHING_YET, "checkpoint-1", False),
        ("checkpoint-1", "checkpoint-1", True),
        ("checkpoint-1", "checkpoint-2", False),
    ],
)
@pytest.mark.parametrize("status", [ThreadStatus.QUEUED, ThreadStatus.RUNNING])
def test_an_input_is_begun_unless_a_run_has_taken_it(
    base: str | None, checkpoint: str | None, begins: bool, status: ThreadStatus
) -> None:
    start = taken(status=status, input={"topic": "bread"}, input_pending=True, base_checkpoint=base)
    snapshot = snapshot_factory(checkpoint_id=checkpoint, next=("ask",), unfinished=True)
    plan = plan_run(start, snapshot)
    assert (plan.command == Begin({"topic": "bread"})) == begins
    assert plan.base == checkpoint


def test_a_failed_start_is_begun_again_with_its_input() -> None:
    review = decided(failure_factory(task_id=None, checkpoint_id=None, node=""))
    start = taken([review], status=ThreadStatus.FAILED, input=[1], input_pending=True, base_checkpoint=NOTHING_YET)
    plan = plan_run(start, snapshot_factory(exists=False, checkpoint_id=None))
    assert (plan.command, plan.applying) == (Begin([1]), (review,))


# A graph that changed.


def test_a_decision_for_a_node_that_is_gone_is_kept() -> None:
    review = decided(pause_factory())
    plan = plan_run(taken([review]), snapshot_factory(nodes=frozenset({"publish"})))
    assert (plan.command, became(plan)) == (None, [ReviewStatus.RESUME_FAILED])
    assert plan.changed == plan.resolved[0].error
    assert "no longer has the node 'ask', which asked" in str(plan.changed)


def test_nothing_is_run_where_the_next_node_is_gone() -> None:
    pause = pause_factory()
    review, behind = decided(pause), decided(pause_factory(interrupt_id=OTHER))
    plan = plan_run(taken([review], [behind], status=ThreadStatus.RUNNING), snapshot_factory(pause, lost=("release",)))
    assert (plan.command, became(plan)) == (None, [ReviewStatus.RESUME_FAILED] * 2)
    assert "no longer has the node 'release', which comes next" in str(plan.changed)


# What a run's end means.


def settled(review: Review, before: Snapshot, outcome: RunOutcome, after: Snapshot, **more: Any) -> Any:
    work = taken([review])
    return settlement_of(work, plan_run(work, before), outcome, after, more.get("error_id"), more.get("cancelled_by"))


@pytest.mark.parametrize(
    ("outcome", "cancelled_by", "status"),
    [
        (RunOutcome(), None, ReviewStatus.RESUME_FAILED),
        (RunOutcome(drained=True), None, ReviewStatus.DECIDED),
        (RunOutcome(cancelled=True), None, ReviewStatus.DECIDED),
        (RunOutcome(cancelled=True), "ben", ReviewStatus.RESUME_FAILED),
        (RunOutcome(error=ValueError("boom")), None, ReviewStatus.RESUME_FAILED),
        (RunOutcome(error=ValueError("odd"), invalid="must be odd"), None, ReviewStatus.PENDING),
    ],
)
def test_a_decision_whose_pause_still_stands_after_the_run(
    outcome: RunOutcome, cancelled_by: str | None, status: ReviewStatus
) -> None:
    standing = snapshot_factory(pause_factory())
    end = settled(decided(pause_factory()), standing, outcome, standing, cancelled_by=cancelled_by)
    (resolution,) = end.resolutions
    assert resolution.status == status
    assert end.again_in == (0 if status == ReviewStatus.DECIDED else None)
    assert end.supersede == (end.again_in is None)


def test_a_decision_whose_pause_is_gone_was_applied_whatever_came_after() -> None:
    before = snapshot_factory(pause_factory())
    for outcome in (RunOutcome(), RunOutcome(drained=True), RunOutcome(error=ValueError("boom"))):
        end = settled(decided(pause_factory()), before, outcome, snapshot_factory(next=("publish",), unfinished=True))
        assert end.resolutions[0].status == ReviewStatus.RESUMED


def test_an_error_that_no_node_shows_is_a_review_of_its_own() -> None:
    before = snapshot_factory(pause_factory())
    after = snapshot_factory(next=("publish",), unfinished=True)
    end = settled(decided(pause_factory()), before, RunOutcome(error=ValueError("boom")), after, error_id="abcd")
    assert (end.status, end.error, end.error_id) == (ThreadStatus.FAILED, "boom", "abcd")
    (opening,) = end.openings
    assert (opening.kind, opening.node, opening.task_id) == (ReviewKind.FAILED, "publish", None)
    assert opening.request.details == {"error id": "abcd"}


def test_an_error_that_its_node_shows_is_told_once() -> None:
    error = ValueError("boom")
    after = snapshot_factory(failure_factory(error=repr(error)))
    end = settled(decided(pause_factory()), snapshot_factory(pause_factory()), RunOutcome(error=error), after)
    (opening,) = end.openings
    assert opening.request.subject == "boom"


def test_what_cannot_be_read_keeps_every_decision() -> None:
    reviews = decided(pause_factory()), decided(pause_factory(interrupt_id=OTHER))
    end = failed_without_reading(taken([reviews[0]], [reviews[1]], input_pending=True), "It is locked.")
    assert [resolution.status for resolution in end.resolutions] == [ReviewStatus.RESUME_FAILED] * 2
    assert (end.status, end.error, end.openings) == (ThreadStatus.FAILED, "It is locked.", ())
    assert (end.input_pending, end.supersede) == (True, False)
    alone = failed_without_reading(taken(), "It is locked.")
    assert [opening.kind for opening in alone.openings] == [ReviewKind.FAILED]
