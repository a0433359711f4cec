"""The first minute at a desk that has its examples: four sentences, one after the other, for who wants them."""

from __future__ import annotations

import streamlit as st

from components.session import keep_in_browser, kept_in_browser

# A name, what is said, and what is said of the keys to who has some.
STEPS = (
    (
        "The list",
        "It has what waits, oldest first. Tabs, search and filters narrow it, and the address keeps them.",
        "**J** and **K** walk through it.",
    ),
    (
        "The decision",
        "Read what is asked, and decide. What you write is kept while you write it.",
        "**A** approves, **E** edits, **X** rejects, **?** shows every key.",
    ),
    (
        "The next one",
        "After a decision the next review opens. The decided one stays below the list for a while: it can be taken back"
        " there, and its run watched.",
        "**U** takes it back, too.",
    ),
    (
        "The rest",
        "*Threads* tells each run's story and asks *what if*; *History* has who did what; *Insights* has what it comes"
        " to. The examples here are yours to try all of it on.",
        "",
    ),
)
AT, SEEN = "tour_step", "countersign_tour"


def show_tour(*, examples: bool) -> None:
    """The step that is on, until the last one or *Skip*, at a desk with its examples; this browser is not shown it
    again."""
    keep_in_browser(SEEN, "seen" if st.session_state.get(AT) == len(STEPS) else "")
    at = st.session_state.get(AT, len(STEPS) if kept_in_browser(SEEN) else 0)
    if at >= len(STEPS) or not examples:
        return
    name, text, keys = STEPS[at]
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="tour"):
        with st.container(key="tour_text", gap=None):
            st.markdown(f"**{name}** :gray[{at + 1} of {len(STEPS)}]  {text}")
            if keys:
                with st.container(key="tour_keys"):
                    st.markdown(keys)
        last = at == len(STEPS) - 1
        st.button("Done" if last else "Next", key="tour_next", on_click=_go, args=(at + 1,))
        if not last:
            st.button("Skip the tour", key="tour_skip", type="tertiary", on_click=_go, args=(len(STEPS),))


def _go(step: int) -> None:
    st.session_state[AT] = step
