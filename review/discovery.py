"""Discovery: threads that another program left interrupted in the same checkpoints join the queue.

Their interrupts only. They are read and never run: what a foreign program left half-way is that program's to continue.
"""

from __future__ import annotations

import logging

from review.deadlines import scheduled
from review.engine.base import Engine, Snapshot, Stirred, ThreadRef
from review.errors import BadInput, GraphNotFound, ReviewError, ThreadBusy
from review.ledger import Ledger, Settlement
from review.ledger.found import FOLLOWED
from review.model import ReviewKind, Thread, ThreadStatus
from review.outcome import as_found
from review.registry import Registry
from review.reviewers import Reviewer
from review.settings import Settings

log = logging.getLogger("review.discovery")

# What becomes of a thread that nobody assigned, once its own program has gone on with it.
ANSWERED = Settlement(ThreadStatus.DONE, supersede=False)


class Discovery:
    """Follows the checkpoints from a mark that the ledger keeps, so that its cost is that of what is new."""

    def __init__(self, ledger: Ledger, engine: Engine, registry: Registry, settings: Settings) -> None:
        self._ledger = ledger
        self._settings = settings
        self._engine = engine
        self._registry = registry
        self._mark: str | None = None
        self._begun = False
        self._again: dict[str, Stirred] = {}

    def look(self) -> None:
        """Read what is new, and let it join or follow; what could not be read is tried again the next time."""
        if not self._begun:
            self._mark, self._begun = self._ledger.found.mark(), True
        while True:
            news = self._engine.news(self._mark)
            stirred = self._again | {each.thread_id: each for each in news.stirred}
            self._again = {}
            self._take_in(list(stirred.values()))
            if news.mark != self._mark:
                self._ledger.found.keep_mark(news.mark)
                self._mark = news.mark
            if not news.more:
                return

    def assign(self, thread_id: str, graph: str, reviewer: Reviewer) -> Thread:
        """Say which graph a found thread is of. Raises `BadInput` where the graph has no such question."""
        thread = self._ledger.threads.get(thread_id)
        if thread.graph:
            raise ThreadBusy(f"Thread {thread.label} is of graph {thread.graph} already.")
        if thread.status == ThreadStatus.CLOSED:
            raise ThreadBusy(f"Thread {thread.label} is closed. It comes back when its program asks something new.")
        snapshot = self._engine.snapshot(ThreadRef(thread_id, graph))
        if not _asks(snapshot):
            raise BadInput(
                f"Thread {thread.label} does not wait at a node of graph {graph}: it belongs to another one, or has "
                "been answered since. `python -m review graphs` lists the registered graphs."
            )
        return self._ledger.found.assign(thread_id, graph, self._stands(graph, snapshot), reviewer)

    def _take_in(self, stirred: list[Stirred]) -> None:
        known = self._ledger.found.known([each.thread_id for each in stirred])
        for each in stirred:
            thread = known.get(each.thread_id)
            try:
                if thread is None:
                    self._join(each)
                elif thread.found and thread.status in FOLLOWED and not self._follow(thread, each):
                    self._again[each.thread_id] = each
            except GraphNotFound:
                continue  # the graph of a thread that has joined is gone; its reviews stay as they are
            except ReviewError as error:
                log.error("thread %s of another program could not be read: %s", each.thread_id, error)
            except Exception as error:  # a state that the graph's own types refuse
                log.error("thread %s of another program could not be read", each.thread_id, exc_info=error)

    def _join(self, stirred: Stirred) -> None:
        if not stirred.asks:
            return
        named = stirred.graph in self._registry.names
        graphs = [stirred.graph] if named else self._registry.names
        asking = {name: found for name in graphs if name and (found := self._asking(stirred.thread_id, name))}
        # A graph that has only some of the nodes is another one, unless the thread itself names it.
        fitting = {name: found for name, found in asking.items() if named or not found.lost}
        if len(fitting) == 1:
            ((graph, snapshot),) = fitting.items()
            self._ledger.found.join(stirred.thread_id, graph, self._stands(graph, snapshot))
        elif fitting or (stirred.unanswered and not named):
            self._ledger.found.join(stirred.thread_id, "", as_found(None), stirred.question)

    def _follow(self, thread: Thread, stirred: Stirred) -> bool:
        if not thread.graph:
            if stirred.asks:
                return self._ledger.found.ask(thread, stirred.question)
            return self._ledger.found.follow(thread, ANSWERED)
        snapshot = self._engine.snapshot(ThreadRef(thread.id, thread.graph))
        # Questions of nodes that the graph has no more are not gone: they are there again when the code is.
        return bool(snapshot.lost) or self._ledger.found.follow(thread, self._stands(thread.graph, snapshot))

    def _stands(self, graph: str, snapshot: Snapshot) -> Settlement:
        return scheduled(as_found(snapshot), self._settings.policy_of(graph))

    def _asking(self, thread_id: str, graph: str) -> Snapshot | None:
        """Where the thread stands if it is the graph's: one whose nodes do not fit shows no interrupt."""
        try:
            snapshot = self._engine.snapshot(ThreadRef(thread_id, graph))
        except GraphNotFound:
            return None
        except ReviewError:
            raise
        except Exception:  # another graph's state, which this one's types refuse
            return None
        return snapshot if _asks(snapshot) else None


def _asks(snapshot: Snapshot) -> bool:
    return any(pause.kind == ReviewKind.INTERRUPT for pause in snapshot.pauses)
