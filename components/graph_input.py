"""The form of a graph's input: filled with the defaults, which go along as they are shown."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components.forms import read_form, show_form
from review.forms import defaults_of
from review.registry import GraphInfo


def show_input(graph: GraphInfo) -> None:
    """Draws the fields; `read_input` reads them in a callback."""
    show_form(*_form(graph), label="Input")
    if _examples(graph):
        shown = bool(st.session_state.get(_counter(graph)))
        label = "Another example" if shown and len(_examples(graph)) > 1 else "Fill in an example"
        st.button(
            label,
            icon=":material/lightbulb:",
            type="tertiary",
            key=f"example_{graph.name}",
            on_click=_next,
            args=(graph,),
        )


def read_input(graph: GraphInfo) -> Any:
    """What the fields hold, with the schema's types; what was left empty is left out. Raises `BadInput`."""
    return read_form(*_form(graph))


def _form(graph: GraphInfo) -> tuple[dict[str, Any], str, Any]:
    schema = dict(graph.input_schema or {})
    if not schema.get("properties"):
        return {}, f"start_{graph.name}", {}
    number = st.session_state.get(_counter(graph), 0)
    if not number:
        return schema, f"start_{graph.name}", defaults_of(schema)
    # Widgets of their own for each example: a widget that is there keeps what it holds.
    examples = _examples(graph)
    return schema, f"start_{graph.name}_{number}", defaults_of(schema) | examples[(number - 1) % len(examples)]


def _examples(graph: GraphInfo) -> list[dict[str, Any]]:
    return [each for each in (graph.input_schema or {}).get("examples", ()) if isinstance(each, dict)]


def _counter(graph: GraphInfo) -> str:
    return f"examples_shown_{graph.name}"


def _next(graph: GraphInfo) -> None:
    st.session_state[_counter(graph)] = st.session_state.get(_counter(graph), 0) + 1
