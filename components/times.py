"""Times as a reviewer reads them: how long ago, how long left, and the clock of their own zone."""

from __future__ import annotations

from datetime import datetime, timedelta

from components.zone import zone
from review.model import now


def clock(at: datetime) -> str:
    """The local date and time to the minute."""
    return at.astimezone(zone()).strftime("%d %b %Y, %H:%M")


def waited(since: datetime) -> str:
    """How long something has waited, in its largest unit."""
    return _span(now() - since)


def waits(since: datetime) -> str:
    return "new" if now() - since < timedelta(minutes=1) else f"waits {waited(since)}"


def ago(at: datetime) -> str:
    return "just now" if now() - at < timedelta(minutes=1) else f"{_span(now() - at)} ago"


def due(at: datetime | None) -> tuple[str, str]:
    """When it is due in words, and the tone in which to say so."""
    if at is None:
        return "", ""
    left = at - now()
    if left <= timedelta():
        return f"overdue by {_span(-left)}", "red"
    return f"due in {_span(left)}", "orange" if left < timedelta(hours=4) else "gray"


def lasting(seconds: float) -> str:
    """How long something goes on, in its largest unit."""
    return _span(timedelta(seconds=seconds))


def on_screen(seconds: object) -> str:
    """How long who decided had it before them; nothing where nobody counted."""
    if not isinstance(seconds, int | float):
        return ""
    told = f"{seconds:.0f} s" if seconds < 60 else _span(timedelta(seconds=seconds))
    return f"on screen for {told if seconds >= 1 else 'less than 1 s'}"


def _span(span: timedelta) -> str:
    seconds = max(int(span.total_seconds()), 0)
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"
