"""response_schema: the graph says in JSON Schema what it takes for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from review.contract import Request
from review.dialects.base import DEADLINES, TITLES, Form, Said, due_of, refuse, subject_key, title_of
from review.dialects.shapes import Shape, shapes_of, signed
from review.engine.base import Pause
from review.model import DecisionType, Review
from review.schemas import first_of, problems


class Typed:
    """The answer is an object that fits the schema, with the schema's types."""

    name = "response_schema"

    def fits(self, pause: Pause, payload: Any) -> bool:
        return bool(pause.response_schema)

    def read(self, pause: Pause, payload: Any) -> Request:
        schema = dict(pause.response_schema or {})
        shapes = shapes_of(schema)
        rest = list(dict.fromkeys(name for shape in shapes.values() for name in shape.rest))
        fields = payload if isinstance(payload, dict) else {}
        key = subject_key(fields)
        subject = fields[key] if key else _under_review(rest, payload)
        asked = fields.get("allowed_decisions")
        allowed = tuple(kind for kind in asked if kind in tuple(shapes)) if isinstance(asked, list) else ()
        required = fields.get("message_required")
        heard = tuple(kind for kind, shape in shapes.items() if shape.message)
        due, wrong = due_of(payload)
        format_ = fields.get("format")
        return Request(
            title=title_of(payload, pause),
            description=_description(fields, title_of(payload, pause)),
            subject=subject,
            subject_format=format_ if format_ in ("markdown", "text", "json") else _format(subject),
            allowed_decisions=allowed or tuple(shapes),
            message_required=tuple(kind for kind in required if kind in heard) if isinstance(required, list) else (),
            response_schema=schema,
            due_at=due,
            details={name: value for name, value in _details(fields, key).items() if key or name not in rest},
            problems=wrong,
        )

    def form(self, review: Review, kind: DecisionType) -> Form | None:
        schema = review.request.response_schema or {}
        shape = shapes_of(schema).get(kind)
        if shape is None:
            return None
        if shape.verdict is None:
            return _whole(schema, shape, review.payload)
        shown = {name: value for name, value in shape.defaults(review.payload).items() if name in shape.rest}
        # What the graph insists on and nothing gives must be asked for whatever is decided.
        missing = [name for name in shape.schema.get("required", ()) if name in shape.rest and name not in shown]
        if (field := shape.subject) and field not in shown and review.request.subject is not None:
            shown[field] = review.request.subject
        if kind == DecisionType.EDIT:
            if shape.rest == [shape.subject] and isinstance(shown.get(shape.rest[0]), str):
                return Form({"type": "string"}, shown[shape.rest[0]])
            return Form(shape.part(shape.rest), shown)
        known = {name: shown[name] for name in missing if name in shown}
        return Form(shape.part(missing), known) if missing else None

    def answer(self, review: Review, said: Said) -> Any:
        schema = review.request.response_schema or {}
        shape = shapes_of(schema).get(said.type)
        if shape is None:
            raise refuse(review, f"its response schema has no word for {said.type}.")
        if shape.verdict is None:
            return _checked(review, schema, signed(schema, said.value, said.reviewer))
        answer = shape.defaults(review.payload) | {shape.verdict: shape.words[said.type]}
        if said.type == DecisionType.EDIT:
            answer |= _edited(review, shape, said.value)
        elif isinstance(said.value, dict):
            answer |= {name: value for name, value in said.value.items() if name != shape.verdict}
        if shape.message and said.message:
            answer[shape.message] = said.message
        if shape.reviewer:
            answer[shape.reviewer] = said.reviewer
        # Of several objects only the decision's: the others would say what is wrong with decisions nobody made.
        return _checked(review, shape.schema, answer)

    def meaning(self, review: Review, value: Any) -> DecisionType:
        schema = review.request.response_schema or {}
        _checked(review, schema, value)
        meant = (
            kind
            for kind, shape in shapes_of(schema).items()
            if shape.verdict and isinstance(value, dict) and value.get(shape.verdict) == shape.words[kind]
        )
        return next(meant, DecisionType.RESPOND)


def _description(fields: Mapping[str, Any], title: str) -> str:
    texts = (fields.get(name) for name in ("description", "prompt", "message", "question"))
    told = next((text for text in texts if isinstance(text, str) and text), "")
    return "" if told == title and "description" not in fields else told


def _under_review(rest: list[str], payload: Any) -> Any:
    """Without a field that is known for it: the values that the answer can change, or what is no object at all."""
    if not isinstance(payload, dict):
        return None if isinstance(payload, str) else payload
    return {name: payload[name] for name in rest if payload.get(name) is not None} or None


def _checked(review: Review, schema: Mapping[str, Any], answer: Any) -> Any:
    if wrong := problems(schema, answer):
        raise refuse(review, first_of(wrong, answer), **wrong)
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
    shown = {name: value for name, value in (shape.defaults(payload) | messages).items() if name in names}
    return Form(shape.part(names), shown)


def _format(subject: Any) -> Any:
    return "markdown" if isinstance(subject, str) else "json"


def _details(fields: Mapping[str, Any], subject: str | None) -> dict[str, Any]:
    stated = fields.get("details")
    if isinstance(stated, dict):
        return stated
    told = {*TITLES, *DEADLINES, "allowed_decisions", "message_required", "format"}
    return {name: value for name, value in fields.items() if name not in told and name != subject}
