"""Typed forms on screen: a widget for each field of a JSON Schema, what is wrong beside its field.

What is typed stays in the browser session under keys made from the form's own, so that it outlasts a refusal, another
tab of the form and another page. `read_form` is meant for a callback, and reads what the widgets hold then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import streamlit as st

from components.forms.drawing import Drawing
from components.words import escaped
from review.errors import BadInput
from review.forms import MISSING, Given, read_back, read_schema, wrong_with
from review.schemas import first_of, place_of

Schema = Mapping[str, Any]


def show_form(schema: Schema, key: str, start: Any = MISSING, label: str = "Your value") -> None:
    """Draws the fields of `schema`, filled with `start`."""
    above = st.container()
    drawing = Drawing(key, st.session_state.get(_errors(key), {}))
    drawing.root(read_schema(schema, start, label))
    for path, told in drawing.left:
        above.error(escaped(f"{place_of(path, start)}: {told}" if path else told), icon=":material/error:")


def read_form(schema: Schema, key: str, start: Any = MISSING) -> Any:
    """The value that the widgets hold, checked; what is wrong is kept for the next drawing. Raises `BadInput`."""
    given = peek(schema, key, start)
    wrong = wrong_with(schema, given)
    keep_errors(key, wrong)
    if wrong:
        first = first_of(wrong, given.value, "The value")
        more = f" And {len(wrong) - 1} more, each beside its field." if len(wrong) > 1 else ""
        raise BadInput(f"This does not fit yet. {first}{more}", errors=wrong)
    return None if given.value is MISSING else given.value


def peek(schema: Schema, key: str, start: Any = MISSING) -> Given:
    """What the widgets hold now, unchecked."""
    return read_back(read_schema(schema, start), _Held(key))


def keep_errors(key: str, wrong: Mapping[str, str]) -> None:
    """Have the form show what is wrong, by path."""
    st.session_state[_errors(key)] = dict(wrong)


def _errors(key: str) -> str:
    return f"{key}~errors"


class _Held(Mapping[str, Any]):
    """What the widgets of one form hold; those never drawn hold nothing."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __getitem__(self, name: str) -> Any:
        return st.session_state[f"{self._key}_{name}"]

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
