"""A list of links that renews itself without moving under the pointer: rows are matched by id, focus stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from components.places import ASSETS
from components.words import Word


@dataclass(frozen=True)
class Row:
    """One line: where it leads, what it is; its badges and what stands at its right, each with its tone and icon."""

    id: str
    href: str
    title: str
    badges: Sequence[Word] = ()
    note: str = ""
    aside: Sequence[Word] = ()


_list = st.components.v2.component(
    "rows",
    html='<div class="rows"><ol role="list"></ol></div>',
    css=(ASSETS / "rows.css").read_text("utf-8"),
    js=(ASSETS / "rows.js").read_text("utf-8"),
)


def show_rows(
    rows: Sequence[Row],
    *,
    label: str,
    key: str,
    on_open: Callable[[str], None],
    on_select: Callable[[Mapping[str, bool]], None] | None = None,
    selected: Sequence[str] = (),
    current: str | None = None,
    keys: bool = False,
    view: str = "",
) -> None:
    """Draws `rows`, that of `current` as the one that is open; `on_open` gets the id of the row that was clicked, in a
    callback. With `on_select` each row has a box, and it gets what was ticked or cleared, by id; more than once, maybe.
    With `keys`, J and K open the next and the previous row. `view` says what was asked for: with another one the rows
    are as they are given, also under the pointer."""

    def opened() -> None:
        if chosen := st.session_state[key].get("opened"):
            on_open(str(chosen))

    def picked() -> None:
        if on_select and (picked := st.session_state[key].get("picked")):
            on_select({str(id): bool(on) for id, on in picked.items()})

    data = {
        "rows": [vars(row) for row in rows],
        "label": label,
        "picks": on_select is not None,
        "selected": list(selected),
        "current": current,
        "keys": keys,
        "view": view,
    }
    _list(data=data, key=key, on_opened_change=opened, on_picked_change=picked)
