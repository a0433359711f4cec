"""The payload conventions, in the order in which they are tried. Adding one is a file and a line here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from review.contract import Request
from review.dialects import agent_inbox, batched, breakpoint, failed, other, per_call, specification, typed
from review.dialects.base import Dialect, Form, Said
from review.engine.base import Pause
from review.model import DecisionType, Review
from review.plain import plain
from review.schemas import fault_of

__all__ = ["DIALECTS", "Dialect", "Form", "Said", "dialect_named", "form_of", "read_pause"]

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
    if pause.response_schema and (fault := fault_of(pause.response_schema)):
        dialect, payload, request = read_pause(replace(pause, response_schema=None))
        why = f"The response schema of {pause.node} cannot be used, so any value is taken: {fault}."
        return dialect, payload, replace(request, problems=(*request.problems, why))
    dialect = next(dialect for dialect in DIALECTS if dialect.fits(pause, payload))
    request = dialect.read(pause, payload)
    complaints = [told for other in DIALECTS if (told := getattr(other, "malformed", _nothing)(payload))]
    if complaints and dialect.name in ANY_SHAPE:
        request = replace(request, problems=(*request.problems, *complaints))
    return dialect, payload, request


def dialect_named(name: str) -> Dialect:
    """The dialect that read a review, by the name that the review keeps."""
    return next((dialect for dialect in DIALECTS if dialect.name == name), DIALECTS[-1])


def form_of(review: Review, kind: DecisionType) -> Form | None:
    """What a decision of that kind on the review takes for its value; None where it takes none."""
    return dialect_named(review.dialect).form(review, kind)


def _nothing(_payload: Any) -> None:
    return None
