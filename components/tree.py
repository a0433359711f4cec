"""Any value as a tree that reads well: names, values and, where asked, types.

It is HTML of our own, in which every word of a value is escaped: Markdown would make links, lists and headings of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from components.words import FAINT
from review.plain import plain

OPEN_DEPTH, OPEN_LENGTH = 2, 20  # deeper and longer parts are closed at first
TYPES = {bool: "yes or no", int: "whole number", float: "number", str: "text", type(None): "nothing"}
INDENT = "    "
BRANCH = "margin-left:.4rem;padding-left:.85rem;border-left:1px solid color-mix(in srgb, currentColor 22%, transparent)"
LEAF = "display:flex;flex-wrap:wrap;gap:0 .6rem;padding:.1rem 0;align-items:baseline"
TEXT = "white-space:pre-wrap;overflow-wrap:anywhere;min-width:0"


def show_tree(value: Any, *, types: bool = False) -> None:
    """Draws it; with `types`, each value with the type that it has in the graph."""
    st.html(tree_html(value, types=types))


def show_lines(facts: Mapping[str, str]) -> None:
    """Short facts, a line each."""
    st.html("".join(f'<div style="{LEAF}">{_name(name)}{_text(value)}</div>' for name, value in facts.items()))


def tree_html(value: Any, *, types: bool = False) -> str:
    parts = _parts(value)
    if not parts:
        return _leaf("", value, types)
    return "".join(_branch(name, item, types, 1) for name, item in parts)


def type_of(value: Any) -> str:
    """The type in words; a class of the graph's own by its name."""
    match value:
        case Mapping():
            return _count(len(value), "field")
        case list() | tuple() | set() | frozenset():
            return f"list of {len(value)}"
    return TYPES.get(type(value), type(value).__name__)


def worded(value: Any) -> str:
    """A single value as a person reads it."""
    match value:
        case True:
            return "yes"
        case False:
            return "no"
        case None:
            return "–"
        case {} | []:
            return "empty"
    shown = plain(value)
    return str(shown.get("repr", shown)) if isinstance(shown, dict) else str(shown)


def outline(value: Any, depth: int = 0) -> list[str]:
    """What a value is made of as lines of text, each part under the one that it belongs to; none of a single one."""
    lines = []
    for name, item in _parts(value):
        parts = outline(item, depth + 1)
        lines += [f"{INDENT * depth}{name}:" + ("" if parts else f" {worded(item)}"), *parts]
    return lines


def _branch(name: str, value: Any, types: bool, depth: int) -> str:
    parts = _parts(value)
    if not parts:
        return _leaf(name, value, types)
    is_open = " open" if depth <= OPEN_DEPTH and len(parts) <= OPEN_LENGTH else ""
    inside = "".join(_branch(label, item, types, depth + 1) for label, item in parts)
    told = f'<span style="{FAINT};font-size:.87em">{escape(type_of(value))}</span>'
    return (
        f'<details{is_open}><summary style="cursor:pointer;padding:.1rem 0">{_name(name)} {told}</summary>'
        f'<div style="{BRANCH}">{inside}</div></details>'
    )


def _leaf(name: str, value: Any, types: bool) -> str:
    told = f'<span style="{FAINT};font-size:.87em">{escape(type_of(value))}</span>' if types else ""
    return f'<div style="{LEAF}">{_name(name)}{_text(worded(value))}{told}</div>'


def _name(name: str) -> str:
    return f'<span style="{FAINT}">{escape(name)}</span>' if name else ""


def _text(text: str) -> str:
    return f'<span style="{TEXT}">{escape(text)}</span>'


def _parts(value: Any) -> list[tuple[str, Any]]:
    """What a value is made of, each part with its name or its number; none of a single one."""
    match value:
        case str() | bytes():
            return []
        case Mapping():
            return [(str(name), item) for name, item in value.items()]
        case list() | tuple() | set() | frozenset():
            return [(str(number), item) for number, item in enumerate(value, 1)]
    shown = plain(value)
    return [] if not isinstance(shown, dict) or set(shown) == {"type", "repr"} else list(shown.items())


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
