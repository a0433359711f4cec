"""The few numbers above the charts, and which reviews they count."""

from __future__ import annotations

import streamlit as st

from components.session import desk
from components.zone import zone
from review.insights import Chosen, Insights
from review.model import DecisionType

ALL = "All"
SHARES = {
    DecisionType.APPROVE: "Approved",
    DecisionType.EDIT: "Edited",
    DecisionType.RESPOND: "Sent back",
    DecisionType.REJECT: "Rejected",
}


def choose() -> Chosen:
    """The filters, kept in the address."""
    graphs, reviewers, weeks = desk().counting.names(zone())
    with st.container(horizontal=True, key="measured_of"):
        graph = st.selectbox("Graph", [ALL, *graphs], key="insights_graph", bind="query-params", width=220)
        reviewer = st.selectbox("Reviewer", [ALL, *reviewers], key="reviewer_of", bind="query-params", width=220)
        week = st.selectbox("Week", [ALL, *weeks], key="week", bind="query-params", width=220)
    return Chosen(*(None if name == ALL else name for name in (graph, reviewer, week)))


def show_measures(found: Insights) -> None:
    """A row of numbers; on a narrow screen they wrap."""
    total = found.total
    told = [
        ("Waiting now", str(found.waiting), f"{found.overdue} overdue" if found.overdue else None),
        ("Decided", str(total.count), f"{total.late} late" if total.late else None),
        ("Median time", span(total.median), None),
        ("95th percentile", span(total.p95), None),
        *((name, _share(total.types.get(kind, 0), total.count), None) for kind, name in SHARES.items()),
        ("Words changed", "–" if total.changed is None else f"{total.changed:.0%}", None),
    ]
    with st.container(horizontal=True, gap="small", key="measures"):
        for label, value, beside in told:
            st.metric(label, value, beside, delta_color="off", delta_arrow="off", border=True, width=128)


def span(seconds: float | None) -> str:
    """A time in its largest unit."""
    if seconds is None:
        return "–"
    for size, unit, most in ((1, "s", 60), (60, "min", 60), (3600, "h", 48)):
        if seconds < size * most:
            return f"{seconds / size:.1f} {unit}" if unit == "h" else f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86400:.1f} d"


def _share(count: int, of: int) -> str:
    return f"{count / of:.0%}" if of else "–"
