"""response_schema: the graph says in JSON Schema what it takes for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from review.contract import Request
from review.dialects.base import TITLES, Said, due_of, refuse, subject_key, title_of
from review.engine.base import Pause
from review.model import DecisionType, Review
from review.schemas import problems, resolved

WORDS: Mapping[DecisionType, frozenset[str]] = {
    DecisionType.APPROVE: frozenset({"approve", "approved", "accept", "accepted", "yes", "ok", "allow"}),
    DecisionType.EDIT: frozenset({"edit", "edited", "modify", "modified"}),
    DecisionType.RESPOND: frozenset({"respond", "response", "revise", "changes", "request_changes"}),
    DecisionType.REJECT: frozenset({"reject", "rejected", "deny", "denied", "decline", "declined", "no"}),
    DecisionType.IGNORE: frozenset({"ignore", "skip"}),
}
MESSAGES = ("message", "reason", "feedback", "comment", "comments", "notes", "note", "explanation")


@dataclass(frozen=True)
class Shape:
    """What of a response schema means something to the desk.

    verdict is the field that takes the decision, with a value for each decision that it can express; message and
    reviewer are the fields for those; rest are the others.
    """

    properties: Mapping[str, Any]
    verdict: str | None
    words: Mapping[DecisionType, Any]
    message: str | None
    reviewer: str | None

    @property
    def rest(self) -> list[str]:
        return [name for name in self.properties if name not in (self.verdict, self.message, self.reviewer)]

    @property
    def allowed(self) -> tuple[str, ...]:
        if self.verdict is None:
            return (DecisionType.RESPOND,)
        offered = [DecisionType.EDIT] if self.rest else []
        return tuple(kind for kind in WORDS if kind in self.words or kind in offered)


def shape_of(schema: Mapping[str, Any]) -> Shape:
    properties = {name: resolved(schema, field) for name, field in (schema.get("properties") or {}).items()}
    verdict, words = next(
        ((name, found) for name, field in properties.items() if (found := _words(name, field))), (None, {})
    )
    texts = [name for name in MESSAGES if "string" in _types(properties.get(name, {}))]
    reviewer = next((n for n, f in properties.items() if n == "reviewer" or f.get("x-review") == "reviewer"), None)
    return Shape(properties, verdict, words, texts[0] if texts else None, reviewer)


class Typed:
    """The answer is an object that fits the schema, with the schema's types."""

    name = "response_schema"

    def fits(self, pause: Pause, payload: Any) -> bool:
        return bool(pause.response_schema)

    def read(self, pause: Pause, payload: Any) -> Request:
        schema = dict(pause.response_schema or {})
        shape = shape_of(schema)
        fields = payload if isinstance(payload, dict) else {}
        key = subject_key(fields)
        subject = fields[key] if key else (payload if not isinstance(payload, dict | str) else None)
        asked = fields.get("allowed_decisions")
        allowed = tuple(kind for kind in asked if kind in shape.allowed) if isinstance(asked, list) else shape.allowed
        required = fields.get("message_required")
        due, wrong = due_of(payload)
        format_ = fields.get("format")
        return Request(
            title=title_of(payload, pause),
            description=str(fields.get("description") or fields.get("prompt") or ""),
            subject=subject,
            subject_format=format_ if format_ in ("markdown", "text", "json") else _format(subject),
            allowed_decisions=allowed or shape.allowed,
            message_required=tuple(required) if isinstance(required, list) and shape.message else (),
            response_schema=schema,
            due_at=due,
            details=_details(fields, key),
            problems=wrong,
        )

    def answer(self, review: Review, said: Said) -> Any:
        schema = review.request.response_schema or {}
        shape = shape_of(schema)
        if shape.verdict is None:
            return _checked(review, schema, said.value)
        word = shape.words.get(said.type, shape.words.get(DecisionType.APPROVE))
        answer = _defaults(shape, review.payload) | {shape.verdict: word}
        if said.type == DecisionType.EDIT:
            answer |= _edited(review, shape, said.value)
        elif isinstance(said.value, dict):
            answer |= {name: value for name, value in said.value.items() if name != shape.verdict}
        if shape.message and said.message:
            answer[shape.message] = said.message
        if shape.reviewer:
            answer[shape.reviewer] = said.reviewer
        return _checked(review, schema, answer)

    def meaning(self, review: Review, value: Any) -> DecisionType:
        schema = review.request.response_schema or {}
        shape = shape_of(schema)
        _checked(review, schema, value)
        if shape.verdict is None or not isinstance(value, dict):
            return DecisionType.RESPOND
        said = value.get(shape.verdict)
        return next((kind for kind, word in shape.words.items() if word == said), DecisionType.RESPOND)


def _checked(review: Review, schema: Mapping[str, Any], answer: Any) -> Any:
    if wrong := problems(schema, answer):
        place, first = next(iter(wrong.items()))
        raise refuse(review, f"{place}: {first}" if place else first, **wrong)
    return answer


def _edited(review: Review, shape: Shape, value: Any) -> dict[str, Any]:
    """The other fields; a bare text stands for the field that holds the subject."""
    if isinstance(value, dict):
        return {name: item for name, item in value.items() if name != shape.verdict}
    field = subject_key(dict.fromkeys(shape.rest, True)) or (shape.rest[0] if len(shape.rest) == 1 else None)
    if value is None or field is None:
        raise refuse(review, f"an edit needs the fields {', '.join(shape.rest)}.", value="must be given.")
    return {field: value}


def _defaults(shape: Shape, payload: Any) -> dict[str, Any]:
    """Every field that the reviewer leaves alone: as the payload shows it, else as the schema has it."""
    shown = payload if isinstance(payload, dict) else {}
    fields = {name: field["default"] for name, field in shape.properties.items() if "default" in field}
    return fields | {name: shown[name] for name in shape.rest if shown.get(name) is not None}


def _words(name: str, field: Mapping[str, Any]) -> dict[DecisionType, Any]:
    """The decisions that a field can express; none where it cannot both approve and reject."""
    if name == "approved" and "boolean" in _types(field):
        return {DecisionType.APPROVE: True, DecisionType.REJECT: False}
    choices = [choice for choice in field.get("enum", ()) if isinstance(choice, str)]
    found = {kind: choice for kind, words in WORDS.items() for choice in reversed(choices) if choice.lower() in words}
    return found if {DecisionType.APPROVE, DecisionType.REJECT} <= set(found) else {}


def _types(field: Mapping[str, Any]) -> list[str]:
    branches = [field, *field.get("anyOf", ())]
    return [branch["type"] for branch in branches if isinstance(branch.get("type"), str)]


def _format(subject: Any) -> Any:
    return "markdown" if isinstance(subject, str) else "json"


def _details(fields: Mapping[str, Any], subject: str | None) -> dict[str, Any]:
    stated = fields.get("details")
    if isinstance(stated, dict):
        return stated
    told = {*TITLES, "allowed_decisions", "message_required", "format", "due_at", "timeout_at", "timeout_seconds"}
    return {name: value for name, value in fields.items() if name not in told and name != subject}
