"""Fields of one value: texts, numbers, yes or no, dates, and a choice between given values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from review.forms.fields import EXACT, MISSING, Boolean, Choice, Digits, Field, Fixed, Moment, Number, Text

SHORT = 200  # a text that may be longer than this gets a text area
ONE_LINE = 90  # so does one that is longer than this
OFFSET = re.compile(r"(Z|[+-]\d\d:?\d\d)$", re.IGNORECASE)


def scalar(schema: Mapping[str, Any], common: dict[str, Any]) -> Field | None:
    """The field for one value of `schema`; None where it takes something else."""
    start = common["start"]
    match schema.get("type"):
        case "string" if _is(start, str):
            return _moment(schema, common) or _text(schema, common)
        case "boolean" if _is(start, bool):
            optional = common["nullable"] or not common["required"]
            return Boolean(three_way=optional and common["default"] in (MISSING, None), **common)
        case "integer" | "number" as kind if _is(start, int, float) and not isinstance(start, bool):
            return _number(schema, kind, common)
    return None


def choice(branches: Sequence[Mapping[str, Any]], common: dict[str, Any]) -> Field | None:
    """The field for one of listed values; None where the branches list none."""
    options: dict[str, Any] = {}
    for branch in branches:
        if "const" in branch:
            listed = [branch["const"]]
        elif isinstance(branch.get("enum"), list):
            listed = branch["enum"]
        else:
            return None
        options |= labelled(listed, branch.get("title") if len(branches) > 1 and len(listed) == 1 else None, options)
    start = common["start"]
    if list(map(same, options.values())) and len(options) == 1 and not common["nullable"]:
        (value,) = options.values()
        if start is MISSING or same(start) == same(value):
            return Fixed(value=value, **common)
    if start not in (MISSING, None) and same(start) not in map(same, options.values()):
        options |= labelled([start], None, options)
    return Choice(options=options, **common)


def labelled(values: Sequence[Any], title: str | None, taken: Iterable[str] = ()) -> dict[str, Any]:
    """Each value under a label of its own; null has none, being no choice at all."""
    found: dict[str, Any] = {}
    for value in values:
        if value is None:
            continue
        label = title or (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        while label in found or label in taken:
            label = json.dumps(value, ensure_ascii=False) if label == value else f"{label} "
        found[label] = value
    return found


def same(value: Any) -> str:
    """What two values share only where they are equal, type for type."""
    return json.dumps(value, sort_keys=True)


def decimal(branches: Sequence[Mapping[str, Any]], common: dict[str, Any]) -> Field | None:
    """Pydantic's Decimal: a number or a text of digits, whichever came."""
    kinds = sorted(str(branch.get("type")) for branch in branches)
    if kinds in (["integer", "number"], ["number", "number"]):
        return scalar({**branches[0], "type": "number"}, common)
    if kinds != ["number", "string"]:
        return None
    start = common["start"]
    if isinstance(start, bool | list | dict) or (isinstance(start, str) and not _is_number(start)):
        return None
    return Digits(kind="decimal", **common)


def _text(schema: Mapping[str, Any], common: dict[str, Any]) -> Field:
    seen = common["start"] if isinstance(common["start"], str) else common["default"]
    form, longest = str(schema.get("format") or ""), schema.get("maxLength")
    marked = form in ("textarea", "multi-line") or schema.get("x-review") == "long"
    wide = isinstance(seen, str) and (len(seen) > ONE_LINE or "\n" in seen or "\r" in seen)
    return Text(
        long=marked or wide or (isinstance(longest, int) and longest > SHORT and not form),
        # A value that came longer than it may be is not cut off; it is told when it is checked.
        max_length=longest if not isinstance(seen, str) or len(seen) <= (longest or 0) else None,
        format=form,
        can_be_empty=not (schema.get("minLength") or form or schema.get("pattern")),
        **common,
    )


def _number(schema: Mapping[str, Any], kind: str, common: dict[str, Any]) -> Field:
    whole = kind == "integer"
    low, high, step = (
        _bound(schema, "minimum", whole, 1),
        _bound(schema, "maximum", whole, -1),
        schema.get("multipleOf"),
    )
    seen = common["start"] if common["start"] not in (MISSING, None) else common["default"]
    shown = [item for item in (low, high, step, seen) if isinstance(item, int | float)]
    if any(abs(item) > EXACT for item in shown if whole or isinstance(item, int)):
        return Digits(kind="integer" if whole else "number", **common)
    if (whole and isinstance(seen, float)) or any(0 < abs(item) < 1e-9 or abs(item) > 1e15 for item in shown):
        return Digits(kind="number", **common)
    if isinstance(seen, int | float):  # a value that came out of bounds is still shown
        low = low if low is not None and low <= seen else None
        high = high if high is not None and high >= seen else None
    return Number(whole=whole, low=low, high=high, step=step, **common)


def _bound(schema: Mapping[str, Any], side: str, whole: bool, inside: int) -> Any:
    """The least or greatest value; for a whole number also from the bound that it must not reach."""
    if side in schema:
        return schema[side] if not whole else int(schema[side])
    beyond = schema.get("exclusive" + side.capitalize())
    return int(beyond) + inside if whole and isinstance(beyond, int | float) and beyond == int(beyond) else None


def _moment(schema: Mapping[str, Any], common: dict[str, Any]) -> Field | None:
    """A date or a time, where what it starts with can be picked to the minute."""
    kind = schema.get("format")
    if kind not in ("date", "time", "date-time"):
        return None
    seen = next((item for item in (common["start"], common["default"]) if isinstance(item, str)), None)
    if seen is None:
        return Moment(kind=kind, suffix="Z" if kind == "date-time" else "", **common)
    if moment_of(kind, seen) is None:
        return None
    found = OFFSET.search(seen) if kind != "date" else None
    return Moment(kind=kind, suffix=found.group() if found else "", **common)


def moment_of(kind: str, text: str) -> date | time | datetime | None:
    """What a picker shows of the text: the minute, as the clock of its own offset has it."""
    try:
        if kind == "date":
            return date.fromisoformat(text) if len(text) == 10 else None
        if kind == "time":
            return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
        return datetime.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None


def _is(start: Any, *kinds: type) -> bool:
    return start is MISSING or start is None or isinstance(start, kinds)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
