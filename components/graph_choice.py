"""Which graph to start; those that did not load say why."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.words import escaped
from review.registry import GraphInfo


def show_graphs(graphs: Sequence[GraphInfo]) -> GraphInfo | None:
    """The chosen graph, or None where none loads."""
    for broken in [graph for graph in graphs if graph.error]:
        st.error(escaped(broken.error), icon=":material/error:")
    sound = {graph.name: graph for graph in graphs if not graph.error}
    if not sound:
        return None
    name = st.selectbox("Graph", list(sound), key="graph", bind="query-params")
    if sound[name].description:
        st.markdown(f":gray[{escaped(sound[name].description)}]")
    return sound[name]
