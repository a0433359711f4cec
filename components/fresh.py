"""A place on the page that begins anew: what stood in it for something else goes with it.

Streamlit takes off the page what a run no longer draws, once the browser has heard that the run has ended. Where the
next run begins before that, as a tick does on a busy machine, it stays, and looks as if it belonged to what came in its
place (https://github.com/streamlit/streamlit/issues/16708). A block of another type takes nothing over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def fresh(name: str, shows: str) -> Iterator[None]:
    """Where the place of this name begins anew each time that it `shows` something else. Names are of the session."""
    kept = f"fresh_{name}"
    before, turn = st.session_state.get(kept, (shows, 0))
    if before != shows:
        turn = 1 - turn
    st.session_state[kept] = shows, turn
    # Either is the only block in another one of the same type.
    with st.columns(1)[0] if turn else st.container().container():
        yield
