"""The tree of fields as widgets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import streamlit as st

from components.forms.tables import show_table
from components.words import escaped
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
from review.forms.values import shown, shown_beside

NARROW = 360  # pixels for what is never long
FEW = 4  # branches that fit in a row of buttons
FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)


class Drawing:
    """Draws one form, whose widgets' keys begin with `key`; `errors` are by path, those without a field are `left`."""

    def __init__(self, key: str, errors: Mapping[str, str]) -> None:
        self._key = key
        self._errors = dict(errors)

    @property
    def left(self) -> list[tuple[str, str]]:
        return list(self._errors.items())

    def root(self, field: Field) -> None:
        """The fields of the whole, without a frame around them."""
        if isinstance(field, Object) and not field.has_switch:
            self._fields(field)
        else:
            self.field(field)

    def field(self, field: Field) -> None:
        """The field's widget and what is wrong with it; of a part, its fields inside a frame."""
        match field:
            case Fixed():
                return
            case Object() | Table() if field.has_switch and not self._switch(field):
                return
            case Object():
                with st.container(border=True):
                    if not field.has_switch:
                        st.markdown(f"**{escaped(field.label)}**", help=escaped(field.help) or None)
                    self._fields(field)
            case Union():
                self._union(field)
            case Table():
                wrong = {path: text for path, text in self._errors.items() if path.startswith("/".join(field.path))}
                show_table(field, f"{self._key}_{field.key}", "" if field.has_switch else field.label, wrong)
            case _:
                held = self._widget(field, {"key": f"{self._key}_{field.key}", "help": _help(field)})
                if field.empty_is_value:  # always there: one that came and went would move what is below it
                    key, given = f"{self._key}_{field.beside}", held not in ("", [])
                    st.toggle("Not given", shown_beside(field), key=key, disabled=given, **KEPT)
        for told in self._told(field):
            st.markdown(f":red[:material/error: {escaped(told)}]")

    def _fields(self, field: Object) -> None:
        for child in field.fields:
            self.field(child)
        if field.kept:
            st.markdown(f":gray[Kept as they are: {escaped(', '.join(field.kept))}]")

    def _switch(self, field: Field) -> bool:
        key = f"{self._key}_{field.beside}"
        return st.toggle(
            f"**{escaped(field.label)}**", shown_beside(field), key=key, help=escaped(field.help) or None, **KEPT
        )

    def _union(self, field: Union) -> None:
        key, labels = f"{self._key}_{field.beside}", list(field.branches)
        told: dict[str, Any] = {"key": key, "help": escaped(field.help) or None, **KEPT}
        with st.container(border=True):
            if len(labels) <= FEW and sum(map(len, labels)) < 50:
                must = field.chosen is not None and not field.optional
                chosen = st.segmented_control(
                    _label(field), labels, default=field.chosen, format_func=escaped, required=must, **told
                )
            else:
                index = labels.index(field.chosen) if field.chosen else None
                chosen = st.selectbox(_label(field), labels, index, placeholder="Choose a kind", width=NARROW, **told)
            if chosen and isinstance(branch := field.branches[str(chosen)], Object):
                self._fields(branch)
            elif chosen:
                self.field(branch)

    def _widget(self, field: Field, told: dict[str, Any]) -> Any:
        label, first = _label(field), shown(field)
        told |= KEPT
        match field:
            case Text(long=True, max_length=longest):
                return st.text_area(
                    label, first, _height(first), max_chars=longest, placeholder=field.example or None, **told
                )
            case Text(max_length=longest):
                return st.text_input(label, first, max_chars=longest, placeholder=field.example or None, **told)
            case Digits():
                return st.text_input(label, first, placeholder=field.example or None, width=NARROW, **told)
            case Number(whole=whole):
                step = field.step or (1 if whole else _fine(first))
                kind: Any = int if whole else float
                # Without a format of its own the widget would round what it shows.
                told |= {"format": "%d" if whole else "%g", "placeholder": field.example or _range(field) or None}
                return st.number_input(label, value=first, step=kind(step), width=NARROW, **told)
            case Boolean(three_way=True):
                return st.segmented_control(label, [True, False], default=first, format_func=_yes_or_no, **told)
            case Boolean():
                return st.toggle(label, first, **told)
            case Choice(options=options):
                labels = list(options)
                index = labels.index(first) if first is not None else None
                if field.optional or first is None:
                    return st.selectbox(label, labels, index, placeholder="Choose", width=NARROW, **told)
                return st.selectbox(label, labels, index or 0, width=NARROW, **told)
            case Picks(options=options):
                return st.multiselect(label, list(options), first, placeholder="Choose any", **told)
            case Lines():
                return st.text_area(f"{label}, one a line", first, _height(first), **told)
            case Moment():
                return _moment(field, label, first, told)
        return st.text_area(f"{label}, as JSON", first, _height(first), **told)

    def _told(self, field: Field) -> Iterator[str]:
        """What is wrong with the field; with one that has no fields of its own, also what is wrong inside."""
        own = "/".join(field.path)
        if own in self._errors:
            yield self._errors.pop(own)
        if isinstance(field, Table | Lines | Picks | Json | Union):
            inside = f"{own}/" if own else ""
            for path in [path for path in self._errors if path.startswith(inside)]:
                yield f"{_place(field, path.removeprefix(inside))}: {self._errors.pop(path)}"


def _place(field: Field, path: str) -> str:
    """Where in the field it is, as the person sees it: the number of the row, the name over the column."""
    first, *rest = path.split("/")
    if first.isdigit():
        first = f"{'Line' if isinstance(field, Lines) else 'Row'} {int(first) + 1}"
    if isinstance(field, Table) and rest:
        rest[0] = next((column.label for column in field.columns if column.name == rest[0]), rest[0])
    return ", ".join([first, *rest])


KEPT: dict[str, Any] = {"persist_state": "session"}


def _help(field: Field) -> str | None:
    bounds = _range(field).capitalize() if isinstance(field, Number) else ""
    return escaped("\n".join(filter(None, (field.help, f"{bounds}." * bool(bounds))))) or None


def _label(field: Field) -> str:
    two_way = isinstance(field, Boolean) and not field.three_way
    return escaped(field.label) + (" (optional)" if field.optional and field.seen is MISSING and not two_way else "")


def _range(field: Number) -> str:
    """The bounds in words. They are checked when the form is read, and not by the widget: a browser keeps a value that
    it finds wrong to itself, and what was sent would be the one before."""
    low, high = field.low, field.high
    if low is not None and high is not None:
        return f"from {low:g} to {high:g}"
    return f"at least {low:g}" if low is not None else f"at most {high:g}" if high is not None else ""


def _fine(value: float | None) -> float:
    """A step in the last digit that the value has."""
    digits = len(repr(value).partition(".")[2]) if value is not None and "e" not in repr(value) else 2
    return float(10 ** -min(digits, 6))


def _moment(field: Moment, label: str, first: Any, told: dict[str, Any]) -> Any:
    told |= {"width": NARROW}
    match field.kind:
        case "date":
            return st.date_input(label, first, FIRST, LAST, format="YYYY-MM-DD", **told)
        case "time":
            return st.time_input(_zoned(label, field), first, step=60, **told)
    least, most = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59)  # noqa: DTZ001 - the clock of the value's own offset
    return st.datetime_input(_zoned(label, field), first, least, most, format="YYYY-MM-DD", step=60, **told)


def _zoned(label: str, field: Moment) -> str:
    zone = "UTC" if field.suffix.upper() in ("Z", "+00:00") else f"UTC{field.suffix}"
    return f"{label} ({zone})" if field.suffix else label


def _height(text: str) -> int:
    lines = sum(1 + len(line) // 90 for line in text.split("\n"))
    return min(480, 68 + 24 * min(max(lines, 2), 20))


def _yes_or_no(value: bool) -> str:
    return "Yes" if value else "No"
