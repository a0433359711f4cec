"""What a relay does with a thread that it has taken: the rules by which no decision is lost and none applied twice."""

from __future__ import annotations

from dataclasses import dataclass

from review.engine.base import Begin, Pause, Resume, Snapshot
from review.ledger import Resolution, Taken
from review.model import Review, ReviewKind, ReviewStatus, ThreadStatus


@dataclass(frozen=True)
class Plan:
    """command: what to run, None for nothing. applying: the reviews whose decision it carries. resolved: what is known
    of other reviews without running. changed: the graph no longer has a node that a decision is for. base: the
    checkpoint that the run goes on from."""

    command: Begin | Resume | None
    applying: tuple[Review, ...] = ()
    resolved: tuple[Resolution, ...] = ()
    changed: bool = False
    base: str | None = None


def plan_run(taken: Taken, snapshot: Snapshot) -> Plan:
    """Read the thread, then decide: a decision whose pause still stands is applied (again); one whose pause is gone was
    taken if this ledger's relay had begun to apply it, else the thread moved on without it; a run that died is
    continued with no input. An id that is gone is never sent: LangGraph would take it for `None`."""
    if starting := _start(taken, snapshot):
        return starting
    standing = {pause_key(pause): pause for pause in snapshot.pauses}
    applying: list[Review] = []
    resolved: list[Resolution] = []
    changed = False
    for review, begun in [(r, True) for r in taken.resuming] + [(r, False) for r in taken.fresh]:
        if _stands(review, standing, snapshot):
            applying.append(review)
        elif _graph_changed(review, snapshot):
            changed = True
            why = f"The graph changed: it no longer has the node {review.node!r} that asked. Restore it, then retry."
            resolved.append(Resolution(review, ReviewStatus.RESUME_FAILED, why))
        else:
            resolved.append(Resolution(review, ReviewStatus.RESUMED if begun else ReviewStatus.SUPERSEDED))
    command = _resume(applying)
    if command is None and snapshot.unfinished and taken.before.status == ThreadStatus.RUNNING:
        command = Resume()
    return Plan(command, tuple(applying), tuple(resolved), changed, snapshot.checkpoint_id)


def pause_key(pause: Pause) -> str:
    """Names a pause inside its thread, the same on every look at it."""
    if pause.kind == ReviewKind.INTERRUPT:
        return str(pause.interrupt_id)
    place = pause.task_id if pause.kind == ReviewKind.FAILED else pause.node
    return f"{pause.kind}:{pause.checkpoint_id}:{place}"


def _start(taken: Taken, snapshot: Snapshot) -> Plan | None:
    """The recorded input, unless a run that died has taken it already."""
    thread = taken.before
    if not thread.input_pending:
        return None
    if thread.status == ThreadStatus.QUEUED or snapshot.checkpoint_id == thread.base_checkpoint:
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
    return review.checkpoint_id in (None, snapshot.checkpoint_id) and bool(snapshot.next)


def _graph_changed(review: Review, snapshot: Snapshot) -> bool:
    root = review.node.partition("/")[0]
    return bool(root) and root not in snapshot.nodes
