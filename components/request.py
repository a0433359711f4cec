"""What a review asks, beside the form that answers it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.badge import show_badge
from components.lazily import show_folded
from components.revisions import show_what_was_done
from components.subject import show_fields, show_subject, show_value
from components.times import clock, due, waited
from components.words import CRITICAL, KIND, PAST, REVIEW, escaped
from review.deadlines import decided_at_the_end
from review.model import Review, ReviewKind, ReviewStatus, now


def show_request(review: Review, before: Sequence[Review]) -> None:
    """The description and the subject; for a failure, the error. `before` is what the node asked before, newest
    first."""
    request = review.request
    show_description(review, before)
    if review.kind == ReviewKind.FAILED:
        st.error(escaped(request.subject or review.payload.get("error", "")), icon=":material/error:")
    else:
        show_subject(request)
    if review.kind == ReviewKind.INTERRUPT:
        show_folded("The payload as the graph sent it", "data_object", f"payload_of_{review.id}",
                    lambda: show_value(review.payload))  # fmt: skip


def show_description(review: Review, before: Sequence[Review]) -> None:
    """What the graph says of it; of what came back, what was done about what was said."""
    if review.request.description:
        st.markdown(review.request.description)
    show_what_was_done(review, before)


def show_request_facts(review: Review) -> None:
    """Kind, graph, waiting time, due date; the request's own details; what was wrong before."""
    with st.container(horizontal=True):
        show_badge(KIND[review.kind])
        if review.status != ReviewStatus.PENDING:
            show_badge(REVIEW[review.status])
        if review.critical and review.status == ReviewStatus.PENDING:
            show_badge(CRITICAL)
        if review.due_at:
            text, tone = due(review.due_at)
            st.badge(text, icon=":material/event:", color=tone, help=clock(review.due_at))  # type: ignore[arg-type]
        if review.priority and review.status == ReviewStatus.PENDING:
            st.badge(f"Priority {review.priority}", icon=":material/priority_high:", color="red")
        if review.example:
            st.badge("Example", color="gray")
    facts = {"Graph": review.graph, "Node": review.node, "Waits": waited(review.created_at)}
    if review.escalated_to:
        facts["Escalated to"] = review.escalated_to
    if then := _at_the_end(review):
        facts["If nobody decides"] = then
    show_fields(facts | dict(review.request.details))
    for problem in review.request.problems:
        st.warning(escaped(problem), icon=":material/warning:")
    if review.error:
        st.warning(f"The graph did not take the last answer: {escaped(review.error)}", icon=":material/warning:")


def _at_the_end(review: Review) -> str:
    """What the desk does when the review is due; nothing where it has done it already."""
    if review.due_at is None or review.status != ReviewStatus.PENDING or review.due_at <= now():
        return ""
    made = decided_at_the_end(review)
    return f"{PAST[made]} by the desk, {clock(review.due_at)}" if made else f"escalated, {clock(review.due_at)}"
