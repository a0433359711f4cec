"""Doctor: reads the registered project's Python files and lists what goes wrong around interrupts."""

from pathlib import Path

import streamlit as st

from components.findings import show_findings
from components.header import show_header
from components.session import desk
from components.words import escaped
from review.doctor import Report, examine


@st.cache_data(ttl=300, show_spinner="Reading the project")
def read_project(path: Path) -> Report:
    return examine(path)


show_header("Doctor", "Mistakes around interrupts in the project of the registered graphs. It is read and never run.")
if st.button("Read again", icon=":material/refresh:", key="read_again"):
    read_project.clear()
for name in desk().removed_graphs():
    st.warning(
        f"policy.{escaped(name)} in review.toml is of a graph that is not registered any more. What was asked and "
        "decided is kept, and goes on when the graph is registered again.",
        icon=":material/warning:",
    )
report = read_project(desk().settings.graphs.resolve().parent)
st.markdown(f":gray[{report.summary}]")
if report.findings:
    show_findings(sorted(report.findings, key=lambda finding: finding.note))
else:
    st.success("Nothing is wrong here.", icon=":material/check_circle:")
