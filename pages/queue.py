"""Queue: what waits for a person, in the order and with the filters that the address says, and one review beside it."""

import streamlit as st

from components.beside import TITLE, show_beside
from components.bulk import DIALOG, show_bulk_dialog
from components.detail import PART
from components.examples import show_examples_hint
from components.header import arrives_at, show_header
from components.opened import SINCE, current, leave_first, read_opened
from components.queue_filters import read_address, show_filters
from components.queue_list import show_list
from components.session import desk
from components.tour import show_tour
from components.tray import show_tray
from components.turns import in_turn
from review.model import now

if arrives := arrives_at(TITLE):
    leave_first()
    st.session_state[SINCE] = now()
read_address(arrives=arrives)
read_opened(arrives=arrives)
show_header(TITLE, tools=show_filters, parts=("list", PART, "tray", DIALOG))
examples = desk().ledger.threads.has_examples()
show_tour(examples=examples)
with st.container(key="panes"):
    with st.container(key="pane_list"):
        with st.container(key="pane_rows"):
            st.fragment(in_turn(show_list), key="list")()
            if examples:
                show_examples_hint()
        tray = st.container(key="pane_tray")
    with st.container(key="pane_detail"):
        st.fragment(in_turn(show_beside), key=PART)()
    with tray:
        st.fragment(in_turn(lambda: show_tray(current())), key="tray")()
st.fragment(show_bulk_dialog, key=DIALOG)()
