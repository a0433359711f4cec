"""A place that shows something else is another kind of block: the browser keeps nothing of what stood in it."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from components.fresh import fresh

    with fresh("place", st.session_state.get("shows", "one")):
        st.text(st.session_state.get("shows", "one"))


def block(at: AppTest) -> tuple[str, str]:
    """The type of the one block of the place, and what stands in it."""
    (outer,) = at.main.children.values()
    (inner,) = outer.children.values()
    return str(inner.type), inner.children[0].value


def test_a_place_is_another_block_as_soon_as_it_shows_something_else() -> None:
    at = AppTest.from_function(script).run()
    types = []
    for shows in ("one", "two", "three", "three"):
        at.session_state["shows"] = shows
        told, text = block(at.run())
        assert text == shows
        types.append(told)
    one, two, three, again = types
    assert one != two != three
    assert three == again, "drawn again, it is what it was: what one types in it stays"
