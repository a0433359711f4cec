"""Review: one review, whole: what is asked, the decision, and the run that follows it."""

import streamlit as st

from components import places
from components.decision import Intent, offered, show_choice, show_editor, show_submit, show_unrecorded
from components.header import show_header
from components.outcome import show_decision, show_next, show_run
from components.request import show_description, show_request, show_request_facts
from components.revisions import show_revisions
from components.session import act, desk, notify, reviewer
from review.errors import Changed, ReviewError
from review.model import DecisionType, Review, ReviewStatus

OPEN = (ReviewStatus.PENDING, ReviewStatus.RESUME_FAILED)


def submit(intent: Intent) -> None:
    if (who := reviewer()) is None:
        notify("error", "Give your name first: the history says who decided. What you wrote is still here.")
        return
    try:
        desk().decide(
            intent.review_id, intent.type, who, value=intent.value, message=intent.message, version=intent.version
        )
    except Changed as error:
        notify("error", f"{error.message} What you wrote is still here.")
    except ReviewError as error:
        notify("error", error.message)


def show_open(review: Review) -> None:
    subject, panel = st.columns([5, 3], gap="large")
    with panel:
        show_request_facts(review)
        kind = show_choice(review)
        show_submit(review, kind, submit)
    with subject:
        if kind == DecisionType.EDIT:
            show_description(review)
            show_editor(review)
        else:
            show_request(review)
        show_revisions(earlier(review))


def show_decided(review: Review) -> None:
    show_decision(review)
    show_unrecorded(review)
    run, subject = st.columns([5, 4], gap="large")
    with run:
        show_next(review)
        show_run(review)
    with subject:
        show_request(review)


def earlier(review: Review) -> list[Review]:
    same = desk().ledger.reviews.of_thread(review.thread_id)
    return [other for other in same if other.node == review.node and other.created_at < review.created_at][::-1]


def show() -> None:
    review_id = st.query_params.get("review")
    review = act(lambda: desk().review(review_id)) if review_id else None
    if review is None:
        show_header("Review")
        st.page_link(places.QUEUE, label="Back to the queue", icon=":material/arrow_back:")
        return
    st.page_link(places.QUEUE, label="Back to the queue", icon=":material/arrow_back:")
    show_header(review.title)
    if review.status in OPEN and offered(review):
        show_open(review)
    else:
        show_decided(review)


show()
