"""`IN`, for lists of any length: SQLite keeps every statement that a connection has run, and each length is another."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, ColumnElement


def among(column: Column[Any], values: Collection[str | None]) -> ColumnElement[bool]:
    """Whether the column has one of the values. The last is repeated until their number is a power of two, so that
    all lists together make a dozen statements, and not one for each length that ever came."""
    given = list(values)
    wanted = 1 << (len(given) - 1).bit_length() if given else 0
    return column.in_([*given, *given[-1:] * (wanted - len(given))])
