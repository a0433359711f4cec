"""What a dialect is: one payload convention, with how to read it and how to answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol, runtime_checkable

from review.contract import ActionRequest, Request
from review.engine.base import Pause
from review.errors import InvalidAnswer
from review.forms import MISSING, inferred
from review.model import DecisionType, Review, now
from review.times import from_iso, iso

TITLES = ("title", "prompt", "message", "question", "description")
SUBJECTS = ("content", "draft", "text", "body", "action_plan", "action")
TITLE_LENGTH = 120
DEADLINES = ("due_at", "timeout_at", "timeout_seconds", "on_timeout")


@dataclass(frozen=True)
class Said:
    """A decision as the reviewer put it, before a dialect makes the resume value of it."""

    type: DecisionType
    value: Any
    message: str
    reviewer: str


@dataclass(frozen=True)
class Form:
    """What a decision takes for its value: a JSON Schema, and what the form starts with.

    free: the schema is only that of the value shown; the graph takes any other JSON as well.
    """

    schema: Mapping[str, Any]
    start: Any = MISSING
    free: bool = False


class Dialect(Protocol):
    """One payload convention. `name` is kept with every review that it read."""

    name: str

    def fits(self, pause: Pause, payload: Any) -> bool:
        """Whether the pause speaks this dialect; `payload` is its value as plain JSON."""
        ...

    def read(self, pause: Pause, payload: Any) -> Request:
        """What the pause asks of a person."""
        ...

    def form(self, review: Review, kind: DecisionType) -> Form | None:
        """What a decision of that kind takes for its value; None where it takes none."""
        ...

    def answer(self, review: Review, said: Said) -> Any:
        """The value that the graph gets. Raises `InvalidAnswer` for what the graph would not take."""
        ...

    def meaning(self, review: Review, value: Any) -> DecisionType:
        """The decision that a verbatim resume value means. Raises `InvalidAnswer`."""
        ...


@runtime_checkable
class Combining(Protocol):
    """A dialect of several actions at once."""

    def combine(self, review: Review, said: Sequence[Said]) -> Any:
        """The value that the graph gets for one decision on each action, in their order."""
        ...


def form_of_action(actions: Sequence[ActionRequest], kind: DecisionType) -> Form | None:
    """The arguments of the one action that is asked about: as its tool takes them, else as they came."""
    if kind != DecisionType.EDIT or len(actions) != 1:
        return None
    (action,) = actions
    return Form(action.args_schema, action.args) if action.args_schema else form_of_value(action.args)


def form_of_value(value: Any) -> Form:
    """The value itself, with its own types."""
    return Form(inferred(value), value, free=True)


def one_line(text: object) -> str:
    """The first line of a text, cut to a title's length."""
    line = str(text).strip().partition("\n")[0].strip(" #*")
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"


def title_of(payload: Any, pause: Pause) -> str:
    """A line for the queue: what the payload calls itself, else which node asks."""
    if isinstance(payload, Mapping):
        payload = next((payload[key] for key in TITLES if isinstance(payload.get(key), str) and payload[key]), None)
    return one_line(payload) if isinstance(payload, str) and payload.strip() else f"{pause.node} asks"


def subject_key(payload: Mapping[str, Any]) -> str | None:
    return next((key for key in SUBJECTS if payload.get(key) is not None), None)


def due_of(payload: Any) -> tuple[str | None, tuple[str, ...]]:
    """When the payload wants its answer, as aware ISO 8601, and what was wrong with what it said of that."""
    if not isinstance(payload, Mapping):
        return None, ()
    stated = payload.get("due_at") or payload.get("timeout_at")
    seconds = payload.get("timeout_seconds") if stated is None else None
    told = seconds if stated is None else stated
    if told is None:
        return None, ()
    try:
        if stated is None:
            return iso(now() + timedelta(seconds=float(told))), ()
        return iso(from_iso(str(stated))), ()
    except OverflowError:
        return None, (f"The deadline {told!s:.80} is beyond any calendar, so the payload's own does not count.",)
    except (TypeError, ValueError):
        wanted = "a number of seconds" if stated is None else "an ISO 8601 time"
        return None, (f"The deadline {told!s:.80} is not {wanted}, so the payload's own does not count.",)


def refuse(review: Review, why: str, **errors: str) -> InvalidAnswer:
    return InvalidAnswer(f"Review {review.label} cannot take this answer: {why}", review_id=review.id, errors=errors)
