"""Strict msgpack, told: which types of a checkpoint came back as plain data, and what allows them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from langgraph.checkpoint.serde.event_hooks import SerdeEvent, register_serde_event_listener
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from review.manifest import Allowed

log = logging.getLogger("review.engine")

KEY = "checkpointer.serde.allowed_msgpack_modules"

Blocked = tuple[str, str]
_seen: ContextVar[set[Blocked] | None] = ContextVar("review_blocked_types", default=None)
_told: set[Blocked] = set()
_guard = threading.Lock()
_unregister: Callable[[], None] | None = None


def serializer(allowed: Allowed | None) -> JsonPlusSerializer:
    """LangGraph's own, with the types that langgraph.json allows; each graph adds those that its state declares."""
    _listen()
    return JsonPlusSerializer() if allowed is None else JsonPlusSerializer(allowed_msgpack_modules=allowed)


@contextmanager
def noting_blocked() -> Iterator[set[Blocked]]:
    """Collects the types that are read as plain data meanwhile, in this context and what it starts."""
    found: set[Blocked] = set()
    token = _seen.set(found)
    try:
        yield found
    finally:
        _seen.reset(token)


def hint_of(blocked: set[Blocked]) -> str | None:
    """What to say beside the error of a run that read these as plain data: it may have failed for that."""
    return _sentence(sorted(blocked)) if blocked else None


def _listen() -> None:
    global _unregister
    with _guard:
        if _unregister is None:
            _unregister = register_serde_event_listener(_hear)


def _hear(event: SerdeEvent) -> None:
    if event["kind"] != "msgpack_blocked":
        return
    blocked = event["module"], event["name"]
    seen: Any = _seen.get()
    if seen is not None:
        seen.add(blocked)
    with _guard:
        new = blocked not in _told
        _told.add(blocked)
    if new:
        log.warning("%s", _sentence([blocked]))


def _sentence(blocked: list[Blocked]) -> str:
    names = ", ".join(f"{module}.{name}" for module, name in blocked)
    pairs = ", ".join(f'["{module}", "{name}"]' for module, name in blocked)
    return (
        f"The checkpoint holds {names}, which the graph's state does not declare, so it came back as plain data. "
        f"Declare it there, or add {pairs} to `{KEY}` in langgraph.json."
    )
