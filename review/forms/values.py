"""What the widgets of a form show at first, and the value that is read back from what they hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from review.forms.fields import (
    MISSING,
    Boolean,
    Choice,
    Digits,
    Field,
    Fixed,
    Json,
    Lines,
    Moment,
    Number,
    Object,
    Picks,
    Table,
    Text,
    Union,
)
from review.forms.scalars import moment_of, same

# What the widgets hold, by key; a key that is not there was never drawn, and holds what it would show.
Widgets = Mapping[str, Any]
Wrong = dict[tuple[str, ...], str]


class Unreadable(Exception):
    """What a widget holds is no value of its field; the text says what is wrong."""


@dataclass
class Given:
    """What a person gave: the value, and what could not be read of it, by path."""

    value: Any = MISSING
    wrong: Wrong = field(default_factory=dict)


def shown(field: Field) -> Any:
    """What the field's widget holds when it is first drawn."""
    seen = field.seen
    match field:
        case Text():
            return "" if seen is MISSING else seen
        case Number(whole=whole):
            return None if seen is MISSING else seen if whole else float(seen)
        case Digits():
            return "" if seen is MISSING else seen if isinstance(seen, str) else json.dumps(seen)
        case Boolean(three_way=three_way):
            return seen if seen is not MISSING else None if three_way else False
        case Choice(options=options):
            return next(
                (label for label, value in options.items() if seen is not MISSING and same(value) == same(seen)), None
            )
        case Picks(options=options):
            chosen = [same(item) for item in _list(seen)]
            return [label for label, value in options.items() if same(value) in chosen]
        case Moment(kind=kind):
            return moment_of(kind, seen) if isinstance(seen, str) else None
        case Lines(item=item):
            return "\n".join(text if item == "text" else json.dumps(text) for text in _list(seen))
        case Table():
            return _list(seen)
        case Json():
            held = None if seen is MISSING else seen
            nothing = held is None and field.start is not None
            return "" if nothing else json.dumps(held, indent=2, ensure_ascii=False)
    return None


def shown_beside(field: Field) -> Any:
    """What the small widget beside the field holds at first: which branch a union's value is of, whether an empty text
    or list is none, whether there is a value."""
    if isinstance(field, Union):
        return field.chosen
    if field.empty_is_value:
        return isinstance(field, Text) and field.nullable and field.start != ""
    return field.seen is not MISSING


def read_back(field: Field, widgets: Widgets) -> Given:
    """The value of the whole form, with what cannot be read of it."""
    given = Given()
    given.value = _read(field, widgets, given.wrong)
    return given


def _read(field: Field, widgets: Widgets, wrong: Wrong) -> Any:
    match field:
        case Fixed():
            value = field.value if field.start is MISSING and field.required else field.start
        case Object() | Table() if field.has_switch and not widgets.get(field.beside, shown_beside(field)):
            value = field.start if field.seen is MISSING else field.emptied
        case Object():
            value = _as_it_was(field, _read_object(field, widgets, wrong))
        case Union():
            label = widgets.get(field.beside, field.chosen)
            if label is None:
                value = field.emptied if field.present else _untouched(field)
            else:
                value = _as_it_was(field, _read(field.branches[label], widgets, wrong))
        case _:
            try:
                value = _read_widget(field, widgets)
            except Unreadable as error:
                wrong[field.path] = str(error)
                return widgets[field.key]
    if value is MISSING and field.required:
        wrong.setdefault(field.path, "must be given.")
    return value


def _read_object(field: Object, widgets: Widgets, wrong: Wrong) -> Any:
    if field.listed:
        items = [_read(child, widgets, wrong) for child in field.fields]
        return [None if item is MISSING else item for item in items]
    value = dict(field.seen) if isinstance(field.seen, dict) else {}
    for child in field.fields:
        item = _read(child, widgets, wrong)
        if item is MISSING:
            value.pop(child.path[-1], None)
        else:
            value[child.path[-1]] = item
    return value


def _read_widget(field: Field, widgets: Widgets) -> Any:
    first = shown(field)
    held = widgets.get(field.key, first)
    empty = held in (None, "", []) or (isinstance(held, str) and not held.strip() and not isinstance(field, Text))
    if empty and field.empty_is_value and widgets.get(field.beside, shown_beside(field)):
        return field.emptied
    if type(held) is type(first) and held == first and (not isinstance(field, Table) or same(held) == same(first)):
        return _untouched(field)
    if not empty:
        return _value(field, held)
    if isinstance(field, Lines | Picks | Table):
        return []
    if isinstance(field, Text) and field.can_be_empty and field.seen is not MISSING:
        return ""
    return field.emptied


def _untouched(field: Field) -> Any:
    """The value of a field that shows what it showed at first."""
    if field.start is not MISSING or not field.required:
        return field.start
    if field.seen is not MISSING:
        return field.seen
    if field.nullable:
        return None
    if isinstance(field, Lines | Picks | Table):
        return []
    return False if isinstance(field, Boolean) else MISSING


def _as_it_was(field: Field, value: Any) -> Any:
    """Nothing, where a part shows its default untouched and nobody asked for it."""
    alike = field.start is MISSING and not field.required and field.seen is not MISSING
    return MISSING if alike and value is not MISSING and same(value) == same(field.seen) else value


def _value(field: Field, held: Any) -> Any:
    match field:
        case Number(whole=whole, start=start):
            return int(held) if whole or (type(start) is int and held == int(held)) else float(held)
        case Digits():
            return _digits(field, held.strip())
        case Choice(options=options):
            return options[held]
        case Picks(options=options):
            return [options[label] for label in held]
        case Moment(kind="date"):
            return held.isoformat()
        case Moment(suffix=suffix):
            return held.replace(tzinfo=None).isoformat(timespec="seconds") + suffix
        case Lines(item="text"):
            return [line.strip() for line in held.splitlines() if line.strip()]
        case Lines():
            return [_scalar(line, at) for at, line in enumerate(held.splitlines(), 1) if line.strip()]
        case Json():
            return _parsed(held)
    return held


def _digits(field: Digits, text: str) -> Any:
    if field.kind == "decimal" and (isinstance(field.start, str) or not field.present):
        return text
    try:
        value = _parsed(text.removeprefix("+"))
    except Unreadable:
        value = text
    if field.kind == "integer" and type(value) is not int:
        raise Unreadable(f"must be a whole number, not {text!r:.80}.")
    if type(value) not in (int, float) and field.kind == "number":
        raise Unreadable(f"must be a number, not {text!r:.80}.")
    return value


def _scalar(line: str, at: int) -> Any:
    try:
        value = _parsed(line)
    except Unreadable:
        value = None
    if not isinstance(value, int | float):
        raise Unreadable(f"line {at} must be a number, or true or false, not {line!r:.80}.")
    return value


def _parsed(text: str) -> Any:
    def refuse(name: str) -> Any:
        raise Unreadable(f"is not JSON: JSON has no {name}.")

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"is not JSON: {error}. Texts stand in double quotes.") from error


def _list(seen: Any) -> list[Any]:
    return seen if isinstance(seen, list) else []
