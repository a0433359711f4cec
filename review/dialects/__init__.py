"""The payload conventions, in the order in which they are tried. Adding one is a file and a line here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from review.contract import Request
from review.dialects import agent_inbox, batched, breakpoint, failed, other, per_call, specification, typed
from review.dialects.base import Dialect, Said
from review.engine.base import Pause
from review.plain import plain

__all__ = ["DIALECTS", "Dialect", "Said", "dialect_named", "read_pause"]

DIALECTS: tuple[Dialect, ...] = (
    failed.Failed(),
    breakpoint.Breakpoint(),
    per_call.PerCall(),
    batched.Batched(),
    agent_inbox.AgentInbox(),
    typed.Typed(),
    specification.Specification(),
    other.Other(),
)


# The dialects that take what no shape claims.
ANY_SHAPE = (typed.Typed.name, specification.Specification.name, other.Other.name)


def read_pause(pause: Pause) -> tuple[Dialect, Any, Request]:
    """The first dialect that recognises the pause, its payload as plain JSON, and what it asks. The last dialect takes
    anything, and says why a payload that looks like another's is not of it."""
    payload = plain(pause.payload)
    dialect = next(dialect for dialect in DIALECTS if dialect.fits(pause, payload))
    request = dialect.read(pause, payload)
    complaints = [told for other in DIALECTS if (told := getattr(other, "malformed", _nothing)(payload))]
    if complaints and dialect.name in ANY_SHAPE:
        request = replace(request, problems=(*request.problems, *complaints))
    return dialect, payload, request


def dialect_named(name: str) -> Dialect:
    """The dialect that read a review, by the name that the review keeps."""
    return next((dialect for dialect in DIALECTS if dialect.name == name), DIALECTS[-1])


def _nothing(_payload: Any) -> None:
    return None
