"""The relay: carries recorded decisions and starts to the graphs, under each thread's lease, and settles what came."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial

from review.deadlines import Deadlines, scheduled
from review.engine.base import Engine
from review.errors import LeaseLost, ReviewError, StorageFailed, ThreadBusy
from review.heartbeat import Heartbeat
from review.leases import steady_clock
from review.ledger import Ledger
from review.model import Thread
from review.ops.bound import bound, ids_of
from review.owners import Owner
from review.running import Running
from review.settings import Settings
from review.taking import Taking

log = logging.getLogger("review.relay")
BATCH = 64
CUT_OFF_SECONDS = 1  # for what was cut off to be settled


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
        self._taking = Taking(ledger, settings, owner)
        self._heartbeat = Heartbeat(ledger, engine, owner.name, settings.lease_seconds)
        self._running = Running(ledger, engine, self._heartbeat, settings, owner.name)
        self._deadlines = Deadlines(ledger, settings)
        self._pool: ThreadPoolExecutor | None = None
        self._submitted: set[Future[bool]] = set()
        self._watch: threading.Thread | None = None
        self._busy: set[str] = set()
        self._queued: set[str] = set()  # submitted, and not begun
        self._guard = threading.Lock()
        self._nudge = threading.Event()
        self._stopping = threading.Event()
        self._looked: float | None = None
        self._until: float | None = None  # when runs that have not drained are cut off

    @property
    def running(self) -> bool:
        return self._watch is not None and not self._stopping.is_set()

    @property
    def busy(self) -> bool:
        """Whether a run is under way here; after `stop`, one that could not be brought to an end."""
        return bool(self._busy)

    @property
    def age(self) -> float | None:
        """Seconds since the relay last looked for work; None before it first did."""
        return None if self._looked is None else steady_clock() - self._looked

    def start(self, prepare: Callable[[], None] | None = None) -> None:
        """Serve until `stop`. `prepare` runs first, on the relay's own thread."""
        self._pool = ThreadPoolExecutor(self._settings.concurrency, thread_name_prefix="review-run")
        self._watch = threading.Thread(target=self._serve, args=(prepare,), name="review-relay", daemon=True)
        self._watch.start()

    def drain(self, seconds: float = 5) -> None:
        """Begin nothing more, and let runs stop at their next step's boundary. Returns at once; a `stop` gives them
        until `seconds` from the first of these calls."""
        if self._until is None:
            self._until = time.monotonic() + seconds
        self._stopping.set()
        self._nudge.set()
        self._engine.drain()

    def stop(self, seconds: float = 5) -> None:
        """Drain: runs stop at their next step's boundary, and those that do not within `seconds` are cut off.
        What is unfinished goes on where a relay starts next. A node that does not return is not waited for."""
        self.drain(seconds)
        while self._busy and self._until is not None and time.monotonic() < self._until:
            self._engine.drain()
            threading.Event().wait(0.05)
        for thread_id in list(self._busy):
            self._engine.cancel(thread_id)
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            wait(list(self._submitted), CUT_OFF_SECONDS)
        if self._watch is not None:
            self._watch.join(CUT_OFF_SECONDS)
        self._heartbeat.stop()

    def wake(self, thread_id: str) -> None:
        """There is work for the thread now: begin at once, if this relay serves."""
        if self.running:
            self._submit(thread_id)

    def due(self, limit: int = BATCH) -> list[str]:
        """The threads that have work now and that nobody else holds, longest waiting first."""
        return self._taking.due(limit)

    def run_due(self) -> int:
        """Advance every thread that has work now, one after the other; returns how many. Deadlines are met first."""
        self._deadlines.fire()
        ran = 0
        while moved := sum(self.advance(thread_id) for thread_id in self.due()):
            ran += moved
        return ran

    def advance(self, thread_id: str) -> bool:
        """Take the thread and run it until nothing is left to do; False where another process or thread has it."""
        with self._alone(thread_id) as alone:
            if not alone:
                return False
            try:
                return self._advance(thread_id)
            except LeaseLost as error:
                log.warning("%s", error)
                return False

    def failures(self, thread_id: str) -> tuple[int, StorageFailed | None]:
        """How often in a row a database failed here on this thread, and what it told last."""
        return self._running.failures(thread_id)

    @contextmanager
    def hold(self, thread_id: str) -> Iterator[tuple[Thread, Callable[[], None]]]:
        """The thread's lease, for a person's change to its state that ends it; given back where the change fails. With
        it comes the guard to ask before each write.

        Raises `ThreadBusy` while the thread runs or a decision waits to be applied to it.
        """
        with self._alone(thread_id) as alone:
            since = steady_clock()
            taken = self._taking.take(thread_id, idle=True) if alone else None
            if taken is None:
                label = self._ledger.threads.get(thread_id).label
                raise ThreadBusy(f"Thread {label} is running. Wait until it pauses, or cancel the run.")
            try:
                if decided := (*taken.fresh, *taken.resuming, *taken.waiting):
                    raise ThreadBusy(
                        f"The decision on review {decided[0].label} is still being applied. Try again in a moment."
                    )
                with self._heartbeat.over(thread_id, since):
                    yield taken.before, partial(self._heartbeat.guard, thread_id)
            except BaseException:
                self._ledger.settling.release(taken, self._owner.name)
                raise

    @contextmanager
    def _alone(self, thread_id: str) -> Iterator[bool]:
        """Whether nothing else in this process is at work on the thread meanwhile."""
        with self._guard:
            alone = thread_id not in self._busy
            self._busy.add(thread_id)
        try:
            yield alone
        finally:
            if alone:
                with self._guard:
                    self._busy.discard(thread_id)

    def _advance(self, thread_id: str) -> bool:
        took = False
        while not (took and self._stopping.is_set()):
            since = steady_clock()
            taken = self._taking.take(thread_id)
            if taken is None:
                return took
            took = True
            with bound(thread_id=thread_id, **ids_of(taken)), self._heartbeat.over(thread_id, since):
                settlement = self._running.run(taken)
            settlement = scheduled(settlement, self._settings.policy_of(taken.before.graph))
            again = self._ledger.settling.settle(thread_id, self._owner.name, settlement)
            if again is None or again.timestamp() > time.time():
                break
        return took

    def _serve(self, prepare: Callable[[], None] | None) -> None:
        self._tidy()
        if prepare is not None:
            try:
                prepare()
            except Exception as error:
                log.error("the relay serves without its preparation", exc_info=error)
        while not self._stopping.is_set():
            for find in (self._deadlines.fire, self._submit_due, self._look):
                try:
                    find()
                except ReviewError as error:
                    log.error("the relay cannot look for work: %s", error)
                except Exception as error:
                    log.error("the relay cannot look for work", exc_info=error)
            self._looked = steady_clock()
            self._nudge.wait(self._settings.poll_seconds)

    def _tidy(self) -> None:
        try:
            self._owner.tidy(lease.owner for lease in self._ledger.leases.held())
        except ReviewError as error:
            log.error("what dead processes left could not be removed: %s", error)

    def _submit_due(self) -> None:
        for thread_id in self.due():
            self._submit(thread_id)

    def _submit(self, thread_id: str) -> None:
        if self._pool is None or self._stopping.is_set():
            return
        with self._guard:  # while every run is taken, each look finds the same threads again
            if thread_id in self._busy or thread_id in self._queued:
                return
            self._queued.add(thread_id)
        submitted = self._pool.submit(self._begin, thread_id)
        self._submitted.add(submitted)
        submitted.add_done_callback(self._submitted.discard)
        submitted.add_done_callback(_log_failure)

    def _begin(self, thread_id: str) -> bool:
        with self._guard:
            self._queued.discard(thread_id)
        return self.advance(thread_id)


def _log_failure(done: Future[bool]) -> None:
    if not done.cancelled() and (error := done.exception()):
        if isinstance(error, ReviewError):
            log.error("%s", error)
        else:
            log.error("a thread could not be advanced", exc_info=error)
