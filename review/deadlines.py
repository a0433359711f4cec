"""Deadlines: from what a payload and the graph's policy say to timers, and from a due timer to its effect."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from review.answers import draft_of
from review.contract import Request
from review.critical import marked, needs_confirmation
from review.errors import ReviewError
from review.ledger import Draft, Ledger, Opening, Settlement
from review.ledger.timers import Planned, Timer, TimerKind
from review.model import DecisionType, Review, now
from review.policy import UNDECIDED, Deadline, Policy
from review.reviewers import SYSTEM
from review.settings import Settings

log = logging.getLogger("review.deadlines")

BATCH = 200
ESCALATE, APPROVE = "escalate", "approve"
BY_PAYLOAD = ("reject", "escalate", "ignore")


def scheduled(settlement: Settlement, policy: Policy) -> Settlement:
    """The settlement with its critical openings marked, and a due time and timers on each that has a deadline. They
    are kept when the review first appears: a node that is run again and computes its deadline anew does not move it."""
    at = now()
    settlement = marked(settlement, policy)
    return replace(settlement, openings=tuple(_opening(opening, policy, at) for opening in settlement.openings))


def at_the_end(review: Review, message: str = UNDECIDED) -> tuple[Draft | None, str | None]:
    """What the desk decides if nobody does until the review is due; None where it is escalated, and why it has to be
    where something else was wanted."""
    wanted = review.request.on_timeout or ESCALATE
    if wanted == ESCALATE:
        return None, None
    if needs_confirmation(review, [wanted]):
        return None, f"The deadline's {wanted} does not count: the review is critical, and nobody has confirmed it."
    try:
        return draft_of(review, wanted, None, message, SYSTEM.name), None
    except ReviewError as error:
        return None, f"The deadline's {wanted} cannot be recorded: {error.message}"
    except Exception as error:  # a dialect that trips over a payload must not hold up the other reviews
        log.error("review %s: no answer can be made at its deadline", review.id, exc_info=error)
        return None, f"The deadline's {wanted} cannot be made into an answer: {type(error).__name__}."


class Deadlines:
    """Fires what is due. Any number of processes may do so at once; the ledger lets each timer take effect once."""

    def __init__(self, ledger: Ledger, settings: Settings) -> None:
        self._timers = ledger.timers
        self._reviews = ledger.reviews
        self._groups = settings.groups
        self._effects: Mapping[TimerKind, Callable[[Timer], bool]] = {
            TimerKind.REMIND: self._timers.remind,
            TimerKind.ESCALATE: self._escalate,
            TimerKind.TIMEOUT: self._end,
        }

    def fire(self, at: datetime | None = None) -> int:
        """Let everything take effect whose time has come by `at` (now), in its order; returns how much did here."""
        fired = 0
        while due := self._timers.due(at or now(), BATCH):
            took = sum(self._effects[timer.kind](timer) for timer in due)
            fired += took
            if not took or len(due) < BATCH:
                break
        return fired

    def _escalate(self, timer: Timer, why: str | None = None) -> bool:
        to = timer.detail.get("to")
        members = {to, *self._groups.get(to, ())} if to else set()
        return self._timers.escalate(timer, members, why or timer.detail.get("why"))

    def _end(self, timer: Timer) -> bool:
        review = self._reviews.get(timer.review_id)
        draft, why = at_the_end(review, timer.detail.get("message", UNDECIDED))
        return self._escalate(timer, why) if draft is None else self._timers.decide(timer, review.version, draft)


def _opening(opening: Opening, policy: Policy, at: datetime) -> Opening:
    deadline = policy.deadline or Deadline()
    due = _due_at(opening.request, deadline, at)
    if due is None:
        return opening
    on_timeout, problems = _on_timeout(opening.payload, policy.deadline)
    request = replace(
        opening.request,
        due_at=due.isoformat(),
        on_timeout=on_timeout,
        problems=(*opening.request.problems, *problems),
    )
    return replace(opening, request=request, timers=tuple(_timers(deadline, at, due)))


def _due_at(request: Request, deadline: Deadline, at: datetime) -> datetime | None:
    if request.due_at:
        return datetime.fromisoformat(request.due_at)
    return None if deadline.after is None else at + deadline.after


def _on_timeout(payload: Any, deadline: Deadline | None) -> tuple[str, tuple[str, ...]]:
    """What happens at the end. The payload may say it, but approval must be in the graph's policy as well: the
    payload is what a model or another program wrote."""
    by_policy = deadline.on_timeout if deadline else ESCALATE
    stated = payload.get("on_timeout") if isinstance(payload, Mapping) else None
    if stated is None:
        return by_policy, ()
    if stated in BY_PAYLOAD or (stated == APPROVE == by_policy):
        return str(stated), ()
    if stated == APPROVE:
        why = "The payload wants silence to approve, which only the graph's policy in review.toml can say"
    else:
        why = f"The payload's on_timeout {stated!s:.40} is none of {', '.join(BY_PAYLOAD)}"
    return ESCALATE, (f"{why}: if nobody decides by the deadline, the review is escalated.",)


def _timers(deadline: Deadline, at: datetime, due: datetime) -> list[Planned]:
    """In the order of their times, the end last. A reminder that would come before the review is there is left out; an
    escalation that would, comes with it."""
    reminders = [Planned(TimerKind.REMIND, _earlier(due, before)) for before in deadline.remind]
    steps = [
        Planned(
            TimerKind.ESCALATE,
            max(at, _earlier(due, step.before) if step.after is None else at + step.after),
            {"to": step.to, "priority": step.priority},
        )
        for step in deadline.escalate
    ]
    listed = [*(each for each in reminders if each.fire_at > at), *steps]
    end = Planned(TimerKind.TIMEOUT, due, {"message": deadline.message})
    return sorted([*listed, end], key=lambda each: (each.fire_at, each.kind == TimerKind.TIMEOUT))


def _earlier(due: datetime, span: timedelta | None) -> datetime:
    try:
        return due - (span or timedelta())
    except OverflowError:  # a payload may well be due in the year 1
        return datetime.min.replace(tzinfo=UTC)


def decided_at_the_end(review: Review) -> DecisionType | None:
    """The decision that the desk makes if nobody does; None where it escalates."""
    draft, _ = at_the_end(review)
    return draft.type if draft else None
