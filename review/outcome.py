"""What a run's end means: for the thread, for the decisions that it carried, and for the reviews that open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from review.dialects import read_pause
from review.dialects.failed import asking_for_outcomes
from review.engine.base import Begin, Pause, RunOutcome, Snapshot
from review.ledger import Opening, Resolution, Settlement, Taken
from review.model import Review, ReviewKind, ReviewStatus, ThreadStatus
from review.planning import Plan, pause_key


def settlement_of(
    taken: Taken,
    plan: Plan,
    outcome: RunOutcome,
    snapshot: Snapshot,
    error_id: str | None,
    cancelled_by: str | None,
    unknown: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Settlement:
    """One run's end, as the ledger records it. `unknown` has, by task, the actions whose outcome nobody knows."""
    standing = {pause_key(pause): pause for pause in snapshot.pauses}
    shut_down = outcome.drained or (outcome.cancelled and cancelled_by is None)
    applied = tuple(_applied(review, outcome, standing, shut_down, len(plan.applying)) for review in plan.applying)
    resolutions = (*plan.resolved, *applied)
    not_begun = isinstance(plan.command, Begin) and snapshot.checkpoint_id == plan.base
    if shut_down:
        # Between two steps, or cut off: the next relay goes on, with the decisions that were not taken.
        return Settlement(
            ThreadStatus.QUEUED if not_begun else ThreadStatus.RUNNING,
            resolutions=resolutions,
            input_pending=not_begun,
            supersede=False,
            again_in=0,
        )
    error = _error(outcome, snapshot, plan, cancelled_by)
    pauses = [] if plan.changed else list(snapshot.pauses)
    if error and not (plan.changed and plan.resolved) and not _shown(pauses, outcome):
        pauses.append(_failure(snapshot, error))
    return Settlement(
        status=_status(pauses, error),
        openings=tuple(_opening(pause, outcome, error_id, unknown) for pause in pauses),
        resolutions=resolutions,
        error=error,
        error_id=error_id if error else None,
        input_pending=not_begun,
        supersede=not plan.changed,
        again_in=0 if any(resolution.status == ReviewStatus.DECIDED for resolution in resolutions) else None,
    )


def as_found(snapshot: Snapshot | None) -> Settlement:
    """Where another program's thread stands: the interrupts alone. A breakpoint, a failure or a run under way looks the
    same from outside, and is that program's own."""
    if snapshot is None:
        return Settlement(ThreadStatus.INTERRUPTED, supersede=False)
    pauses = [pause for pause in snapshot.pauses if pause.kind == ReviewKind.INTERRUPT]
    return Settlement(
        ThreadStatus.INTERRUPTED if snapshot.next else ThreadStatus.DONE,
        openings=tuple(_opening(pause, RunOutcome(), None) for pause in pauses),
        supersede=False,
    )


def to_be_tried_again(taken: Taken, why: str, begun: bool, seconds: float, times: int, *, tries: int) -> Settlement:
    """A database could not be used, `times` in a row: everything stays as it is, for another try in `seconds`. `tries`
    are those of the thread that count."""
    before = taken.before
    # What a run may have given to the graph already is not fresh any more.
    fresh = () if begun else tuple(Resolution(review, ReviewStatus.DECIDED) for review in taken.fresh)
    return Settlement(
        status=ThreadStatus.RUNNING if begun else before.status,
        resolutions=fresh,
        error=f"{why} Tried {times} time{'s' * (times > 1)}; the next try is in {seconds:g} seconds.",
        input_pending=before.input_pending,
        supersede=False,
        again_in=seconds,
        tries=tries,
    )


def parked(taken: Taken) -> Settlement:
    """A run that goes on ending with its process is not tried again by itself; a person may retry it."""
    why = (
        f"The process that ran this thread ended without a word {taken.before.tries} times in a row, so it is not "
        "tried again by itself. Look for what ends it (memory, a crash in a library), then retry."
    )
    return failed_without_reading(taken, why)


def failed_without_reading(taken: Taken, why: str, error_id: str | None = None) -> Settlement:
    """The thread's state could not be read, or its graph is gone: decisions are kept for a person to retry, and
    where there was none, the failure itself is a review."""
    decided = (*taken.fresh, *taken.resuming)
    payload = {"error": why}
    pause = Pause(ReviewKind.FAILED, "", "", None, payload, error=why)
    return Settlement(
        status=ThreadStatus.FAILED,
        openings=() if decided else (_opening(pause, RunOutcome(), error_id),),
        resolutions=tuple(Resolution(review, ReviewStatus.RESUME_FAILED, why) for review in decided),
        error=why,
        error_id=error_id,
        input_pending=taken.before.input_pending,
        supersede=False,
    )


def _applied(
    review: Review, outcome: RunOutcome, standing: Mapping[str, Pause], shut_down: bool, carried: int
) -> Resolution:
    """Whether the graph took the decision: its pause no longer stands. If it does stand, why."""
    pause = standing.get(review.pause_key)
    if pause is None:
        return Resolution(review, ReviewStatus.RESUMED)
    if shut_down:
        return Resolution(review, ReviewStatus.DECIDED)
    if review.kind == ReviewKind.FAILED:
        return Resolution(review, ReviewStatus.RESUMED)  # it was retried, and failed again
    if outcome.invalid is not None:
        refused = carried == 1 or pause.error == repr(outcome.error)
        return Resolution(review, ReviewStatus.PENDING if refused else ReviewStatus.DECIDED, outcome.invalid)
    if outcome.error is not None:
        return Resolution(review, ReviewStatus.RESUME_FAILED, _told(outcome))
    if outcome.cancelled:
        why = "The run was cancelled before the graph had taken the decision."
        return Resolution(review, ReviewStatus.RESUME_FAILED, why)
    return Resolution(review, ReviewStatus.RESUME_FAILED, "The graph ran and did not take the decision.")


def _error(outcome: RunOutcome, snapshot: Snapshot, plan: Plan, cancelled_by: str | None) -> str | None:
    if plan.changed:
        return plan.changed
    if outcome.cancelled:
        return f"Cancelled by {cancelled_by}."
    if outcome.error is not None and outcome.invalid is None:
        return _told(outcome)
    if snapshot.unfinished and not snapshot.pauses:
        return f"The run stopped before its end, at {', '.join(snapshot.next)}."
    return None


def _status(pauses: list[Pause], error: str | None) -> ThreadStatus:
    if any(pause.kind == ReviewKind.FAILED for pause in pauses) or (error and not pauses):
        return ThreadStatus.FAILED
    return ThreadStatus.INTERRUPTED if pauses else ThreadStatus.DONE


def _shown(pauses: list[Pause], outcome: RunOutcome) -> bool:
    """Whether a failed node shows the run's error, or the review whose answer it kept from being taken."""
    failed = any(pause.kind == ReviewKind.FAILED for pause in pauses)
    return failed or (outcome.error is not None and any(pause.error == repr(outcome.error) for pause in pauses))


def _failure(snapshot: Snapshot, error: str) -> Pause:
    """A failure that no task shows: of the run itself, or a cancellation."""
    node = snapshot.next[0] if snapshot.next else ""
    return Pause(ReviewKind.FAILED, node, node, snapshot.checkpoint_id, {"error": error}, error=error)


def _opening(
    pause: Pause,
    outcome: RunOutcome,
    error_id: str | None,
    unknown: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Opening:
    dialect, payload, request = read_pause(pause)
    if pause.kind == ReviewKind.FAILED:
        # LangGraph keeps an error as its repr; here it can still be told as its author wrote it.
        known = outcome.error is not None and pause.error == repr(outcome.error)
        request = replace(
            request,
            subject=_told(outcome) if known and outcome.error else request.subject,
            details={"error id": error_id} if error_id else {},
        )
        if actions := unknown.get(pause.task_id or ""):
            request = asking_for_outcomes(request, actions)
    return Opening(
        pause_key=pause_key(pause),
        kind=pause.kind,
        dialect=dialect.name,
        node=pause.node,
        payload=payload,
        request=request,
        interrupt_id=pause.interrupt_id,
        task_id=pause.task_id,
        checkpoint_id=pause.checkpoint_id,
    )


def _told(outcome: RunOutcome) -> str:
    """The error in its author's words, and what the engine knows beside it."""
    error = str(outcome.error) or type(outcome.error).__name__
    return f"{error}\n\n{outcome.hint}" if outcome.hint else error
