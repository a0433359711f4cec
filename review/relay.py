"""The relay: carries recorded decisions and starts to the graphs, under each thread's lease, and settles what came."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from review.engine.base import Begin, Engine, RunOutcome, Snapshot, ThreadRef
from review.errors import GraphNotFound, LeaseLost, ReviewError, StorageFailed, ThreadBusy
from review.heartbeat import Heartbeat
from review.ledger import Ledger, Settlement, Taken
from review.model import Thread, ThreadStatus
from review.outcome import failed_without_reading, settlement_of
from review.owners import Owner
from review.planning import Plan, plan_run
from review.settings import Settings

log = logging.getLogger("review.relay")
BATCH = 64


class Relay:
    """Runs threads for one process. Nothing happens by itself before `start`; `advance` works without it."""

    def __init__(
        self,
        ledger: Ledger,
        engine: Engine,
        settings: Settings,
        owner: Owner,
        look: Callable[[], None] = lambda: None,
    ) -> None:
        """`look` finds what other programs left in the checkpoints; it is called at each look for work."""
        self._ledger = ledger
        self._engine = engine
        self._settings = settings
        self._owner = owner
        self._look = look
        self._heartbeat = Heartbeat(ledger, engine, owner.name, settings.lease_seconds)
        self._pool: ThreadPoolExecutor | None = None
        self._watch: threading.Thread | None = None
        self._busy: set[str] = set()
        self._guard = threading.Lock()
        self._nudge = threading.Event()
        self._stopping = threading.Event()

    @property
    def running(self) -> bool:
        return self._watch is not None and not self._stopping.is_set()

    def start(self, prepare: Callable[[], None] | None = None) -> None:
        """Serve until `stop`. `prepare` runs first, on the relay's own thread."""
        self._pool = ThreadPoolExecutor(self._settings.concurrency, thread_name_prefix="review-run")
        self._watch = threading.Thread(target=self._serve, args=(prepare,), name="review-relay", daemon=True)
        self._watch.start()

    def stop(self, seconds: float = 8) -> None:
        """Drain: runs stop at their next step's boundary, and those that do not within `seconds` are cut off.
        What is unfinished goes on where a relay starts next."""
        self._stopping.set()
        self._nudge.set()
        until = time.monotonic() + seconds
        while self._busy and time.monotonic() < until:
            self._engine.drain()
            threading.Event().wait(0.05)
        for thread_id in list(self._busy):
            self._engine.cancel(thread_id)
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        if self._watch is not None:
            self._watch.join()
        self._heartbeat.stop()

    def wake(self, thread_id: str) -> None:
        """There is work for the thread now: begin at once, if this relay serves."""
        if self.running:
            self._submit(thread_id)

    def run_due(self) -> int:
        """Advance every thread that has work now, one after the other; returns how many."""
        ran = 0
        while due := self._ledger.threads.due(self._dead(), BATCH):
            ran += sum(self.advance(thread_id) for thread_id in due)
        return ran

    def advance(self, thread_id: str) -> bool:
        """Take the thread and run it until nothing is left to do; False where another process or thread has it."""
        with self._guard:
            if thread_id in self._busy:
                return False
            self._busy.add(thread_id)
        try:
            return self._advance(thread_id)
        except LeaseLost as error:
            log.warning("%s", error)
            return False
        finally:
            with self._guard:
                self._busy.discard(thread_id)

    @contextmanager
    def hold(self, thread_id: str) -> Iterator[Thread]:
        """The thread's lease, for a person's change to its state that ends it; given back where the change fails.

        Raises `ThreadBusy` while the thread runs or a decision waits to be applied to it.
        """
        taken = self._take(thread_id, idle=True)
        if taken is None:
            raise ThreadBusy(f"Thread {thread_id} is running. Wait until it pauses, or cancel the run.")
        try:
            if decided := (*taken.fresh, *taken.resuming):
                raise ThreadBusy(f"The decision on review {decided[0].id} is still being applied to {thread_id}.")
            with self._heartbeat.over(thread_id):
                yield taken.before
        except BaseException:
            self._ledger.settling.release(taken, self._owner.name)
            raise

    def _advance(self, thread_id: str) -> bool:
        took = False
        while not (took and self._stopping.is_set()):
            taken = self._take(thread_id)
            if taken is None:
                return took
            took = True
            with self._heartbeat.over(thread_id):
                settlement = self._run(taken)
            again = self._ledger.settling.settle(thread_id, self._owner.name, settlement)
            if again is None or again.timestamp() > time.time():
                break
        return took

    def _run(self, taken: Taken) -> Settlement:
        """One run, or none; whatever happens, a settlement that loses nothing."""
        thread = taken.before
        ref = ref_of(thread)
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
                    self._ledger.threads.mark_base(thread.id, self._owner.name, snapshot.checkpoint_id)
                outcome = self._engine.run(ref, plan.command, lambda _: self._heartbeat.check(thread.id))
                snapshot = self._engine.snapshot(ref)
            return self._settlement(taken, plan, outcome, snapshot)
        except GraphNotFound as error:
            return failed_without_reading(taken, f"The graph changed: {error.message}")
        except StorageFailed as error:
            log.error("thread %s could not be run: %s", thread.id, error)
            return failed_without_reading(taken, error.message)
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
        return settlement_of(taken, plan, outcome, snapshot, error_id, cancelled_by)

    def _serve(self, prepare: Callable[[], None] | None) -> None:
        if prepare is not None:
            try:
                prepare()
            except Exception as error:
                log.error("the relay serves without its preparation", exc_info=error)
        while not self._stopping.is_set():
            for find in (self._submit_due, self._look):
                try:
                    find()
                except ReviewError as error:
                    log.error("the relay cannot look for work: %s", error)
                except Exception as error:
                    log.error("the relay cannot look for work", exc_info=error)
            self._nudge.wait(self._settings.poll_seconds)

    def _submit_due(self) -> None:
        for thread_id in self._ledger.threads.due(self._dead(), BATCH):
            self._submit(thread_id)

    def _submit(self, thread_id: str) -> None:
        if self._pool is not None and thread_id not in self._busy and not self._stopping.is_set():
            self._pool.submit(self.advance, thread_id).add_done_callback(_log_failure)

    def _take(self, thread_id: str, idle: bool = False) -> Taken | None:
        threads, seconds = self._ledger.threads, self._settings.lease_seconds
        taken = threads.take(thread_id, self._owner.name, seconds, idle=idle)
        if taken is None and (dead := self._dead()):
            return threads.take(thread_id, self._owner.name, seconds, dead, idle=idle)
        return taken

    def _dead(self) -> list[str]:
        return self._owner.dead(self._ledger.threads.holders())


def ref_of(thread: Thread) -> ThreadRef:
    return ThreadRef(thread.id, thread.graph, thread.context, thread.config)


def _log_failure(done: Future[bool]) -> None:
    if not done.cancelled() and (error := done.exception()):
        if isinstance(error, ReviewError):
            log.error("%s", error)
        else:
            log.error("a thread could not be advanced", exc_info=error)


def _cancelled_start(thread: Thread) -> Settlement:
    return Settlement(status=ThreadStatus.CLOSED, error=f"Cancelled by {thread.cancel_by} before it began.")
