"""The desk: everything that a page, a command or a script can ask for. `open_desk` puts it together."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from review.bulk import Bulk
from review.engine.base import Snapshot
from review.errors import ActionsRepeated, BadInput, Changed, GraphNotFound, ReviewError, ThreadBusy
from review.forking import check_numbers, new_values
from review.ledger import Ledger, Start
from review.model import BEING_APPLIED, BUSY, ENDED, WAITING, Review, ReviewStatus, Step, Thread, ThreadStatus
from review.owners import Owner
from review.plain import is_plain, plain
from review.queueing import Queueing
from review.reviewers import Reviewer
from review.running import ref_of
from review.schemas import first_of, problems
from review.settings import Settings, load_settings
from review.start_many import StartMany
from review.watching import Watching

if TYPE_CHECKING:
    from review.registry import GraphInfo


class Desk(Watching, Bulk, Queueing, StartMany):
    """One desk: its ledger, its engine, its relay. Every method raises `ReviewError` subclasses alone."""

    # What there is.

    def graphs(self) -> list[GraphInfo]:
        """The registered graphs; one that failed to load says why."""
        return self.registry.infos()

    def graph(self, name: str) -> GraphInfo:
        return self.registry.info(name)

    def review(self, review_id: str) -> Review:
        return self.ledger.reviews.get(review_id)

    def thread(self, thread_id: str) -> Thread:
        return self.ledger.threads.get(thread_id)

    def state(self, thread_id: str) -> Snapshot:
        """Where the thread stands, read from its checkpoints."""
        return self.engine.snapshot(ref_of(self._unpruned(thread_id)))

    def steps(self, thread_id: str, after: str | None = None) -> list[Step]:
        """The thread's supersteps beyond checkpoint `after`, oldest first, whichever process ran them."""
        return self.engine.steps(ref_of(self._unpruned(thread_id)), after)

    def asked_anew(self, thread_id: str) -> list[Review]:
        """The reviews whose answers the graph has taken in the step in which the thread stands: after a change of its
        state they are asked again."""
        at = self.state(thread_id).checkpoint_id
        answered = self.ledger.reviews.of_thread(thread_id, status=[ReviewStatus.RESUMED])
        return [review for review in answered if review.checkpoint_id == at]

    # What a person does.

    def start(
        self,
        graph: str,
        input: Any,
        reviewer: Reviewer,
        *,
        context: Any = None,
        thread_id: str | None = None,
        example: bool = False,
    ) -> Thread:
        """Record a start and wake the relay. Raises `BadInput` for an input that the graph's schema refuses.

        Objects, which JSON Schema cannot judge, are recorded as plain JSON.
        """
        self.registry.get(graph)
        if is_plain(input) and (wrong := problems(self.registry.info(graph).input_schema, input)):
            raise BadInput(f"The input does not fit graph {graph!r}: {first_of(wrong, input)}", errors=wrong)
        check_numbers(f"The input of graph {graph!r}", input)
        start = Start(thread_id or str(uuid.uuid4()), graph, plain(input), plain(context), example=example)
        thread = self.ledger.threads.queue_start(start, reviewer)
        self._wake(thread.id)
        return thread

    def cancel(self, thread_id: str, reviewer: Reviewer) -> Thread:
        """Stop the thread's run, in whichever process it is; the thread is then failed, and can be retried."""
        thread = self.ledger.threads.request_cancel(thread_id, reviewer)
        self.engine.cancel(thread_id)
        self._wake(thread_id)
        return thread

    def close_thread(self, thread_id: str, reviewer: Reviewer) -> Thread:
        """End the thread without running it further; its open reviews are superseded."""
        if (thread := self.thread(thread_id)).status in ENDED:
            raise ThreadBusy(f"Thread {thread.label} is {thread.status} already.")
        with self.relay.hold(thread_id) as (thread, guard):
            with suppress(GraphNotFound):  # a thread whose graph is gone or unknown can still be ended, in the ledger
                if thread.graph and self.engine.snapshot(ref_of(thread)).exists:
                    self.engine.close_thread(ref_of(thread), guard)
            self.ledger.settling.end(thread_id, self._owner.name, "thread.closed", ThreadStatus.CLOSED, reviewer)
        return self.thread(thread_id)

    def assign_graph(self, thread_id: str, graph: str, reviewer: Reviewer) -> Thread:
        """Say which graph a thread is of that another program left waiting; its questions then join the queue."""
        return self.discovery.assign(thread_id, graph, reviewer)

    def edit_state(
        self,
        thread_id: str,
        values: Mapping[str, Any],
        reviewer: Reviewer,
        *,
        checkpoint_id: str | None = None,
        repeat_actions: bool = False,
    ) -> Thread:
        """Change the state of a thread that waits; its open reviews are superseded and asked anew.

        Raises `Changed` where the thread no longer stands at the checkpoint that was shown, if one is given, and
        `ActionsRepeated` where nodes that begin anew have run an action `once` already, which is another one to the
        new step; with `repeat_actions` that is accepted.
        """
        change = new_values(values)
        if (thread := self.thread(thread_id)).status not in WAITING:
            raise ThreadBusy(f"Thread {thread.label} is {thread.status}; only one that waits can be edited.")
        with self.relay.hold(thread_id) as (thread, guard):
            now = self.engine.snapshot(ref_of(thread))
            if checkpoint_id not in (None, now.checkpoint_id):
                raise Changed(f"Thread {thread.label} has moved on since its state was shown. Look at it again.")
            if (begun := self.begun_in_step(thread_id, now)) and not repeat_actions:
                raise ActionsRepeated(
                    f"Thread {thread.label} has begun {', '.join(begun)} in the step that it stands in. With another "
                    "state the step begins anew, and may do that a second time. Say that it may, or retry without a "
                    "change.",
                    actions=begun,
                )
            try:
                self.engine.update_state(ref_of(thread), change, guard)
            except ReviewError:
                raise
            except Exception as error:  # whatever the graph's own reducers and types raise
                raise BadInput(f"The graph does not take these values: {type(error).__name__}: {error}") from error
            self.ledger.settling.end(thread_id, self._owner.name, "thread.state_edited", ThreadStatus.RUNNING, reviewer)
        self._wake(thread_id)
        return self.thread(thread_id)

    def begun_in_step(self, thread_id: str, now: Snapshot) -> list[str]:
        """The actions that another state, where the thread stands now, would have begun a second time."""
        tasks = [pause.task_id for pause in now.pauses if pause.task_id]
        return [record.key.action for record in self.ledger.actions.of_tasks(thread_id, tasks)]

    def remove_examples(self, reviewer: Reviewer) -> int:
        """Forget the example threads, their reviews and checkpoints; returns how many there were."""
        removed = self.ledger.threads.remove_examples(reviewer)
        for thread_id in removed:
            self.engine.delete_thread(thread_id)
        return len(removed)

    def close(self, *, ledger: bool = True) -> None:
        """Stop the relay, give up every connection; of the ledger's, unless it is another's to close. The desk cannot
        be used again."""
        super().close(ledger=ledger)
        _forget(self)

    # Waiting, for scripts.

    def finish(self, thread_id: str, review_id: str | None = None) -> Thread:
        """Run the thread here until it pauses, ends or fails; wait for the process that holds it, if one does.

        With `review_id`, until that review's decision has been applied or has failed. Raises `StorageFailed` where a
        database could not be used so often that nobody should wait for it here; nothing is lost, and a relay goes on.
        """
        before, _ = self.relay.failures(thread_id)
        while True:
            self.relay.advance(thread_id)
            times, error = self.relay.failures(thread_id)
            if error and times - before > self.settings.max_tries:
                raise error
            thread = self.thread(thread_id)
            waits = review_id and self.review(review_id).status in BEING_APPLIED
            if thread.status not in BUSY and not waits:
                return thread
            time.sleep(0.05)


# One desk a process for each set of databases: the app, its pages and its routes share one.
_desks: dict[str, Desk] = {}
_last: tuple[Settings, Desk] | None = None  # a page asks for the same one dozens of times
_opening = threading.RLock()  # the garbage collector may close a desk while another one is being opened


def open_desk(settings: Settings | None = None) -> Desk:
    """The desk of these settings (without any, of this process's own), put together on first use."""
    global _last
    settings = settings or load_settings()
    if (last := _last) and last[0] is settings:
        return last[1]
    key = settings.model_dump_json()
    with _opening:
        if key not in _desks:
            _desks[key] = _assemble(settings)
        _last = settings, _desks[key]
        return _desks[key]


def _assemble(settings: Settings) -> Desk:
    owner = Owner(settings.data_dir / "owners")
    return Desk(settings, Ledger(settings.ledger_url, lock_seconds=settings.lock_seconds), owner)


def _forget(desk: Desk) -> None:
    global _last
    with _opening:
        _last = None
        for key in [key for key, known in _desks.items() if known is desk]:
            del _desks[key]
