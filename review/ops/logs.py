"""Structured logs: one line for each event, as key=value or as JSON, whichever logger it came through.

What people and graphs wrote stays out of them. Of an exception a line has the type and the places in the code, not
the message, which may repeat a payload; the thread's own page shows that. A value of the environment that its name
makes a secret is left out wherever it turns up.
"""

from __future__ import annotations

import copy
import logging
import os
import re
import sqlite3
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog
from sqlalchemy.exc import SQLAlchemyError

from review.errors import GraphNotFound, ReviewError
from review.ops.bound import bound_ids

Event = MutableMapping[str, Any]

# Whose words a sentence of ours may end in: they name files and locks, not what is kept in them.
OUR_CAUSES = (OSError, sqlite3.Error, SQLAlchemyError, ReviewError)
SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.IGNORECASE)
IN_ADDRESS = re.compile(r"(?<=://)[^\s/@]*:[^\s/@]*(?=@)")
SHORTEST_SECRET = 6
IDS = ["thread_id", "review_id", "decision_id"]
FIRST_KEYS = ["time", "level", "logger", "event", *IDS, "pid"]
FRAMES = 30


def log_to_screen(format: str, to: TextIO | None = None) -> logging.Handler:
    """Send everything from INFO on to standard error, in the setting's format; returns the handler for its removal."""
    handler = logging.StreamHandler(to or sys.stderr)
    handler.setFormatter(formatter(format))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for chatty in ("httpx", "httpcore", "openai", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return handler


def formatter(format: str) -> logging.Formatter:
    """`text` for key=value, `json` for an object a line."""
    if format == "json":
        renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        renderer = structlog.processors.LogfmtRenderer(key_order=FIRST_KEYS, drop_missing=True)
    before: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=IDS),  # other handlers leave the unguarded message on a record
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _add_bound,
        _tell_exception,
    ]
    last: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _as_text, _without_secrets, renderer]
    return _Formatter(processors=last, foreign_pre_chain=before)


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Takes exceptions out of a record's arguments before they become part of its sentence."""

    def format(self, record: logging.LogRecord) -> str:
        record = copy.copy(record)
        if isinstance(record.args, tuple):
            record.args = tuple(_told(arg) if isinstance(arg, BaseException) else arg for arg in record.args)
        if record.name == "asyncio" and isinstance(record.msg, str):
            record.msg = record.msg.partition("\n")[0]  # what follows shows the task and its exception
        record.exc_text = None
        return super().format(record)


def _told(error: BaseException) -> str:
    """A sentence of ours; of anything else, and where a sentence repeats it, the type alone."""
    cause = error.__cause__
    ours = isinstance(error, ReviewError) and not isinstance(error, GraphNotFound)  # which says how a graph failed
    if ours and (cause is None or isinstance(cause, OUR_CAUSES)):
        return str(error)
    return f"{type(error).__name__} from {type(cause).__name__}" if cause else type(error).__name__


def _add_bound(_logger: Any, _method: str, event: Event) -> Event:
    event["pid"] = os.getpid()
    for name, found in bound_ids().items():
        event.setdefault(name, found)
    return event


def _tell_exception(_logger: Any, _method: str, event: Event) -> Event:
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = " from ".join(type(each).__name__ for each in _chain(error))
        event["at"] = _places(error)
    return event


def _chain(error: BaseException) -> list[BaseException]:
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    return chain


def _places(error: BaseException) -> str:
    """Where it was raised, innermost first: files, lines and functions, without what stands in them."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return " < ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames))


def _short(path: str) -> str:
    return "/".join(Path(path).parts[-3:])


def _as_text(_logger: Any, _method: str, event: Event) -> Event:
    """Ids are other people's text: no line of the log ends where one of them says so."""
    return {key: found if isinstance(found, int | float | bool) else str(found) for key, found in event.items()}


def _without_secrets(_logger: Any, _method: str, event: Event) -> Event:
    secrets = {value: name for name, value in os.environ.items() if SECRET.search(name)}
    for key, found in event.items():
        if isinstance(found, str):
            for secret, name in secrets.items():
                if len(secret) >= SHORTEST_SECRET and secret in found:
                    found = found.replace(secret, f"[{name}]")
            event[key] = IN_ADDRESS.sub("[...]", found)
    return event
