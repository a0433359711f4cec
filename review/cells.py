"""From a table's cells to a graph's input: which column is which field, and which type its text has there."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from difflib import SequenceMatcher
from typing import Any

from review.errors import BadInput
from review.schemas import resolved

Schema = Mapping[str, Any]

_WHOLE = re.compile(r"[+-]?\d{1,30}")
_ALIKE = 0.6  # of 1, from which on two names are taken for one that was written in another way
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def matched(schema: Schema, columns: Sequence[str], wanted: Mapping[str, str | None]) -> dict[str, str]:
    """Which field each column is: as `wanted` has it (None leaves a column out), else the field of that name or
    title, whatever the case. A schema without fields takes every column by its own name.

    Raises `BadInput` for a column or a field that there is not, or a field that two columns claim.
    """
    if unknown := [column for column in wanted if column not in columns]:
        raise BadInput(f"The file has no column {unknown[0]!r:.80}. It has: {', '.join(columns)[:400]}.")
    fields = _fields(schema)
    found: dict[str, str] = {}
    for column in columns:
        field = wanted[column] if column in wanted else _field_named(schema, column)
        if field is None:
            continue
        if fields and field not in fields:
            raise BadInput(f"The graph's input has no field {field!r:.80}. It has: {', '.join(fields)[:400]}.")
        if field in found.values():
            other = next(name for name, taken in found.items() if taken == field)
            raise BadInput(f"The columns {other!r} and {column!r} are both for {field!r}. Leave one of them out.")
        found[column] = field
    return found


def guessed(schema: Schema, columns: Sequence[str]) -> dict[str, str | None]:
    """For each column that no field is named like: the field that it may well be, by a similar name; else None. No
    field is guessed twice, or for one that has its column."""
    named = {column: field for column in columns if (field := _field_named(schema, column))}
    others = [column for column in columns if column not in named]
    free = [field for field in _fields(schema) if field not in named.values()]
    likeness = {(column, field): _likeness(schema, column, field) for column in others for field in free}
    found: dict[str, str | None] = dict.fromkeys(others)
    for (column, field), alike in sorted(likeness.items(), key=lambda each: -each[1]):
        if alike >= _ALIKE and found[column] is None and field not in found.values():
            found[column] = field
    return found


def _likeness(schema: Schema, column: str, field: str) -> float:
    """From 0 to 1; one name that is a word of the other is as good as the same."""
    named = _plain(column)
    title = str(resolved(schema, _fields(schema)[field]).get("title", ""))
    names = [plain for name in (field, title) if (plain := _plain(name))]
    if any(name in named.split() or named in name.split() for name in names):
        return 1.0
    return max(SequenceMatcher(None, named, name).ratio() for name in names)


def typed(schema: Schema, field: str, cell: Any) -> Any:
    """The cell as the field's type has it; as it is where it cannot be that, for the schema's check to say so."""
    types, format_ = _types(schema, _fields(schema).get(field, {}))
    if isinstance(cell, datetime | date | time):
        return _moment(cell, format_)
    if isinstance(cell, str):
        return _from_text(cell, types)
    return _from_number(cell, types)


def _from_text(text: str, types: frozenset[str]) -> Any:
    """A text that may be text stays one: `007` is no number unless the field is."""
    if not types or "string" in types:
        return text
    bare = text.strip()
    if types & {"integer", "number"} and _WHOLE.fullmatch(bare):
        return int(bare)
    if "number" in types and (number := _number(bare)) is not None:
        return number
    if "boolean" in types and bare.casefold() in _BOOLEANS:
        return _BOOLEANS[bare.casefold()]
    if types & {"array", "object"} and bare[:1] in ("[", "{"):
        try:
            return json.loads(bare)
        except ValueError:
            return text
    return text


def _from_number(cell: Any, types: frozenset[str]) -> Any:
    """A number or a truth value, as Excel has them, which keeps every number as a fraction."""
    whole = int(cell) if isinstance(cell, float) and cell.is_integer() else cell
    if isinstance(cell, bool):
        return str(cell).lower() if types == {"string"} else cell
    if not isinstance(cell, int | float):
        return str(cell)
    if types and not types & {"integer", "number"}:
        if "boolean" in types and whole in (0, 1):
            return bool(whole)
        return str(whole) if "string" in types else whole
    return whole


def _moment(cell: datetime | date | time, format_: str | None) -> str:
    """Excel has no dates without a time of day; midnight is one unless the field wants both."""
    if isinstance(cell, datetime) and format_ != "date-time" and cell.time() == time():
        return cell.date().isoformat()
    return cell.isoformat()


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text else None


def _fields(schema: Schema) -> Mapping[str, Any]:
    return resolved(schema, schema).get("properties") or {}


def _field_named(schema: Schema, column: str) -> str | None:
    fields = _fields(schema)
    if not fields or column in fields:
        return column
    names = {_plain(name): name for name in fields}
    titles = {_plain(str(resolved(schema, field).get("title", ""))): name for name, field in fields.items()}
    return names.get(_plain(column)) or titles.get(_plain(column))


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name).strip().casefold()


def _types(schema: Schema, field: Any) -> tuple[frozenset[str], str | None]:
    """The JSON types that the field takes, those of each branch included, and its format."""
    found: set[str] = set()
    format_ = None
    waiting = [resolved(schema, field)]
    for _ in range(100):  # one that leads back to itself says nothing new
        if not waiting:
            break
        each = waiting.pop()
        stated = each.get("type", [])
        found |= {stated} if isinstance(stated, str) else set(stated)
        named = [*each.get("enum", ()), *([each["const"]] if "const" in each else [])]
        found |= {_type_of(choice) for choice in named}
        format_ = format_ or each.get("format")
        waiting += [resolved(schema, part) for key in ("anyOf", "oneOf", "allOf") for part in each.get(key) or ()]
    return frozenset(found - {"null"}), format_


def _type_of(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")
