"""How the list of threads is looked at: a search and an order, both in the page's address."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from review.ledger.queries import SEARCH_LENGTH, ThreadOrder

ORDERS = {ThreadOrder.STARTED: "Newest first", ThreadOrder.MOVED: "Last moved first"}
NAMES = ("search", "order")
SIZE = "threads_size"  # how many are shown


@dataclass(frozen=True)
class Look:
    """What the address asks the list for."""

    search: str = ""
    order: ThreadOrder = ThreadOrder.STARTED

    @property
    def words(self) -> str:
        """What is searched for."""
        return self.search.strip()


def read_look() -> Look:
    """An address is typed, and cut off: what is unusable in it is as it is at first."""
    search, order = (st.query_params.get(name, "") for name in NAMES)
    return Look(search[:SEARCH_LENGTH], ThreadOrder(order) if order in set(ThreadOrder) else ThreadOrder.STARTED)


def show_filters() -> None:
    """Search and order, in one row, as the address has them."""
    look = read_look()
    for name, said in (("search", look.search), ("order", look.order)):
        if st.session_state.get(_key(name)) != said:  # else it would take the place of what is typed meanwhile
            st.session_state[_key(name)] = said
    st.text_input(
        "Search", key=_key("search"), live="300ms", max_chars=SEARCH_LENGTH, on_change=_look_anew, width=260,
        placeholder="Search titles", label_visibility="collapsed", icon=":material/search:",
    )  # fmt: skip
    st.selectbox("Order", list(ORDERS), key=_key("order"), format_func=lambda order: ORDERS[ThreadOrder(order)],
                 width=200, label_visibility="collapsed", on_change=_look_anew)  # fmt: skip


def clear_search() -> None:
    """In a callback."""
    st.session_state[_key("search")] = ""
    _look_anew()


def leave_thread() -> None:
    """Back to the list as it was looked at, in a callback."""
    st.query_params.from_dict({name: st.query_params[name] for name in NAMES if name in st.query_params})


def _look_anew() -> None:
    st.session_state.pop(SIZE, None)
    said = {name: st.session_state[_key(name)] for name in NAMES}
    at_first = {"search": "", "order": ThreadOrder.STARTED}
    st.query_params.from_dict({name: value for name, value in said.items() if value and value != at_first[name]})


def _key(name: str) -> str:
    """The widget that holds this part of it."""
    return f"threads_{name}"
