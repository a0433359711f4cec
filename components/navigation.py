"""The script of every rerun: page config, who is here, navigation over pages/."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # Streamlit puts this file's own folder there
    sys.path.insert(0, str(ROOT))

from components import places  # noqa: E402 - needs the path above

st.set_page_config(page_title="Countersign", page_icon=places.ICON, layout="wide")
page = st.navigation(
    [
        st.Page(places.QUEUE, title="Queue", icon=":material/inbox:", default=True),
        st.Page(places.START, title="Start", icon=":material/play_circle:", url_path="start"),
        st.Page(places.THREADS, title="Threads", icon=":material/account_tree:", url_path="threads"),
        st.Page(places.HISTORY, title="History", icon=":material/history:", url_path="history"),
        st.Page(places.INSIGHTS, title="Insights", icon=":material/insights:", url_path="insights"),
        st.Page(places.DOCTOR, title="Doctor", icon=":material/stethoscope:", url_path="doctor"),
        st.Page(places.REVIEW, title="Review", icon=":material/rate_review:", url_path="review", visibility="hidden"),
    ],
    position="top",
)
st.logo(str(places.ASSETS / "wordmark.svg"), size="large")

from components.arrival import show_arrival  # noqa: E402 - after navigation, so that the frame is on screen first
from components.care import note_none_shown  # noqa: E402
from components.connection import show_connection  # noqa: E402
from components.failures import show_failure  # noqa: E402
from components.floating import name_what_floats  # noqa: E402
from components.session import keep_name_in_browser, show_address, sign_in_first  # noqa: E402
from review import ReviewError  # noqa: E402

show_connection()
show_arrival(page.url_path)
name_what_floats()
if sign_in_first():
    st.stop()
keep_name_in_browser()
show_address(page.url_path)
note_none_shown()  # until the page draws one
try:
    page.run()
except ReviewError as error:
    show_failure(error)
