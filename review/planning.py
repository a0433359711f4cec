"""What a relay does with a thread that it has taken: the rules by which no decision is lost and none applied twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from review.engine.base import Begin, Pause, Resume, Snapshot
from review.ledger import Resolution, Taken
from review.ledger.leases import NOTHING_YET
from review.model import Review, ReviewKind, ReviewStatus, ThreadStatus
from review.plain import plain
from review.versions import is_version


@dataclass(frozen=True)
class Plan:
    """command: what to run, None for nothing. applying: the reviews whose decision it carries. resolved: what is known
    of other reviews without running. changed: in a sentence, that the graph no longer has a node that the thread
    needs. base: the checkpoint that the run goes on from."""

    command: Begin | Resume | None
    applying: tuple[Review, ...] = ()
    resolved: tuple[Resolution, ...] = ()
    changed: str | None = None
    base: str | None = None


def plan_run(taken: Taken, snapshot: Snapshot) -> Plan:
    """Read the thread, then decide: a decision whose pause still stands is applied (again); one whose pause is gone was
    taken if this ledger's relay had begun to apply it, else the thread moved on without it; one whose pause shows
    something else than was decided on is not applied; a run that died is continued with no input. An id that is gone
    is never sent: LangGraph would take it for `None`. Nothing is run where the graph lost a node that the thread
    needs."""
    if starting := _start(taken, snapshot):
        return starting
    decided = (*taken.resuming, *taken.fresh)
    if changed := _changed(decided, snapshot):
        failed = tuple(Resolution(review, ReviewStatus.RESUME_FAILED, changed) for review in decided)
        return Plan(None, resolved=failed, changed=changed, base=snapshot.checkpoint_id)
    standing = {pause_key(pause): pause for pause in snapshot.pauses}
    standing_still = [review for review in decided if _stands(review, standing, snapshot)]
    signed = [review for review in standing_still if _shows_the_same(review, standing.get(review.pause_key))]
    applying, held = _past_breakpoints(signed, snapshot)
    # A failure that no longer stands was retried, whoever ran the thread since.
    begun = [review for review in decided if review in taken.resuming or review.kind == ReviewKind.FAILED]
    gone = [
        Resolution(review, ReviewStatus.RESUMED if review in begun else ReviewStatus.SUPERSEDED)
        for review in decided
        if review not in standing_still
    ]
    # Not applied; settling finds that they are for what no longer stands, and has a person asked anew.
    stale = [Resolution(review, ReviewStatus.DECIDED) for review in standing_still if review not in signed]
    command = _resume(applying)
    ours = taken.before.status == ThreadStatus.RUNNING or bool(taken.resuming)
    if command is None and snapshot.unfinished and ours and not held:
        command = Resume()
    return Plan(command, tuple(applying), (*gone, *held, *stale), base=snapshot.checkpoint_id)


def pause_key(pause: Pause) -> str:
    """Names a pause inside its thread, the same on every look at it."""
    if pause.kind == ReviewKind.INTERRUPT:
        return str(pause.interrupt_id)
    # The task's id, since a subgraph may come to the same node again while its parent's checkpoint stays.
    return f"{pause.kind}:{pause.checkpoint_id}:{pause.task_id}"


def _start(taken: Taken, snapshot: Snapshot) -> Plan | None:
    """The recorded input, unless a run that died has taken it already."""
    thread = taken.before
    if not thread.input_pending:
        return None
    if thread.base_checkpoint in (None, snapshot.checkpoint_id or NOTHING_YET):
        retried = taken.fresh + taken.resuming
        return Plan(Begin(thread.input), retried, base=snapshot.checkpoint_id)
    return None


def _resume(applying: list[Review]) -> Resume | None:
    if not applying:
        return None
    return Resume(
        {
            str(review.interrupt_id): review.decision.resume_value
            for review in applying
            if review.kind == ReviewKind.INTERRUPT and review.decision is not None
        }
    )


def _stands(review: Review, standing: dict[str, Pause], snapshot: Snapshot) -> bool:
    """Whether the pause that the review is for is still there. A failure that no task shows (the run itself failed or
    was cancelled) stands while the thread is where it was."""
    if review.pause_key in standing:
        return True
    if review.kind != ReviewKind.FAILED or review.task_id is not None:
        return False
    return review.checkpoint_id in (None, snapshot.checkpoint_id) and snapshot.unfinished


def _shows_the_same(review: Review, pause: Pause | None) -> bool:
    """Whether the pause still asks what the decision was bound to: a re-run of its node may have asked otherwise."""
    return pause is None or is_version(review, plain(pause.payload), pause.checkpoint_id)


def _changed(decided: Sequence[Review], snapshot: Snapshot) -> str | None:
    if snapshot.lost:
        told = f"{snapshot.lost[0]!r}, which comes next"
    elif lost := [review.node for review in decided if _is_lost(review.node, snapshot)]:
        told = f"{lost[0]!r}, which asked"
    else:
        return None
    return f"The graph changed: it no longer has the node {told}. Restore it, then retry."


def _is_lost(node: str, snapshot: Snapshot) -> bool:
    return bool(node) and node.partition("/")[0] not in snapshot.nodes


def _past_breakpoints(decided: Sequence[Review], snapshot: Snapshot) -> tuple[list[Review], list[Resolution]]:
    """Those that can be applied now, and those that must wait: any run goes past every breakpoint that stands beside
    them in a subgraph, so that one is continued first."""
    keys = {review.pause_key for review in decided}
    stops = [pause for pause in snapshot.pauses if pause.kind == ReviewKind.BREAKPOINT and pause_key(pause) not in keys]
    if not stops:
        return list(decided), []
    why = f"Beside it, {stops[0].node} stands at a breakpoint. Continue that one first, then decide this again."
    return [], [Resolution(review, ReviewStatus.PENDING, why) for review in decided]
