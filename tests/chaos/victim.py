"""The process that is killed: it serves a desk, starts threads and decides what waits, until all is done or it dies."""

from __future__ import annotations

import functools
import inspect
import json
import logging
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import review.ledger.decisions as deciding
import review.ledger.settle as settling
from review.desk import Desk, open_desk
from review.engine.base import Resume
from review.engine.local import LocalEngine
from review.engine.saver import GuardedSaver
from review.errors import Refused, StorageFailed
from review.ledger.actions import Actions
from review.ledger.leases import Leases
from review.ledger.undo import Undo
from review.model import Review, ReviewKind, ReviewStatus, ThreadStatus
from review.reviewers import Reviewer
from review.settings import Settings

UNDO, TAKE, RESUME = "behind an undo", "behind the taking of a thread", "before the resume"

# Where a process dies in our own code: (what is patched, its name, the place before it, the place behind it).
PATCHES: tuple[tuple[Any, str, str | None, str | None], ...] = (
    (deciding, "make_decision", None, "inside the decision's transaction"),
    (deciding.Decisions, "decide", None, "behind the compare-and-set"),
    (Undo, "withdraw", None, UNDO),
    (Leases, "take", None, TAKE),
    (LocalEngine, "run", RESUME, "behind the run"),
    (GuardedSaver, "aput_writes", "before a task's result is kept", "behind a task's result"),
    (GuardedSaver, "aput", "before a checkpoint", "behind a checkpoint"),
    (Actions, "begin", None, "behind the action's start"),
    (Actions, "finish", "before the action's end", "behind the action's end"),
    (settling, "sync_reviews", None, "inside the settling transaction"),
    (settling.Settling, "settle", "before marking resumed", "behind marking resumed"),
)
IN_OUR_CODE = tuple(place for patch in PATCHES for place in patch[2:] if place)
REVIEWERS = ("ada", "ben", "carla")


def die(folder: Path, place: str | None) -> None:
    """Die here, if the mark of this place lies in the folder; the mark goes first, so that it counts once."""
    try:
        (folder / f"die-at-{place}").unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def arm(folder: Path) -> None:
    """Give this process its places to die at."""
    for owner, name, before, behind in PATCHES:
        setattr(owner, name, _mortal(getattr(owner, name), folder, before, behind))


def _mortal(method: Callable[..., Any], folder: Path, before: str | None, behind: str | None) -> Callable[..., Any]:
    def counts(arguments: tuple[Any, ...]) -> bool:
        """A start is no resume, though both are runs."""
        return before != RESUME or any(isinstance(each, Resume) for each in arguments)

    @functools.wraps(method)
    def call(*arguments: Any, **options: Any) -> Any:
        if counts(arguments):
            die(folder, before)
        result = method(*arguments, **options)
        if behind != TAKE or result is not None:
            die(folder, behind)
        return result

    @functools.wraps(method)
    async def acall(*arguments: Any, **options: Any) -> Any:
        die(folder, before)
        result = await method(*arguments, **options)
        die(folder, behind)
        return result

    return acall if inspect.iscoroutinefunction(method) else call


class Person:
    """Decides whatever waits, now and then takes a decision back, and writes down what was acknowledged."""

    def __init__(self, desk: Desk, folder: Path, rng: random.Random, name: str) -> None:
        self._desk, self._folder, self._rng = desk, folder, rng
        self._reviewer = Reviewer(name)
        self._undoes = (folder / f"die-at-{UNDO}").exists()

    def attend(self) -> None:
        """Decide what waits now, once."""
        for review in self._desk.ledger.reviews.page(limit=50):
            try:
                self._decide(review)
            except Refused:  # another process was first
                continue
        for review in self._desk.ledger.reviews.page(status=[ReviewStatus.RESUME_FAILED]):
            self._desk.decide(review.id, "retry", self._reviewer)

    def _decide(self, review: Review) -> None:
        if review.kind == ReviewKind.FAILED:
            asked = "take effect?" in review.title
            value = {"act": self._found_out(review)} if asked else None
            decided = self._desk.decide(review.id, "retry", self._reviewer, value=value, version=review.version)
        else:
            decided = self._said(review)
        made = decided.decision
        assert made is not None
        self._note(review=review.id, decision=made.id, type=made.type, reviewer=made.reviewer)
        if made.apply_at > made.decided_at and (self._undoes or self._rng.random() < 0.5):
            self._desk.undo(review.id, self._reviewer)

    def _said(self, review: Review) -> Review:
        kind = self._rng.choice(("approve", "edit", "reject"))
        return self._desk.decide(
            review.id,
            kind,
            self._reviewer,
            value=f"Text {self._rng.random():.6f}" if kind == "edit" else None,
            message="No." if kind == "reject" else "",
            version=review.version,
            undo_seconds=5 if self._undoes else self._rng.choice((0, 0, 0, 0.05)),
        )

    def _found_out(self, review: Review) -> dict[str, Any]:
        """What became of an action that a process began and did not live to end."""
        effects = self._folder / "effects"
        lines = effects.read_text().splitlines() if effects.exists() else []
        happened = any(json.loads(line)["thread"] == review.thread_id for line in lines)
        return {"took_effect": True, "result": "done"} if happened else {"took_effect": False}

    def _note(self, **what: str) -> None:
        with (self._folder / "acknowledged").open("a") as file:
            file.write(json.dumps(what) + "\n")


def work(settings: Settings, seed: str, starts: dict[str, str]) -> None:
    """Serve, start these threads (id: graph), and attend to what waits until every thread is done."""
    logging.disable()
    folder = settings.graphs.parent
    arm(folder)
    rng = random.Random(seed)
    desk = open_desk(settings)
    desk.relay.start()
    for thread_id, graph in starts.items():
        if not desk.ledger.checking.one(thread_id):
            desk.start(graph, {"topic": thread_id}, Reviewer("ada"), thread_id=thread_id)
    person = Person(desk, folder, rng, rng.choice(REVIEWERS))
    while set(desk.ledger.threads.counts()) != {ThreadStatus.DONE}:
        try:
            person.attend()
        except StorageFailed as error:
            if "locked" not in error.message:
                raise
        time.sleep(0.005)
    desk.close()
