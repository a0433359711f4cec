"""How the queue is looked at: tabs, search, order, filters and named views, all of them in the page's address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from components.lazily import show_popover
from components.opened import open_review, show_review
from components.session import act, desk, notify, redraw
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
NAMES = ("tab", "search", "sort", *FILTERS)
ADDRESS = "queue_address"


def key_of(name: str) -> str:
    """The widget that holds this part of the query."""
    return f"queue_{name}"


def read_address(*, arrives: bool) -> None:
    """Have the widgets say what the address says, where it is not what they wrote there themselves. Who
    `arrives` from another page, and without an address of the queue, finds it as they left it."""
    said = _said_by_address()
    comes_back = arrives and not said and ADDRESS in st.session_state
    if not comes_back and said != st.session_state.get(ADDRESS):
        _put(query_of(said))


def keep_address(query: QueueQuery) -> None:
    """Have the address say what the widgets say; a review that is open stays in it."""
    said = parameters_of(query)
    st.session_state[ADDRESS] = said
    if said != _said_by_address():
        rest = {name: value for name, value in st.query_params.to_dict().items() if name not in NAMES}
        st.query_params.from_dict(said | rest)


def read_query() -> QueueQuery:
    """What the widgets hold now."""
    return query_of({name: st.session_state.get(key_of(name)) for name in NAMES})


def show_filters() -> None:
    """Search, order, filters and views, in one row."""
    st.text_input(
        "Search", key=key_of("search"), live="300ms", max_chars=SEARCH_LENGTH, on_change=_search, width=260,
        placeholder="Search title and payload", label_visibility="collapsed", icon=":material/search:",
        persist_state="session",
    )  # fmt: skip
    st.selectbox("Order", list(SORTS), key=key_of("sort"), format_func=lambda sort: SORTS[Sort(sort)], width=200,
                 label_visibility="collapsed", on_change=_look_anew, persist_state="session")  # fmt: skip
    show_popover("Filters", "filter_list", "queue_filters", _show_more_filters)
    if on := sum(bool(st.session_state.get(key_of(name))) for name in FILTERS):
        st.button(f"Clear {on} filter{'s' * (on > 1)}", key="clear_beside", icon=":material/filter_list_off:",
                  type="tertiary", on_click=_clear)  # fmt: skip
    show_popover("Views", "bookmark", "queue_views", _show_views)


def show_tabs(counts: Mapping[Tab, int]) -> None:
    """The tabs, each with how many it has under the filters."""
    st.segmented_control(
        "Show",
        [tab.value for tab in TABS],
        key=key_of("tab"),
        required=True,
        on_change=_choose_tab,
        format_func=lambda tab: f"{TABS[Tab(tab)]}  {counts[Tab(tab)]}",
        label_visibility="collapsed",
        persist_state="session",
        wrap=True,
    )


def _show_more_filters() -> None:
    _select("Graph", "graph", desk().registry.names, "Every graph")
    _select("Kind", "kind", [kind.value for kind in ReviewKind], "Every kind", lambda kind: KIND[kind].text)
    st.text_input("Claimed or decided by", key=key_of("assignee"), placeholder="Anybody", on_change=_look_anew,
                  persist_state="session")  # fmt: skip
    _select("Priority", "priority", ["1", "2", "3"], "Any", lambda least: f"{least} or higher")
    _select("Age", "older_than", list(AGES), "Any age", AGES.__getitem__)
    st.button("Clear all", key="clear_filters", icon=":material/filter_list_off:", on_click=_clear)


def _select(label: str, name: str, options: list[str], nothing: str, words: Callable[[Any], str] = str) -> None:
    """A filter of one of `options`; one that an address names stays choosable, though it is gone by now."""
    held = st.session_state.get(key_of(name))
    st.selectbox(label, [*options, *([held] if held and held not in options else [])], index=None, key=key_of(name),
                 placeholder=nothing, format_func=words, on_change=_look_anew, persist_state="session")  # fmt: skip


def _show_views() -> None:
    for view in desk().views():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(escaped(view.name), key=f"view_{view.name}", on_click=_apply, args=(view.query,),
                      help=f"Saved by {escaped(view.saved_by)}")  # fmt: skip
            st.button("Remove", key=f"remove_view_{view.name}", type="tertiary", icon=":material/delete:",
                      on_click=_remove, args=(view.name,))  # fmt: skip
    st.text_input("Save what is shown now as", key="view_name", max_chars=80, placeholder="A name for it")
    st.button("Save", key="save_view", icon=":material/bookmark_add:", on_click=_save)


def _search() -> None:
    """What is being read stays open while one types."""
    redraw("list")


def _look_anew() -> None:
    show_review(None)


def _choose_tab() -> None:
    open_review(None)


def _clear() -> None:
    _put(QueueQuery(tab=read_query().tab, sort=read_query().sort))
    show_review(None)


def _apply(query: QueueQuery) -> None:
    _put(query)
    show_review(None)


def _put(query: QueueQuery) -> None:
    """Every widget as the query has it."""
    said = {"tab": query.tab.value, "sort": query.sort.value, "search": "", "assignee": ""} | parameters_of(query)
    for name in NAMES:
        st.session_state[key_of(name)] = said.get(name)


def _said_by_address() -> dict[str, str]:
    return parameters_of(query_of(st.query_params.to_dict()))


def _save() -> None:
    query = read_query()
    name = st.session_state.get("view_name") or ""
    who = named()
    if who and act(lambda: desk().save_view(name, query, who)):
        notify("success", "The view is saved; everybody at this desk finds it under Views.")
        st.session_state["view_name"] = ""


def _remove(name: str) -> None:
    if who := named():
        act(lambda: desk().remove_view(name, who))
