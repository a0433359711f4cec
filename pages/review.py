"""Review: one review, alone and whole: what is asked, the decision, and the run that follows it."""

import streamlit as st

from components import places
from components.detail import Around, show_detail
from components.header import show_header
from components.session import desk, fetch

LEAVES = "leave_review"


def show() -> None:
    if st.session_state.pop(LEAVES, False):
        st.switch_page(places.QUEUE)
    review_id = st.query_params.get("review")
    review = fetch(lambda: desk().review(review_id)) if review_id else None
    st.page_link(places.QUEUE, label="Back to the queue", icon=":material/arrow_back:")
    show_header(review.title if review else "Review")
    if review:
        show_detail(review, Around(decided=lambda: None, leave=lambda: st.session_state.update({LEAVES: True})))


show()
