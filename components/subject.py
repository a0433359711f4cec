"""What is under review, shown readably and as untrusted as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components.conversation import messages_in, show_conversation
from components.tree import show_lines, show_tree, worded
from components.words import escaped
from review.contract import Request

LONG_TEXT = 200_000  # beyond this Markdown is slow in any browser
SHORT_TEXT = 160


def show_subject(request: Request) -> None:
    """The subject in its own format; a draft also as its source."""
    if isinstance(request.subject, str) and request.subject_format == "markdown" and len(request.subject) < LONG_TEXT:
        rendered, source = st.tabs(["Draft", "Source"])
        with rendered.container(border=True):
            st.markdown(request.subject)
        source.code(request.subject, language=None, wrap_lines=True)
    elif request.subject is not None:
        with st.container(border=True):
            show_value(request.subject)


def show_value(value: Any) -> None:
    """Any plain value: text as text, messages as a conversation, fields with their names, flat objects as a table."""
    if messages := messages_in(value):
        show_conversation(messages)
        return
    match value:
        case str() if len(value) > SHORT_TEXT:
            st.code(value, language=None, wrap_lines=True, height=min(400, 80 + 24 * (len(value) // 90)))
        case [dict() as only] if only:
            show_fields(only)
        case dict() if value:
            show_fields(value)
        case list() if value and all(isinstance(item, dict) and all(map(_is_single, item.values())) for item in value):
            st.dataframe(value, hide_index=True, alt="The values as a table")
        case dict() | list() if value:
            show_tree(value)
        case _:
            st.text(_short(value))


def show_fields(fields: Mapping[str, Any]) -> None:
    """The short ones a line each; below them the long and the nested ones, each under its name."""
    long = {name: value for name, value in fields.items() if not _is_short(value)}
    show_facts({name: value for name, value in fields.items() if name not in long})
    for name, value in long.items():
        st.markdown(f":gray[{escaped(name)}]")
        if isinstance(value, dict) and not messages_in(value):
            show_tree(value)
        else:
            show_value(value)


def show_facts(facts: Mapping[str, Any]) -> None:
    """Short facts, a line each; those that are empty are left out."""
    if lines := {str(name): _short(value) for name, value in facts.items() if value != ""}:
        show_lines(lines)


def _is_short(value: Any) -> bool:
    return not value or (_is_single(value) and not (isinstance(value, str) and len(value) > SHORT_TEXT))


def _is_single(value: Any) -> bool:
    return not isinstance(value, dict | list)


def _short(value: Any) -> str:
    text = worded(value)
    return text if len(text) <= 300 else f"{text[:299]}…"
