"""response_schema: the graph says in JSON Schema what it takes for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from review.contract import Request
from review.dialects.base import TITLES, Form, Said, due_of, refuse, subject_key, title_of
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
    def subject(self) -> str | None:
        """The field that takes what is under review: by its name, else the only one there is."""
        return subject_key(dict.fromkeys(self.rest, True)) or (self.rest[0] if len(self.rest) == 1 else None)

    @property
    def allowed(self) -> tuple[str, ...]:
        if self.verdict is None:
            return (DecisionType.RESPOND,)
        offered = [DecisionType.EDIT] if self.rest else []
        return tuple(kind for kind in WORDS if kind in self.words or kind in offered)


def shape_of(schema: Mapping[str, Any]) -> Shape:
    properties = {name: resolved(schema, field) for name, field in (schema.get("properties") or {}).items()}
    verdict, words = next(
        ((name, found) for name, field in properties.items() if (found := _words(schema, name, field))), (None, {})
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
        subject = fields[key] if key else _under_review(shape, payload)
        asked = fields.get("allowed_decisions")
        allowed = tuple(kind for kind in asked if kind in shape.allowed) if isinstance(asked, list) else shape.allowed
        required = fields.get("message_required")
        due, wrong = due_of(payload)
        format_ = fields.get("format")
        return Request(
            title=title_of(payload, pause),
            description=_description(fields, title_of(payload, pause)),
            subject=subject,
            subject_format=format_ if format_ in ("markdown", "text", "json") else _format(subject),
            allowed_decisions=allowed or shape.allowed,
            message_required=tuple(required) if isinstance(required, list) and shape.message else (),
            response_schema=schema,
            due_at=due,
            details={name: value for name, value in _details(fields, key).items() if key or name not in shape.rest},
            problems=wrong,
        )

    def form(self, review: Review, kind: DecisionType) -> Form | None:
        schema = review.request.response_schema or {}
        shape = shape_of(schema)
        if shape.verdict is None:
            return _whole(schema, shape, review.payload) if kind == DecisionType.RESPOND else None
        shown = {name: value for name, value in _defaults(shape, review.payload).items() if name in shape.rest}
        # What the graph insists on and nothing gives must be asked for whatever is decided.
        missing = [name for name in schema.get("required", ()) if name in shape.rest and name not in shown]
        if (field := shape.subject) and field not in shown and review.request.subject is not None:
            shown[field] = review.request.subject
        if kind == DecisionType.EDIT:
            if shape.rest == [shape.subject] and isinstance(shown.get(shape.rest[0]), str):
                return Form({"type": "string"}, shown[shape.rest[0]])
            return Form(_part(schema, shape.rest), shown)
        known = {name: shown[name] for name in missing if name in shown}
        return Form(_part(schema, missing), known) if missing else None

    def answer(self, review: Review, said: Said) -> Any:
        schema = review.request.response_schema or {}
        shape = shape_of(schema)
        if shape.verdict is None:
            signed = {shape.reviewer: said.reviewer} if shape.reviewer and isinstance(said.value, dict) else {}
            return _checked(review, schema, {**said.value, **signed} if signed else said.value)
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


def _description(fields: Mapping[str, Any], title: str) -> str:
    texts = (fields.get(name) for name in ("description", "prompt", "message", "question"))
    told = next((text for text in texts if isinstance(text, str) and text), "")
    return "" if told == title and "description" not in fields else told


def _under_review(shape: Shape, payload: Any) -> Any:
    """Without a field that is known for it: the values that the answer can change, or what is no object at all."""
    if not isinstance(payload, dict):
        return None if isinstance(payload, str) else payload
    return {name: payload[name] for name in shape.rest if payload.get(name) is not None} or None


def _checked(review: Review, schema: Mapping[str, Any], answer: Any) -> Any:
    if wrong := problems(schema, answer):
        place, first = next(iter(wrong.items()))
        raise refuse(review, f"{place}: {first}" if place else first, **wrong)
    return answer


def _edited(review: Review, shape: Shape, value: Any) -> dict[str, Any]:
    """The other fields; a bare text stands for the field that holds the subject."""
    if isinstance(value, dict):
        return {name: item for name, item in value.items() if name != shape.verdict}
    if value is None or shape.subject is None:
        raise refuse(review, f"an edit needs the fields {', '.join(shape.rest)}.", value="must be given.")
    return {shape.subject: value}


def _whole(schema: Mapping[str, Any], shape: Shape, payload: Any) -> Form:
    """The whole answer but the reviewer's name, which nobody types."""
    if not shape.properties:
        return Form(schema)
    names = [name for name in shape.properties if name != shape.reviewer]
    fields = payload if isinstance(payload, dict) else {}
    messages = {name: fields[name] for name in (shape.message,) if name and isinstance(fields.get(name), str)}
    shown = {name: value for name, value in (_defaults(shape, payload) | messages).items() if name in names}
    return Form(_part(schema, names), shown)


def _part(schema: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    """The schema with these of its properties alone."""
    properties = {name: schema["properties"][name] for name in names}
    required = [name for name in schema.get("required", ()) if name in names]
    return {**schema, "properties": properties, "required": required}


def _defaults(shape: Shape, payload: Any) -> dict[str, Any]:
    """Every field that the reviewer leaves alone: as the payload shows it, else as the schema has it."""
    shown = payload if isinstance(payload, dict) else {}
    fields = {name: field["default"] for name, field in shape.properties.items() if "default" in field}
    return fields | {name: shown[name] for name in shape.rest if shown.get(name) is not None}


def _choices(schema: Mapping[str, Any], field: Mapping[str, Any]) -> list[str]:
    """The words that a field takes: listed in an `enum`, or a `const` each, also in branches beside others."""
    branches = [field, *(resolved(schema, each) for each in (*field.get("anyOf", ()), *field.get("oneOf", ())))]
    listed = (choice for branch in branches for choice in (*branch.get("enum", ()), branch.get("const")))
    return [choice for choice in listed if isinstance(choice, str)]


def _words(schema: Mapping[str, Any], name: str, field: Mapping[str, Any]) -> dict[DecisionType, Any]:
    """The decisions that a field can express; none where it cannot both approve and reject."""
    if name == "approved" and "boolean" in _types(field):
        return {DecisionType.APPROVE: True, DecisionType.REJECT: False}
    choices = _choices(schema, field)
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
