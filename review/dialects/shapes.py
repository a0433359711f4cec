"""What of a response schema means something to the desk: which field takes the verdict, the message, the name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from review.dialects.base import subject_key
from review.model import DecisionType
from review.schemas import resolved

Schema = Mapping[str, Any]

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
    """An object that the graph takes for an answer.

    verdict is the field that takes the decision, with a value for each decision that it can express; message and
    reviewer are the fields for those; rest are the others.
    """

    schema: Schema
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

    def defaults(self, payload: Any) -> dict[str, Any]:
        """Every field that the reviewer leaves alone: as the payload shows it, else as the schema has it."""
        shown = payload if isinstance(payload, dict) else {}
        fields = {name: field["default"] for name, field in self.properties.items() if "default" in field}
        return fields | {name: shown[name] for name in self.rest if shown.get(name) is not None}

    def part(self, names: Iterable[str]) -> dict[str, Any]:
        """The schema with these of its properties alone."""
        properties = {name: self.schema["properties"][name] for name in names}
        required = [name for name in self.schema.get("required", ()) if name in properties]
        return {**self.schema, "properties": properties, "required": required}


def shapes_of(schema: Schema) -> dict[DecisionType, Shape]:
    """The decisions that the schema can express, each with the shape of its answer; `respond` alone, with the whole
    answer, where no field takes a verdict. Of several objects, one field tells which is meant: the decision's is the
    one with a word for it; without a word of its own, an edit is an approval with other fields."""
    branches = _branches(schema)
    verdict, words = _verdict(schema, branches)
    if verdict is None:
        return {DecisionType.RESPOND: _shape(branches[0] if len(branches) == 1 else {}, None, {})}
    found = {}
    for kind in WORDS:
        word = words.get(kind, words[DecisionType.APPROVE] if kind == DecisionType.EDIT else None)
        branch = next((branch for branch in branches if word in _choices(branch, verdict)), None)
        if word is None or branch is None:
            continue
        shape = _shape(branch, verdict, {kind: word})
        if kind in words or shape.rest:
            found[kind] = shape
    return found


def signed(schema: Schema, value: Any, reviewer: str) -> Any:
    """A whole answer with who decides where its object has a field for that."""
    if not isinstance(value, dict):
        return value
    branches = _branches(schema)
    names = {shape.reviewer for branch in branches if _is_of(branch, branches, value) and (shape := _shape(branch))}
    return {**value, **{name: reviewer for name in names if name}}


def _shape(branch: Schema, verdict: str | None = None, words: Mapping[DecisionType, Any] | None = None) -> Shape:
    properties = _properties(branch)
    texts = [name for name in MESSAGES if "string" in _types(properties.get(name, {}))]
    reviewer = next((n for n, f in properties.items() if n == "reviewer" or f.get("x-review") == "reviewer"), None)
    return Shape(branch, properties, verdict, words or {}, texts[0] if texts else None, reviewer)


def _branches(schema: Schema) -> list[Schema]:
    """The objects that an answer can be: the schema itself, or each branch of a union of objects alone."""
    whole = resolved(schema, schema)
    listed = [resolved(schema, each) for each in (*(whole.get("oneOf") or ()), *(whole.get("anyOf") or ()))]
    if whole.get("properties") or not listed or not all(each.get("properties") for each in listed):
        return [whole]
    return [{**each, "$defs": schema.get("$defs") or {}} for each in listed]


def _verdict(schema: Schema, branches: list[Schema]) -> tuple[str | None, dict[DecisionType, Any]]:
    """The field that can both approve and reject, and its words. In a union, its value must tell the object that is
    meant: it is the discriminator, or no two objects share a value of it."""
    told = (resolved(schema, schema).get("discriminator") or {}).get("propertyName")
    names = list(_properties(branches[0])) if len(branches) == 1 or told is None else [told]
    for name in names:
        listed = [_choices(branch, name) for branch in branches]
        choices = [choice for each in listed for choice in each]
        apart = len(branches) == 1 or all(choices.count(choice) == 1 for choice in choices)
        if all(listed) and apart and (words := _words(name, choices)):
            return name, words
    return None, {}


def _words(name: str, choices: list[Any]) -> dict[DecisionType, Any]:
    if name == "approved" and {True, False} <= {choice for choice in choices if isinstance(choice, bool)}:
        return {DecisionType.APPROVE: True, DecisionType.REJECT: False}
    texts = [choice for choice in choices if isinstance(choice, str)]
    found = {kind: choice for kind, words in WORDS.items() for choice in reversed(texts) if choice.lower() in words}
    return found if {DecisionType.APPROVE, DecisionType.REJECT} <= set(found) else {}


def _choices(branch: Schema, name: str) -> list[Any]:
    """The values that a field names: listed in an `enum`, or a `const` each, also in branches beside others; both
    where it is a boolean without any."""
    field = _properties(branch).get(name, {})
    parts = [field, *(resolved(branch, each) for each in (*field.get("anyOf", ()), *field.get("oneOf", ())))]
    named = [choice for part in parts for choice in (*part.get("enum", ()), part.get("const")) if choice is not None]
    return named if named or "boolean" not in _types(field) else [True, False]


def _is_of(branch: Schema, branches: list[Schema], value: Mapping[str, Any]) -> bool:
    """Whether the value is of that object: no constant of the object's says otherwise."""
    fields = _properties(branch).items()
    return len(branches) == 1 or all(value.get(name, f["const"]) == f["const"] for name, f in fields if "const" in f)


def _properties(branch: Schema) -> dict[str, Schema]:
    return {name: resolved(branch, field) for name, field in (branch.get("properties") or {}).items()}


def _types(field: Schema) -> list[str]:
    branches = [field, *field.get("anyOf", ())]
    return [branch["type"] for branch in branches if isinstance(branch.get("type"), str)]
