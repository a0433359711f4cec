"""What is told and copied with less work is what Streamlit tells and copies."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from streamlit.cursor import Cursor
from streamlit.delta_generator import DeltaGenerator
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.testing.v1 import AppTest

from components.lighter import copy_block, copy_cursor, tell_theme

SECTIONS = ("theme", "theme.light", "theme.dark", "theme.sidebar", "theme.light.sidebar", "theme.dark.sidebar")


@pytest.mark.parametrize("section", SECTIONS)
def test_a_theme_is_told_as_its_settings_say_also_the_second_time(section: str) -> None:
    told = CustomThemeConfig()
    app_session._populate_theme_msg(told, section)
    for _ in range(2):
        ours = CustomThemeConfig()
        tell_theme(ours, section)
        assert ours == told
    assert section in ("theme.sidebar", "theme.light.sidebar", "theme.dark.sidebar") or told.ByteSize()


def nested() -> None:
    """Four blocks deep, where the next element is the third; what both ways of copying make of it."""
    import streamlit as st
    from streamlit.delta_generator_singletons import context_dg_stack

    from tests.pages.test_lighter import copies

    with st.container(), st.expander("One", expanded=True), st.form("two"), st.container():
        st.text("first")
        st.text("second")
        st.session_state["copies"] = copies(context_dg_stack.get())


def copies(stack: Any) -> list[Any]:
    theirs = deepcopy(stack)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(DeltaGenerator, "__deepcopy__", copy_block)
        patched.setattr(Cursor, "__deepcopy__", copy_cursor, raising=False)
        ours = deepcopy(stack)
    blocks = {id(each) for block in ours for each in block._ancestors}
    assert len(blocks) == len(ours)
    assert not blocks & {id(each) for block in stack for each in block._ancestors}
    ours[-1]._cursor.lock_element()  # it goes on in the copy alone
    assert stack[-1]._cursor.index == 2
    assert ours[-1]._cursor.index == 3
    ours[-1]._cursor._index = 2
    return [[_told(block) for block in each] for each in (theirs, ours)]


def _told(block: DeltaGenerator) -> Any:
    told = [
        (each._root_container, each._cursor and each._cursor.delta_path, each._block_type, each._form_data)
        for each in block._ancestors
    ]
    return type(block), block._creating_fragment_id, told


def test_the_copy_of_a_place_is_what_it_was_with_each_block_around_it_once() -> None:
    at = AppTest.from_function(nested, default_timeout=60).run()
    assert not at.exception, at.exception
    theirs, ours = at.session_state["copies"]
    assert ours == theirs
    assert len(ours) == 5
