"""How the queue is looked at: tabs, search, order, filters and named views, all of them in the page's address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components.session import act, desk, notify
from components.who import named
from components.words import KIND, escaped
from review.ledger.queries import SEARCH_LENGTH, QueueQuery, Sort, Tab, parameters_of, query_of
from review.model import ReviewKind

TABS = {
    Tab.MINE: "Mine",
    Tab.OPEN: "Open",
    Tab.DUE: "Due",
    Tab.FAILED: "Failed",
    Tab.DECIDED: "Decided",
}
SORTS = {
    Sort.AGE: "Oldest first",
    Sort.DUE: "Due first",
    Sort.PRIORITY: "Highest priority first",
    Sort.GRAPH: "By graph",
}
AGES = {"3600": "More than an hour old", "86400": "More than a day old", "604800": "More than a week old"}
FILTERS = ("graph", "kind", "assignee", "priority", "older_than")
PARAMETERS = ("tab", "search", "sort", *FILTERS)
# Other pages choose a graph too, each for itself.
KEYS = {name: name for name in PARAMETERS} | {"graph": "queue_graph"}


def show_filters() -> QueueQuery:
    """Search, order, filters and views in one row; returns the query that they and the tab make together."""
    # The counts on the tabs change, so it is not their words that stand in the address.
    st.session_state.setdefault("tab", query_of(st.query_params.to_dict()).tab.value)
    _address_tab()  # the widgets that write their own part of it may have dropped this one
    with st.container(horizontal=True, vertical_alignment="bottom", key="queue_filters"):
        st.text_input(
            "Search", key="search", bind="query-params", live="300ms", max_chars=SEARCH_LENGTH, width=280,
            placeholder="Search title and payload", label_visibility="collapsed", icon=":material/search:",
        )  # fmt: skip
        st.selectbox("Order", list(SORTS), key="sort", bind="query-params", format_func=lambda sort: SORTS[Sort(sort)],
                     width=210, label_visibility="collapsed")  # fmt: skip
        _show_more_filters()
        _show_views()
    return read_query()


def read_query() -> QueueQuery:
    """What the widgets hold now."""
    return query_of({name: st.session_state.get(KEYS[name]) for name in PARAMETERS})


def show_tabs(counts: Mapping[Tab, int]) -> None:
    """The tabs, each with how many it has under the filters."""
    st.segmented_control(
        "Show",
        [tab.value for tab in TABS],
        key="tab",
        required=True,
        on_change=_address_tab,
        format_func=lambda tab: f"{TABS[Tab(tab)]}  {counts[Tab(tab)]}",
        label_visibility="collapsed",
        wrap=True,
    )


def _show_more_filters() -> None:
    on = sum(bool(st.session_state.get(KEYS[name])) for name in FILTERS)
    with st.popover(f"Filters ({on})" if on else "Filters", icon=":material/filter_list:"):
        names = [graph.name for graph in desk().graphs()]
        st.selectbox("Graph", names, index=None, key=KEYS["graph"], bind="query-params", placeholder="Every graph")
        st.selectbox("Kind", list(ReviewKind), index=None, key="kind", bind="query-params", placeholder="Every kind",
                     format_func=lambda kind: KIND[ReviewKind(kind)].text)  # fmt: skip
        st.text_input("Claimed or decided by", key="assignee", bind="query-params", placeholder="Anybody")
        st.selectbox("Priority", ["1", "2", "3"], index=None, key="priority", bind="query-params",
                     placeholder="Any", format_func=lambda least: f"{least} or higher")  # fmt: skip
        st.selectbox("Age", list(AGES), index=None, key="older_than", bind="query-params", placeholder="Any age",
                     format_func=AGES.__getitem__)  # fmt: skip
        st.button("Clear all", key="clear_filters", icon=":material/filter_list_off:", on_click=_clear)


def _show_views() -> None:
    views = desk().ledger.views
    with st.popover("Views", icon=":material/bookmark:"):
        for view in views.all():
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(escaped(view.name), key=f"view_{view.name}", on_click=_apply, args=(view.query,),
                          help=f"Saved by {escaped(view.saved_by)}")  # fmt: skip
                st.button("Remove", key=f"remove_view_{view.name}", type="tertiary", icon=":material/delete:",
                          on_click=_remove, args=(view.name,))  # fmt: skip
        st.text_input("Save what is shown now as", key="view_name", max_chars=80, placeholder="A name for it")
        st.button("Save", key="save_view", icon=":material/bookmark_add:", on_click=_save)


def _address_tab() -> None:
    tab = st.session_state["tab"]
    if tab == Tab.OPEN:
        st.query_params.pop("tab", None)
    elif st.query_params.get("tab") != tab:
        st.query_params["tab"] = tab


def _clear() -> None:
    for name in (*FILTERS, "search"):
        st.session_state[KEYS[name]] = "" if name in ("search", "assignee") else None


def _apply(query: QueueQuery) -> None:
    """Every widget as the view has it; the address follows."""
    said: Mapping[str, Any] = parameters_of(query)
    _clear()
    for name in PARAMETERS:
        if name in said:
            st.session_state[KEYS[name]] = said[name]
    st.session_state["tab"], st.session_state["sort"] = query.tab.value, query.sort
    _address_tab()
    st.session_state["kind"] = query.kind


def _save() -> None:
    query = read_query()
    name = st.session_state.get("view_name") or ""
    who = named()
    if who and act(lambda: desk().ledger.views.save(name, query, who)):
        notify("success", "The view is saved; everybody at this desk finds it under Views.")
        st.session_state["view_name"] = ""


def _remove(name: str) -> None:
    if who := named():
        act(lambda: desk().ledger.views.remove(name, who))
