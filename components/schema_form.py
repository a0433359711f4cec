"""A form made from a JSON Schema: a widget for each plain field, JSON for the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from review.errors import BadInput
from review.schemas import resolved

LONG = 200  # a text that may be longer than this gets a text area


def show_fields(schema: Mapping[str, Any], key: str) -> None:
    """Draws the widgets; `read_fields` with the same key reads them in a callback."""
    properties = schema.get("properties")
    if not properties:
        st.text_area("Input, as JSON", value="{}", key=f"{key}_json", height=160)
        return
    for name, field in properties.items():
        _field(name, resolved(schema, field), name in schema.get("required", ()), f"{key}_{name}")


def read_fields(schema: Mapping[str, Any], key: str) -> Any:
    """What the widgets hold, with the schema's types; fields that were left empty are left out. Raises `BadInput`."""
    properties = schema.get("properties")
    if not properties:
        return _parsed("Input", st.session_state[f"{key}_json"])
    values = {name: _read(name, resolved(schema, field), f"{key}_{name}") for name, field in properties.items()}
    return {name: value for name, value in values.items() if value is not None}


def _field(name: str, field: Mapping[str, Any], required: bool, key: str) -> None:
    label = str(field.get("title") or name) + ("" if required else " (optional)" * ("default" not in field))
    told: dict[str, Any] = {"help": field.get("description"), "key": key}
    example = next((str(example) for example in field.get("examples", ())), None)
    default = field.get("default")
    match _kind(field):
        case "enum":
            options = field["enum"]
            st.selectbox(label, options, index=options.index(default) if default in options else 0, **told)
        case "boolean":
            st.toggle(label, value=bool(default), **told)
        case "integer" | "number" as kind:
            number = int if kind == "integer" else float
            low, high = field.get("minimum"), field.get("maximum")
            st.number_input(
                label,
                value=number(default) if default is not None else None,
                min_value=number(low) if low is not None else None,
                max_value=number(high) if high is not None else None,
                step=field.get("multipleOf") or (1 if kind == "integer" else None),
                **told,
            )
        case "string" if field.get("maxLength", LONG) <= LONG or field.get("format"):
            st.text_input(label, value=default or "", placeholder=example, max_chars=field.get("maxLength"), **told)
        case "string":
            st.text_area(label, value=default or "", placeholder=example, **told)
        case _:
            st.text_area(f"{label}, as JSON", value="" if default is None else json.dumps(default, indent=2), **told)


def _read(name: str, field: Mapping[str, Any], key: str) -> Any:
    value = st.session_state.get(key)
    match _kind(field):
        case "enum" | "boolean" | "integer" | "number":
            return value
        case "string":
            return value or None
    return _parsed(name, value) if value and value.strip() else None


def _parsed(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadInput(f"{name} is not JSON: {error}. Texts stand in double quotes.") from error


def _kind(field: Mapping[str, Any]) -> str:
    if field.get("enum"):
        return "enum"
    branches = [branch for branch in field.get("anyOf", ()) if branch.get("type") != "null"]
    return str((branches[0] if len(branches) == 1 else field).get("type", ""))
