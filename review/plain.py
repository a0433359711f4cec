"""Any value of a graph as plain JSON, for the ledger, the screen and `--json`; nothing here goes back to a graph."""

from __future__ import annotations

import base64
import dataclasses
import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any
from uuid import UUID


def plain(value: Any) -> Any:
    """`value` in JSON's own types: messages in LangChain's dict form, models as objects, times as ISO 8601.

    What JSON has no form for is shown as `{"type": ..., "repr": ...}`.
    """
    match value:
        case None | bool() | str():
            return str(value.value) if isinstance(value, Enum) else value
        case Enum():
            return plain(value.value)
        case int():
            return int(value)
        case float():
            return value if math.isfinite(value) else str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case Decimal() | UUID() | PurePath():
            return str(value)
        case bytes() | bytearray():
            return base64.b64encode(value).decode("ascii")
        case Mapping():
            return {str(plain(key)): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case set() | frozenset():
            return sorted((plain(item) for item in value), key=repr)
    return _object(value)


def is_plain(value: Any) -> bool:
    """Whether `value` is made of JSON's own types, so that the ledger gives it back as it was."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_plain(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(is_plain, value))
    return value is None or type(value) in (bool, int, str) or (type(value) is float and math.isfinite(value))


def exceeds_64_bits(value: Any) -> bool:
    """Whether plain JSON holds a whole number that no checkpoint can keep."""
    if isinstance(value, dict):
        return any(map(exceeds_64_bits, value.values()))
    if isinstance(value, list):
        return any(map(exceeds_64_bits, value))
    return isinstance(value, int) and not -(2**63) <= value < 2**64


def _object(value: Any) -> Any:
    if hasattr(value, "model_dump") and hasattr(value, "type") and hasattr(value, "content"):
        from langchain_core.messages import BaseMessage, message_to_dict

        if isinstance(value, BaseMessage):
            return plain(message_to_dict(value))
    if hasattr(value, "model_dump"):
        return plain(value.model_dump())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return {"type": type(value).__qualname__, "repr": repr(value)[:2000]}
