"""A page with a button that goes when it is clicked: the run for it ends while the server is at the next request, and
the run for that begins before anything is sent."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession

sys.path.insert(0, str(Path(__file__).parents[2]))

from components.in_order import send_before_the_next_run

PATIENCE, LONGER = 20, 0.5  # seconds: for the other request to come; than a run takes to end
RUNS = 2  # behind the one for the click, the first of which may be the one that begins right behind it


class Moment:
    """Holds the run until the other request is there, that request until the run has ended, and what is to be sent
    until other runs were there."""

    def __init__(self) -> None:
        self._clicked, self._asked = threading.Event(), threading.Event()
        self._runs = 0

    def click(self) -> None:
        self._clicked.set()
        self._asked.wait(PATIENCE)

    def ask(self) -> None:
        if self._clicked.is_set() and not self._asked.is_set():
            self._asked.set()
            time.sleep(LONGER)

    def run(self) -> None:
        self._runs += self._asked.is_set()

    def holds(self) -> bool:
        return self._clicked.is_set() and self._runs < RUNS


@st.cache_resource
def moment() -> Moment:
    send_before_the_next_run()
    made, has, sent = Moment(), AppSession.has_fragment, AppSession.flush_browser_queue

    def has_slowly(session: AppSession, part: str) -> bool:
        made.ask()
        return has(session, part)

    def sent_late(session: AppSession) -> list[ForwardMsg]:
        return [] if made.holds() else sent(session)

    AppSession.has_fragment = has_slowly  # type: ignore[method-assign, assignment]
    AppSession.flush_browser_queue = sent_late  # type: ignore[method-assign, assignment]
    return made


@st.fragment(run_every=0.3)
def renews() -> None:
    moment().run()
    st.session_state["looks"] = st.session_state.get("looks", 0) + 1
    st.text(f"Look {st.session_state['looks']}")


@st.fragment
def answers() -> None:
    if st.session_state.get("gone"):
        moment().click()
    else:
        st.button("Take this away", key="gone")


moment()
renews()
answers()
