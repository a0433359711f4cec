"""Running an action once: the mechanism behind `review.contract.once`."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import uuid
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, TypeVar, cast

from review.errors import ReviewError, UnknownOutcome
from review.ledger import Ledger
from review.ledger.actions import ActionKey, ActionRecord
from review.owners import Owner
from review.plain import plain
from review.settings import load_settings

T = TypeVar("T")

log = logging.getLogger("review.actions")

# Where an engine of ours lends its ledger to the run; under any other the settings name it.
LEDGER_KEY = "review_ledger"
# And the process that holds the run's thread, an `Owner`; under any other engine there are no leases.
OWNER_KEY = "review_owner"


def run_once(action: str, effect: Callable[[], T], check: Callable[[], T | None] | None) -> T:
    """See `review.contract.once`."""
    ledger, key, holder = _where(action)
    attempt = uuid.uuid4().hex
    known = ledger.actions.begin(key, attempt, holder)
    if known is not None:
        if known.finished:
            return cast(T, known.result)
        found = _checked(key, check)()
        ledger.actions.begin_again(key, attempt, holder)
        if found is not None:
            return _finished(ledger, key, attempt, cast(T, found))
    try:
        result = effect()
    except UnknownOutcome:
        raise
    except Exception:
        ledger.actions.abandon(key, attempt)
        raise
    return _finished(ledger, key, attempt, result)


async def arun_once(
    action: str, effect: Callable[[], Awaitable[T]], check: Callable[[], Awaitable[T | None]] | None
) -> T:
    """See `review.contract.aonce`."""
    ledger, key, holder = await asyncio.to_thread(_where, action)
    attempt = uuid.uuid4().hex
    known: ActionRecord | None = await asyncio.to_thread(ledger.actions.begin, key, attempt, holder)
    if known is not None:
        if known.finished:
            return cast(T, known.result)
        found = await _checked(key, check)()
        await asyncio.to_thread(ledger.actions.begin_again, key, attempt, holder)
        if found is not None:
            return await asyncio.to_thread(_finished, ledger, key, attempt, cast(T, found))
    try:
        result = await effect()
    except UnknownOutcome:
        raise
    except Exception:
        await asyncio.to_thread(ledger.actions.abandon, key, attempt)
        raise
    return await asyncio.to_thread(_finished, ledger, key, attempt, result)


def idempotency_key_of(action: str) -> str:
    """See `review.contract.idempotency_key`."""
    _, key, _ = _where(action)
    return hashlib.sha256("\n".join((key.thread_id, key.task_id, key.action)).encode()).hexdigest()[:32]


def _where(action: str) -> tuple[Ledger, ActionKey, str | None]:
    from langgraph.config import get_config

    try:
        configurable = get_config()["configurable"]
    except RuntimeError as error:
        raise ReviewError("`once` works inside a node of a running graph only.") from error
    task_id = configurable["checkpoint_ns"].rpartition(":")[2]
    ledger: Ledger = configurable.get(LEDGER_KEY) or _settings_ledger(load_settings().ledger_url)
    owner: Owner | None = configurable.get(OWNER_KEY)
    return ledger, ActionKey(configurable["thread_id"], task_id, action), owner.name if owner else None


def _checked(key: ActionKey, check: Callable[[], Any] | None) -> Callable[[], Any]:
    if check is None:
        raise UnknownOutcome(
            f"The action {key.action!r} was started before and its end was not recorded, so it may or may not have "
            "taken effect. Find out, and say so when you retry; with a `check`, `once` can tell by itself."
        )
    return check


def _finished(ledger: Ledger, key: ActionKey, attempt: str, result: T) -> T:
    if not ledger.actions.finish(key, attempt, plain(result)):
        log.error("the action %s was concluded by a person while it still ran here", key.action)
    return result


@lru_cache(maxsize=4)
def _settings_ledger(url: str) -> Ledger:
    return Ledger(url)
