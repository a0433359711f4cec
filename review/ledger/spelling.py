"""How names are written in the ledger: as each of them was typed, one person's perhaps in several ways."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, func, select

from review.names import same_name


def spellings(connection: Connection, column: Any, name: str, *rows: Any) -> list[str]:
    """How the name is written in that column of some few rows."""
    return [each for each in connection.scalars(select(column).where(*rows).distinct()) if same_name(each, name)]


def names_in(connection: Connection, column: Any) -> list[str]:
    """Every name in an indexed column, which has few of them in many rows: one step in the index takes it from each to
    the next."""
    return list(connection.scalars(_walk(column)))


@cache  # it is asked with every look at the queue, and takes longer to put together than to carry out
def _walk(column: Any) -> Select[Any]:
    name = select(func.min(column).label("name")).where(column.is_not(None)).cte("names", recursive=True)
    following = select(func.min(column)).where(column > name.c.name).scalar_subquery()
    names = name.union_all(select(following).where(name.c.name.is_not(None)))
    return select(names.c.name).where(names.c.name.is_not(None))
