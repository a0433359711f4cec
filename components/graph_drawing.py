"""A graph, drawn: which nodes have run, where it stands, where it failed; told by signs and shapes beside colours."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from components.words import escaped
from review.engine.base import Shape, ShapeNode

DONE, NOW, FAILED, AGAIN = "✓", "▶", "✕", "↻"
LONGEST_NAME = 48
PLAIN = " _-./,…()?!=+"
TWINS = dict(zip("\"'`<>[]{}|&;\\", "”’’‹›()()¦+,/", strict=True))
FEW = 7  # nodes that fit a screen; a longer graph is scrolled
# fill, line and text of each state, for each appearance
LOOKS = {
    "light": {
        "idle": ("#FBFAF7", "#8B9189", "#1E2320"),
        "done": ("#DFF0E4", "#1F6B3F", "#14532D"),
        "now": ("#FBEBD3", "#A85B00", "#5C3300"),
        "failed": ("#FBE3DF", "#A93226", "#87261C"),
    },
    "dark": {
        "idle": ("#1E2320", "#7C857F", "#E9E7E0"),
        "done": ("#1B3325", "#6CCB8E", "#C9F0D6"),
        "now": ("#3A2A15", "#E9A45B", "#F7DDBB"),
        "failed": ("#3D201C", "#F08A7C", "#F9CFC8"),
    },
}
LINES = {"idle": "1px", "done": "1.5px", "now": "4px", "failed": "3px,stroke-dasharray:6 3"}
ARROWS = {"light": "#5C635E", "dark": "#A3ABA5"}
SPACING = '%%{init: {"flowchart": {"wrappingWidth": 420, "rankSpacing": 28, "nodeSpacing": 28, "padding": 10}}}%%'
SHAPES = {"start": ("([", "])"), "end": ("([", "])"), "subgraph": ("[[", "]]"), "node": ("(", ")")}


@dataclass(frozen=True)
class Marks:
    """Which nodes have run, which are next or wait, which of those failed; by their names in the graph."""

    done: Collection[str] = ()
    now: Collection[str] = ()
    failed: Collection[str] = ()

    def of(self, node: str) -> str:
        if node in self.failed:
            return "failed"
        if node in self.now:
            return "now"
        return "done" if node in self.done else "idle"


def show_graph(shape: Shape, marks: Marks) -> None:
    """The drawing with its key. A long graph goes on in its own frame."""
    look = "dark" if st.context.theme.type == "dark" else "light"
    standing = ", ".join([*marks.failed, *marks.now]) or "nowhere"
    drawing = mermaid_of(shape, marks, look)
    height: Literal["content"] | int = 600 if len(shape.nodes) > FEW else "content"
    with st.container(border=True, height=height, horizontal_alignment="center", key="graph_drawing"):
        st.mermaid_chart(drawing, width="content", alt=f"The graph; it stands at {standing}, {len(marks.done)} ran")
    key = [f"{DONE} ran"]
    key += [f"{sign} {what} {_named(names)}" for sign, what, names in
            ((NOW, "stands at", marks.now), (FAILED, "failed at", marks.failed)) if names]  # fmt: skip
    if any(arrow.conditional for arrow in shape.arrows):
        key.append("dotted: taken or not")
    if _going_to_themselves(shape):
        key.append(f"{AGAIN} may run again at once")
    if any(node.kind == "subgraph" for node in shape.nodes):
        key.append("double edge: a graph within")
    st.markdown(f":gray[{'; '.join(key)}]")


def mermaid_of(shape: Shape, marks: Marks, look: str = "light") -> str:
    """Mermaid's text, in which no name is anything but a name. An arrow from a node to itself, of which Mermaid makes a
    knot, is a sign in the node."""
    again = _going_to_themselves(shape)
    ids = {node.name: f"n{number}" for number, node in enumerate(shape.nodes)}
    lines = [SPACING, "flowchart TD"]
    for node in shape.nodes:
        opening, closing = SHAPES[node.kind]
        mark = marks.of(node.name)
        label = _label(node, mark) + f" {AGAIN}" * (node.name in again)
        lines.append(f'  {ids[node.name]}{opening}"{label}"{closing}:::{mark}')
    for arrow in shape.arrows:
        if arrow.source in ids and arrow.target in ids and arrow.source != arrow.target:
            line = "-.->" if arrow.conditional else "-->"
            named = f'|"{quoted(arrow.label)}"|' if arrow.label and arrow.label != arrow.target else ""
            lines.append(f"  {ids[arrow.source]} {line}{named} {ids[arrow.target]}")
    for mark, (fill, stroke, text) in LOOKS[look].items():
        lines.append(f"  classDef {mark} fill:{fill},stroke:{stroke},color:{text},stroke-width:{LINES[mark]}")
    lines.append(f"  linkStyle default stroke:{ARROWS[look]}")
    return "\n".join(lines)


def quoted(text: str) -> str:
    """A name for a quoted label: whatever could be a sign of Mermaid's or HTML's stands as its harmless twin: labels
    are drawn as plain text, in which an entity would be shown as it is written."""
    short = text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"
    return "".join(sign if sign.isalnum() or sign in PLAIN else TWINS.get(sign, "·") for sign in short)


def _going_to_themselves(shape: Shape) -> set[str]:
    return {arrow.source for arrow in shape.arrows if arrow.source == arrow.target}


def _named(names: Collection[str]) -> str:
    return ", ".join(escaped(name) for name in sorted(names))


def _label(node: ShapeNode, mark: str) -> str:
    sign = {"done": f"{DONE} ", "now": f"{NOW} ", "failed": f"{FAILED} "}.get(mark, "")
    if node.kind in ("start", "end"):
        return sign * (mark != "done") + node.kind
    stops = " · stops before" * node.stops_before + " · stops after" * node.stops_after
    return f"{sign}{quoted(node.name)}{stops}"
