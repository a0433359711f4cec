"""What Streamlit (1.67) makes anew for every run, and need not.

A run is small where one decides: a part of a page. Two things that it costs each time have nothing to do with it. Its
first message tells the whole theme, name by name, from settings that are the same as before. And whoever draws a part
keeps a copy of the blocks around it, in which each block brings copies of all blocks around itself: with five of them
that is fifteen, and the part's place needs five.

Streamlit has no option for either. Both are taken over; what is told and what is copied stays what it was.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from streamlit import config
from streamlit.cursor import Cursor, SparseList
from streamlit.delta_generator import DeltaGenerator
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

_read_theme = app_session._populate_theme_msg
_themes: dict[str, CustomThemeConfig] = {}


def tell_and_copy_less() -> None:
    """For every browser of this process."""
    app_session._populate_theme_msg = tell_theme  # type: ignore[assignment]
    DeltaGenerator.__deepcopy__ = copy_block  # type: ignore[method-assign, assignment]
    Cursor.__deepcopy__ = copy_cursor  # type: ignore[attr-defined]
    config.on_config_parsed(_themes.clear, force_connect=True)


def tell_theme(message: CustomThemeConfig, section: str = "theme") -> None:
    """Put a section of the theme into the message, as it was read first."""
    if section not in _themes:
        read = CustomThemeConfig()
        _read_theme(read, section)
        _themes[section] = read
    message.MergeFrom(_themes[section])


def copy_block(block: DeltaGenerator, memo: dict[int, Any]) -> DeltaGenerator:
    """Each block around it once, however many of those that are copied with it lie in that one."""
    cursor = block._cursor
    made = DeltaGenerator(
        root_container=block._root_container,
        cursor=None if cursor is None else copy_cursor(cursor, memo),
        parent=deepcopy(block._parent, memo),
        block_type=block._block_type,
    )
    made._form_data = block._form_data
    made._creating_fragment_id = block._creating_fragment_id
    return made


def copy_cursor(cursor: Cursor, memo: dict[int, Any]) -> Cursor:
    """All that a cursor has is numbers and paths, but for the elements that are shown for a moment."""
    made = object.__new__(type(cursor))
    made.__dict__.update(cursor.__dict__)
    shown = cursor._transient_elements
    made._transient_elements = deepcopy(shown, memo) if len(shown) else SparseList()
    return made
