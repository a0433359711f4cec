"""The fields of a form, as a tree of frozen values: each is one widget, or holds the fields of one part.

A field knows the value that it starts with. What its widget still shows as it was drawn goes out as that very value,
so nothing that a person leaves alone can change its type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Literal

# The largest whole number that a browser keeps exactly.
EXACT = 2**53 - 1


class Missing(Enum):
    """The one value that says: there is none, not even null."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


@dataclass(frozen=True, kw_only=True)
class Field:
    """What every field has.

    key names its widget inside the form, path its place in the value. start is the value it starts with, `MISSING`
    where there is none; default the schema's own, shown in its place. An optional field that is emptied is null where
    it may be, else left out.
    """

    key: str
    path: tuple[str, ...]
    label: str
    help: str = ""
    example: str = ""
    required: bool = True
    nullable: bool = False
    start: Any = MISSING
    default: Any = MISSING

    @property
    def optional(self) -> bool:
        return self.nullable or not self.required

    @property
    def present(self) -> bool:
        """Whether there is a value to start with; null is none."""
        return self.start is not MISSING and self.start is not None

    @property
    def seen(self) -> Any:
        """What to show at first: the value, else the default, else `MISSING`."""
        if self.start is not MISSING:
            return MISSING if self.start is None else self.start
        return MISSING if self.default is None else self.default

    @property
    def emptied(self) -> Any:
        """What the field gives when its widget is empty."""
        return None if self.nullable else MISSING

    @property
    def beside(self) -> str:
        """The key of the small widget beside it: whether there is a value, or which branch it is of."""
        return f"{self.key}~"

    @property
    def has_switch(self) -> bool:
        """Whether a switch beside it says if there is a value, since its own widgets cannot."""
        return False

    @property
    def empty_is_value(self) -> bool:
        """Whether an empty widget can mean an empty value as well as none, so that the form must ask which."""
        return False


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """One line or several. can_be_empty: whether an empty text is a value of its own."""

    long: bool = False
    max_length: int | None = None
    format: str = ""
    can_be_empty: bool = True

    @property
    def empty_is_value(self) -> bool:
        return self.optional and self.can_be_empty and self.present


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A number that a browser keeps exactly, within bounds and in steps."""

    whole: bool
    low: float | None = None
    high: float | None = None
    step: float | None = None


@dataclass(frozen=True, kw_only=True)
class Digits(Field):
    """A number as text: too large for a browser, or a decimal whose digits count. decimal keeps a text a text."""

    kind: Literal["integer", "number", "decimal"]


@dataclass(frozen=True, kw_only=True)
class Boolean(Field):
    """Yes or no; with `three_way` also neither."""

    three_way: bool = False


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    """One of several values of any type, each under a label of its own."""

    options: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Picks(Field):
    """Several different ones of several values."""

    options: Mapping[str, Any]

    @property
    def empty_is_value(self) -> bool:
        return self.nullable and self.present


@dataclass(frozen=True, kw_only=True)
class Moment(Field):
    """A date, a time, or both. suffix is the offset that goes behind what was picked."""

    kind: Literal["date", "time", "date-time"]
    suffix: str = ""


@dataclass(frozen=True, kw_only=True)
class Lines(Field):
    """A list of texts or numbers, one a line. item is `text`, or `json` for numbers and booleans."""

    item: Literal["text", "json"]

    @property
    def empty_is_value(self) -> bool:
        return self.nullable and self.present


@dataclass(frozen=True)
class Column:
    """One column of a table: the key of a row's value, and how it is entered."""

    name: str
    label: str
    kind: Literal["text", "integer", "digits", "number", "boolean", "choice", "date", "json"]
    required: bool = True
    nullable: bool = False
    default: Any = MISSING
    options: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, kw_only=True)
class Table(Field):
    """A list of objects, a row each. What a row has beyond the columns stays with it."""

    columns: tuple[Column, ...]

    @property
    def has_switch(self) -> bool:
        return self.nullable


@dataclass(frozen=True, kw_only=True)
class Object(Field):
    """An object's fields. kept are keys of the value that have no field; they stay as they are.

    listed: its value is a list of fixed length, a field for each place.
    """

    fields: tuple[Field, ...]
    kept: tuple[str, ...] = ()
    listed: bool = False

    @property
    def has_switch(self) -> bool:
        return self.optional


@dataclass(frozen=True, kw_only=True)
class Union(Field):
    """One of several kinds of value, each under its label; chosen is the one that the value is of."""

    branches: Mapping[str, Field]
    chosen: str | None = None


@dataclass(frozen=True, kw_only=True)
class Json(Field):
    """Any value, entered as JSON."""


@dataclass(frozen=True, kw_only=True)
class Fixed(Field):
    """A value that cannot be another one."""

    value: Any
