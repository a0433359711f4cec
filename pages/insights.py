"""Insights: how reviewing goes, counted from the audit entries, and the decisions as a data set."""

from functools import partial

import streamlit as st

from components import places
from components.charts import (
    show_changed,
    show_groups,
    show_reasons,
    show_throughput,
    show_times,
    show_verdicts,
    show_waiting,
)
from components.header import show_header
from components.measures import choose, show_measures
from components.session import desk
from components.zone import zone
from review.dataset import decision_lines
from review.insights import Chosen

show_header("Insights", "Counted from the history alone; examples are left out.")
chosen = choose()
found = desk().counting.insights(chosen, zone())

if not found.opened and not found.total.count:
    st.info("Nothing has been reviewed yet that fits. Decide a review, and its time shows here.",
            icon=":material/insights:")  # fmt: skip
    st.page_link(places.QUEUE, label="Open the queue", icon=":material/inbox:")
    st.stop()

show_measures(found)
if chosen.reviewer:
    st.markdown(":gray[What waits and what was opened is everybody's; the rest is this reviewer's.]")
left, right = st.columns(2)
with left:
    show_waiting(found)
    show_times(found)
    show_changed(found)
    show_groups("By graph", "Graph", found.graphs)
with right:
    show_throughput(found)
    show_verdicts(found)
    show_reasons(found)
    show_groups("By reviewer", "Reviewer", found.reviewers)

st.header("The decisions as a data set", anchor=False)
narrowed = " Only those that fit the filters above are written." if chosen != Chosen() else ""
st.markdown(
    "A line of JSON for each decision that stands: what was asked, the draft, the edit, the verdict, the reason. "
    f"`python -m review export decisions` writes the same.{narrowed}"
)
since, until = chosen.span(zone())
lines = partial(decision_lines, desk().ledger, since=since, until=until, graph=chosen.graph, reviewer=chosen.reviewer)
st.download_button(
    "Download as JSON Lines",
    data=lambda: "".join(f"{line}\n" for line in lines()),
    file_name="countersign-decisions.jsonl",
    mime="application/jsonl",
    icon=":material/download:",
    key="download_decisions",
)
