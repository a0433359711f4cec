"""Times as text: ISO 8601, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import overload


@overload
def iso(at: datetime) -> str: ...
@overload
def iso(at: None) -> None: ...
@overload
def iso(at: datetime | None) -> str | None: ...
def iso(at: datetime | None) -> str | None:
    """The time as text; of none, none."""
    return at.astimezone(UTC).isoformat() if at else None


def from_iso(text: str) -> datetime:
    """The time that the text says; one that names no zone is in UTC. Raises `ValueError`."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
