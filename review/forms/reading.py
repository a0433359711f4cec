"""From a JSON Schema and a value to the tree of fields.

What a schema says in one of the many ways that Pydantic and others have for it becomes one kind of field; what is
odder than that becomes a JSON field, for that part alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from review.forms.fields import MISSING, Field, Fixed, Json, Object, Union
from review.forms.lists import list_field
from review.forms.scalars import choice, decimal, scalar
from review.forms.unions import branch_of, label_of
from review.schemas import resolved

Schema = Mapping[str, Any]

# A schema may refer to itself, and it comes from outside: beyond these, the rest is JSON.
DEEPEST = 6
SAME_REFERENCE = 2
MOST_FIELDS = 400
REFERENCE = "$reference"  # what a schema was called that was referred to


@dataclass(frozen=True)
class Spot:
    """Where in the form a schema stands. references are those that led here."""

    key: str = ""
    path: tuple[str, ...] = ()
    label: str = ""
    required: bool = True
    start: Any = MISSING
    depth: int = 0
    references: tuple[str, ...] = ()

    def inside(self, name: str, label: str, required: bool, start: Any) -> Spot:
        key = name.replace("~", "~0").replace("/", "~1")
        key, path, depth = f"{self.key}/{key}" if self.key else key, (*self.path, name), self.depth + 1
        return replace(self, key=key, path=path, label=label, required=required, start=start, depth=depth)


def read_schema(schema: Schema, start: Any = MISSING, label: str = "Value") -> Field:
    """The field that takes values of `schema`, as it is drawn for the value `start`."""
    return _Reader(schema).field(schema, Spot(label=label, start=start))


def defaults_of(schema: Schema) -> dict[str, Any]:
    """What an object of the schema is before anybody gave anything: the defaults, null left out."""
    fields = {name: resolved(schema, field) for name, field in (schema.get("properties") or {}).items()}
    return {name: field["default"] for name, field in fields.items() if field.get("default") is not None}


class _Reader:
    def __init__(self, root: Schema) -> None:
        self._root = root
        self._left = MOST_FIELDS

    def field(self, schema: Any, spot: Spot) -> Field:
        self._left -= 1
        try:
            return self._field(schema, spot)
        # A schema is anybody's JSON; whatever it has in the wrong place makes this part, and no other, odd.
        except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError):
            return Json(**_common({}, spot))

    def _field(self, schema: Any, spot: Spot) -> Field:
        if not isinstance(schema, Mapping):
            return Json(**_common({}, spot))
        if not schema.get("title") and set(schema) & {"$ref", "anyOf", "oneOf", "allOf"}:
            # What is referred to is called after its type, which tells less than the name it has here.
            schema = {**schema, "title": spot.label.replace("_", " ")[:1].upper() + spot.label.replace("_", " ")[1:]}
        schema = self._plain(schema)
        common = _common(schema, spot)
        branches, nullable = self._branches(schema)
        common["nullable"] = nullable
        if self._left < 0 or spot.depth > DEEPEST or not branches:
            return Json(**common)
        if chosen := choice(branches, common):
            return chosen
        if (number := decimal(branches, common)) is not None:
            return number
        if len(branches) > 1:
            return self._union(schema, branches, spot, common)
        (only,) = branches
        if only is not schema:
            below = _common(only, spot)
            common |= {name: common[name] or below[name] for name in ("help", "example")}
            common["default"] = below["default"] if common["default"] is MISSING else common["default"]
        return self._kind(only, spot, common)

    def _kind(self, schema: Schema, spot: Spot, common: dict[str, Any]) -> Field:
        start = common["start"]
        match schema.get("type"):
            case "object" if isinstance(schema.get("properties"), Mapping) and _is(start, dict):
                return self._object(schema, spot, common)
            case "array" if _is(start, list):
                if "prefixItems" in schema:
                    return self._tuple(schema, spot, common)
                return list_field(schema, self._plain(schema.get("items") or {}), self._plain, common)
            case "null":
                return Fixed(value=None, **common)
        return scalar(schema, common) or Json(**common)

    def _object(self, schema: Schema, spot: Spot, common: dict[str, Any]) -> Field:
        properties, start = schema["properties"], common["start"]
        spot = replace(spot, references=(*spot.references, *filter(None, [schema.get(REFERENCE)])))
        if not properties or any(spot.references.count(name) > SAME_REFERENCE for name in spot.references):
            return Json(**common)
        given = next((item for item in (start, common["default"]) if isinstance(item, dict)), {})
        required = schema.get("required") or ()
        fields = tuple(
            self.field(part, spot.inside(name, name, name in required, given.get(name, MISSING)))
            for name, part in properties.items()
        )
        if not isinstance(start, dict):  # a part that is made anew says of which kind it is
            fields = tuple(replace(part, required=True) if isinstance(part, Fixed) else part for part in fields)
        return Object(fields=fields, kept=tuple(name for name in given if name not in properties), **common)

    def _tuple(self, schema: Schema, spot: Spot, common: dict[str, Any]) -> Field:
        parts, start = schema["prefixItems"], common["start"]
        given = next((item for item in (start, common["default"]) if isinstance(item, list)), [MISSING] * len(parts))
        if schema.get("items") or len(given) != len(parts) or not parts:
            return Json(**common)
        fields = tuple(
            self.field(part, spot.inside(str(place), f"{place + 1}.", True, item))
            for place, (part, item) in enumerate(zip(parts, given, strict=True))
        )
        return Object(fields=fields, listed=True, **common)

    def _union(self, schema: Schema, branches: Sequence[Schema], spot: Spot, common: dict[str, Any]) -> Field:
        shown = common["start"] if common["start"] is not MISSING else common["default"]
        at = branch_of(self._root, schema, branches, shown) if shown is not MISSING and shown is not None else None
        if at is None and common["start"] not in (MISSING, None):
            return Json(**common)
        drawn: dict[str, Field] = {}
        for place, branch in enumerate(branches):
            label = label_of(branch, schema, len(drawn))
            label = label if label not in drawn else f"{label} ({place + 1})"
            own = replace(
                spot,
                key=f"{spot.key}~{place}",
                label=label,
                required=True,
                start=shown if place == at else MISSING,
                depth=spot.depth + 1,
            )
            drawn[label] = self.field({**branch, "title": label}, own)
        return Union(branches=drawn, chosen=list(drawn)[at] if at is not None else None, **common)

    def _plain(self, schema: Any) -> Schema:
        """Without references and without a single `allOf`, as older Pydantic wraps a reference."""
        reference = {REFERENCE: schema["$ref"]} if "$ref" in schema else {}
        found: dict[str, Any] = {**resolved(self._root, schema), **reference}
        if isinstance(alone := found.get("allOf"), list) and len(alone) == 1:
            around = {name: item for name, item in found.items() if name != "allOf"}
            return {**self._plain(alone[0]), **around}
        return found

    def _branches(self, schema: Schema) -> tuple[list[Schema], bool]:
        """The kinds of value that it takes, and whether null is one. None where that cannot be told."""
        found = schema.get("anyOf") or schema.get("oneOf")
        if found is None and isinstance(schema.get("type"), list):
            found = [{**schema, "type": kind} for kind in schema["type"]]
        if found is None:
            options = schema.get("enum")
            nullable = options is not None and None in options and len(options) > 1
            return ([schema] if set(schema) & {"type", "enum", "const"} else []), nullable
        plain = [self._plain(branch) for branch in found]
        kinds = [branch for branch in plain if not _is_null(branch)]
        return kinds, len(kinds) < len(plain)


def _common(schema: Schema, spot: Spot) -> dict[str, Any]:
    """What every field is made of."""
    examples = schema.get("examples")
    example = next((item for item in examples if isinstance(item, str | int | float)), "") if examples else ""
    return {
        "key": spot.key,
        "path": spot.path,
        "label": str(schema.get("title") or spot.label),
        "help": str(schema.get("description") or ""),
        "example": str(example),
        "required": spot.required,
        "start": spot.start,
        "default": schema.get("default", MISSING),
    }


def _is(start: Any, kind: type) -> bool:
    """Whether a field of that kind can show what it starts with."""
    return start is MISSING or start is None or isinstance(start, kind)


def _is_null(schema: Schema) -> bool:
    return schema.get("type") == "null" or ("const" in schema and schema["const"] is None)
