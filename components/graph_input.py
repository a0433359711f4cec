"""The form of a graph's input: filled with the defaults, which go along as they are shown."""

from __future__ import annotations

from typing import Any

from components.forms import read_form, show_form
from review.forms import defaults_of
from review.registry import GraphInfo


def show_input(graph: GraphInfo) -> None:
    """Draws the fields; `read_input` reads them in a callback."""
    show_form(*_form(graph), label="Input")


def read_input(graph: GraphInfo) -> Any:
    """What the fields hold, with the schema's types; what was left empty is left out. Raises `BadInput`."""
    return read_form(*_form(graph))


def _form(graph: GraphInfo) -> tuple[dict[str, Any], str, Any]:
    schema = dict(graph.input_schema or {})
    if not schema.get("properties"):
        return {}, f"start_{graph.name}", {}
    return schema, f"start_{graph.name}", defaults_of(schema)
