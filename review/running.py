"""One run of a thread that this process holds: read, plan, run, and tell what came of it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence

from review.engine.base import Begin, Engine, RunOutcome, Snapshot, ThreadRef
from review.errors import GraphNotFound, LeaseLost, StorageFailed
from review.heartbeat import Heartbeat
from review.ledger import Ledger, Settlement, Taken
from review.ledger.actions import ActionKey
from review.model import Review, ReviewKind, Thread, ThreadStatus
from review.outcome import failed_without_reading, parked, settlement_of, to_be_tried_again
from review.planning import Plan, plan_run
from review.reviewers import Reviewer
from review.settings import Settings

log = logging.getLogger("review.relay")
DOUBLED = 32  # times, and no more: the number would grow out of all bounds before it is cut
LEAST_BACKOFF, LONGEST_BACKOFF = 0.05, 60.0


class Running:
    """Carries what was recorded for a thread to its graph; the relay has taken the thread, and settles it."""

    def __init__(self, ledger: Ledger, engine: Engine, heartbeat: Heartbeat, settings: Settings, owner: str) -> None:
        self._ledger = ledger
        self._engine = engine
        self._heartbeat = heartbeat
        self._settings = settings
        self._owner = owner
        # By thread, how often in a row a database failed here that may come back: no reason to leave it to a person.
        self._failures: dict[str, tuple[int, StorageFailed | None]] = {}

    def failures(self, thread_id: str) -> tuple[int, StorageFailed | None]:
        """How often in a row a database failed here on this thread, and what it told last."""
        return self._failures.get(thread_id, (0, None))

    def run(self, taken: Taken) -> Settlement:
        """One run, or none; whatever happens, a settlement that loses nothing."""
        thread = taken.before
        ref = ref_of(thread)
        failures, _ = self._failures.pop(thread.id, (0, None))
        if thread.tries > self._settings.max_tries:
            return parked(taken)
        begun = False
        try:
            if thread.cancel_by and thread.status == ThreadStatus.QUEUED:
                return _cancelled_start(thread)
            snapshot = self._engine.snapshot(ref)
            plan = plan_run(taken, snapshot)
            if plan.command is None:
                outcome = RunOutcome()
            elif thread.cancel_by:
                outcome = RunOutcome(cancelled=True)  # a run that died before it heard of it is not continued
            else:
                if isinstance(plan.command, Begin):
                    self._ledger.leases.mark_base(thread.id, self._owner, snapshot.checkpoint_id)
                self._conclude(plan.applying)
                begun = True
                outcome = self._engine.run(
                    ref,
                    plan.command,
                    lambda _: self._heartbeat.check(thread.id),
                    lambda: self._heartbeat.guard(thread.id),
                )
                if isinstance(outcome.error, LeaseLost | StorageFailed):
                    raise outcome.error
                snapshot = self._engine.snapshot(ref)
            return self._settlement(taken, plan, outcome, snapshot)
        except GraphNotFound as error:
            return failed_without_reading(taken, f"The graph changed: {error.message}")
        except StorageFailed as error:
            log.error("thread %s could not be run: %s", thread.id, error)
            if error.passes:
                self._failures[thread.id] = failures + 1, error
                seconds = max(backoff(self._settings, failures), LEAST_BACKOFF)
                return to_be_tried_again(taken, error.message, begun, seconds, failures + 1, tries=thread.tries)
            tries = thread.tries + 1
            if tries > self._settings.max_tries:
                return failed_without_reading(taken, error.message)
            seconds = backoff(self._settings, thread.tries)
            return to_be_tried_again(taken, error.message, begun, seconds, tries, tries=tries)
        except LeaseLost:
            raise
        except Exception as error:
            error_id = secrets.token_hex(4)
            log.error("thread %s could not be read [%s]", thread.id, error_id, exc_info=error)
            why = f"The thread's state cannot be read: {type(error).__name__}: {error}"
            return failed_without_reading(taken, why, error_id)

    def _settlement(self, taken: Taken, plan: Plan, outcome: RunOutcome, snapshot: Snapshot) -> Settlement:
        error_id = None
        if outcome.error is not None and outcome.invalid is None:
            error_id = secrets.token_hex(4)
            log.error("run of thread %s failed [%s]", taken.before.id, error_id, exc_info=outcome.error)
        cancelled_by = self._ledger.threads.get(taken.before.id).cancel_by if outcome.cancelled else None
        unknown = self._unknown(taken.before.id, snapshot)
        return settlement_of(taken, plan, outcome, snapshot, error_id, cancelled_by, unknown)

    def _unknown(self, thread_id: str, snapshot: Snapshot) -> dict[str, list[str]]:
        """The actions whose outcome nobody knows, by the failed task that began them."""
        failed = [pause.task_id for pause in snapshot.pauses if pause.kind == ReviewKind.FAILED and pause.task_id]
        unknown: dict[str, list[str]] = {}
        for record in self._ledger.actions.of_tasks(thread_id, failed) if failed else ():
            if not record.finished:
                unknown.setdefault(record.key.task_id, []).append(record.key.action)
        return unknown

    def _conclude(self, applying: Sequence[Review]) -> None:
        """Keep what a person found out about actions, before the node that began them runs again."""
        for review in applying:
            made = review.decision
            if review.kind == ReviewKind.FAILED and review.task_id and made and isinstance(made.resume_value, dict):
                who = Reviewer(made.reviewer, made.signed_in)
                for action, outcome in made.resume_value.items():
                    key = ActionKey(review.thread_id, review.task_id, action)
                    self._ledger.actions.conclude(key, outcome["took_effect"], outcome.get("result"), review, who)


def backoff(settings: Settings, tries: int) -> float:
    """Seconds to wait after so many tries."""
    return 0.0 if tries < 0 else min(settings.backoff_seconds * 2.0 ** min(tries, DOUBLED), LONGEST_BACKOFF)


def ref_of(thread: Thread) -> ThreadRef:
    return ThreadRef(thread.id, thread.graph, thread.context, thread.config)


def _cancelled_start(thread: Thread) -> Settlement:
    return Settlement(status=ThreadStatus.CLOSED, error=f"Cancelled by {thread.cancel_by} before it began.")
