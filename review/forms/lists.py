"""Lists: texts and numbers one a line, picks out of given values, objects as the rows of a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from review.forms.fields import EXACT, MISSING, Column, Field, Json, Lines, Picks, Table
from review.forms.inferred import inferred
from review.forms.scalars import labelled, moment_of, same

Schema = Mapping[str, Any]


def list_field(schema: Schema, item: Schema, plain: Callable[[Any], Schema], common: dict[str, Any]) -> Field:
    """The field for a list of `item`; JSON where neither lines nor a table can hold it. `plain` resolves a schema."""
    items = common["start"] if isinstance(common["start"], list) else common["default"]
    items = items if isinstance(items, list) else []
    item = item or inferred(items).get("items", {})
    if isinstance(item.get("enum"), list) and _are_picks(item["enum"], items):
        return Picks(options=labelled(item["enum"], None), **common)
    kind = item.get("type")
    if kind == "string" and all(_is_line(text) for text in items):
        return Lines(item="text", **common)
    if kind in ("integer", "number", "boolean") and all(isinstance(one, int | float) for one in items):
        return Lines(item="json", **common)
    properties = item.get("properties")
    if kind == "object" and properties and all(isinstance(row, dict) for row in items):
        required = item.get("required") or ()
        columns = [
            _column(name, plain(part), plain, name in required, [row[name] for row in items if name in row])
            for name, part in properties.items()
        ]
        return Table(columns=tuple(columns), **common)
    return Json(**common)


def _are_picks(options: list[Any], items: list[Any]) -> bool:
    known, chosen = [same(option) for option in options], [same(item) for item in items]
    return None not in options and len(set(chosen)) == len(chosen) and set(chosen) <= set(known)


def _is_line(text: Any) -> bool:
    return isinstance(text, str) and text == text.strip() != "" and len(text.splitlines()) == 1


def _column(name: str, part: Schema, plain: Callable[[Any], Schema], required: bool, cells: list[Any]) -> Column:
    """The column of a row's value: as its schema says, unless a cell that came would not keep its type there."""
    found = part.get("anyOf") or part.get("oneOf") or [part]
    kinds = [branch for branch in map(plain, found) if branch.get("type") != "null"]
    only = kinds[0] if len(kinds) == 1 else {}
    given = [cell for cell in cells if cell is not None]
    options: tuple[str, ...] = ()
    kind: Any = "json"
    match only.get("type"):
        case _ if "enum" in only or "const" in only:
            listed = [option for option in only.get("enum") or [only.get("const")] if option is not None]
            if all(isinstance(option, str) for option in [*listed, *given]):
                kind, options = "choice", tuple(dict.fromkeys([*listed, *given]))
        case "string" if all(isinstance(cell, str) for cell in given):
            dates = only.get("format") == "date" and all(moment_of("date", cell) for cell in given)
            kind = "date" if dates else "text"
        case "boolean" if all(isinstance(cell, bool) for cell in given):
            kind = "boolean"
        case "integer" if all(type(cell) is int for cell in given):
            large = any(abs(value) > EXACT for value in [*given, *_bounds(only)])
            kind = "digits" if large else "integer"
        case "number" if all(type(cell) in (int, float) for cell in given):
            kind = "json" if any(abs(cell) > EXACT for cell in given if type(cell) is int) else "number"
    return Column(
        name=name,
        label=str(part.get("title") or name),
        kind=kind,
        required=required,
        nullable=len(kinds) < len(found) or None in (only.get("enum") or ()),
        default=part.get("default", MISSING),
        options=options,
        help=str(part.get("description") or ""),
    )


def _bounds(schema: Schema) -> list[Any]:
    return [schema[name] for name in ("minimum", "maximum") if name in schema]
