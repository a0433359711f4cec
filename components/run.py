"""A run as one watches it: its steps as they come, what is being written, and the word that it ends in."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.badge import show_badge
from components.lazily import read_already
from components.places import ASSETS
from components.session import desk
from components.steps import icon_of, is_told, line_of, show_changes
from components.turns import aside
from components.words import REVIEW, THREAD, Word, escaped
from review.model import BUSY, Thread, ThreadStatus
from review.watching import Ending, Watched

TICK = 0.4  # seconds between two looks at a run

# Each in a word, and in the sentence that screen readers are told.
ENDING: dict[Ending, tuple[Word, str]] = {
    Ending.PUBLISHED: (Word("Published", "green", "check_circle"), ""),
    Ending.FINISHED: (Word("Finished", "green", "check_circle"), "The graph has finished."),
    Ending.ASKS: (THREAD[ThreadStatus.INTERRUPTED], "The graph asks."),
    Ending.ASKS_AGAIN: (Word("Asks again", "orange", "pending_actions"), "The graph asks again."),
    Ending.WAITS: (Word("Waits for others", "orange", "pending_actions"), "Other reviews of this step are still open."),
    Ending.FAILED: (THREAD[ThreadStatus.FAILED], "The run failed."),
    Ending.UNDONE: (Word("Undone", "gray", "undo"), "The decision is undone."),
    Ending.CLOSED: (THREAD[ThreadStatus.CLOSED], "The thread is closed."),
}

_written = st.components.v2.component(
    "written",
    html='<div class="texts"></div><p class="unseen" role="status"></p>',
    css=(ASSETS / "written.css").read_text("utf-8"),
    js=(ASSETS / "written.js").read_text("utf-8"),
)


def show_watch(thread_id: str, review_id: str | None = None, *, on_end: Callable[[], object] = st.rerun) -> None:
    """The thread's run, or what came of it since the review was decided, renewed by itself while it goes on. When it
    has ended, `on_end` is called once, in that part of the page."""

    first = read_run(thread_id, review_id)
    began = first.goes_on
    read = read_already(first, lambda: read_run(thread_id, review_id))

    @st.fragment(run_every=TICK if began else None, key=f"watch_{review_id or thread_id}")
    def tick() -> None:
        watched = read()
        show_watched(watched)
        if began and not watched.goes_on:
            on_end()

    tick()


def read_run(thread_id: str, review_id: str | None = None) -> Watched:
    """As it is now; it waits for the graphs' own thread, in which others may draw."""
    with aside():
        return desk().watch(thread_id, review_id)


def show_watched(watched: Watched, *, unfolded: bool = True) -> None:
    """The run as it was read, for whoever renews it: one line, the steps, and what is being written."""
    show_standing(watched)
    for step in filter(is_told, watched.steps):
        with st.expander(line_of(step), expanded=unfolded, icon=icon_of(step)):
            show_changes(step)
    show_written(watched)


def show_written(watched: Watched) -> None:
    """What is being written, as it comes; and to screen readers, what became of the run."""
    texts = [
        {"id": f"{text.node} {text.began.timestamp()}", "node": text.node, "text": text.text, "cut": text.cut}
        for text in watched.written
    ]
    about = watched.review.id if watched.review else watched.thread.id
    _written(data={"texts": texts, "said": _sentence(watched)}, key=f"written_{about}")


def show_standing(watched: Watched) -> None:
    """One line: the word that it ended in, or where it is; its error, if it failed."""
    word, told = word_of(watched), _told(watched)
    st.markdown(f":{word.tone}-badge[:material/{word.icon}: {word.text}] {escaped(told)}".rstrip())
    show_error(watched.thread)
    show_trouble(watched)


def word_of(watched: Watched) -> Word:
    """What became of it, or how it stands."""
    if watched.ending is not None:
        return ENDING[watched.ending][0]
    if watched.review is not None and watched.thread.status not in BUSY:
        return REVIEW[watched.review.status]
    return THREAD[watched.thread.status]


def show_state(thread: Thread) -> None:
    """One line on where the thread stands; its error, if it failed."""
    show_badge(THREAD[thread.status])
    show_error(thread)


def show_trouble(watched: Watched) -> None:
    """Why the steps cannot be read, where they cannot."""
    if watched.trouble:
        st.warning(escaped(watched.trouble), icon=":material/warning:")


def show_error(thread: Thread) -> None:
    if thread.error:
        told = f" (log id {thread.error_id})" if thread.error_id else ""
        st.error(escaped(thread.error) + told, icon=":material/error:")


def _sentence(watched: Watched) -> str:
    said = ENDING[watched.ending][1] if watched.ending else ""
    return said or f"{word_of(watched).text} {_told(watched)}".strip()


def _told(watched: Watched) -> str:
    """What is to be said behind the word."""
    if watched.published:
        return f"as {desk().settings.data_dir / watched.published}"
    if watched.next:
        return f"{', '.join(watched.next)} {'is' if len(watched.next) == 1 else 'are'} at work"
    if watched.goes_on and watched.review is not None and watched.thread.status not in BUSY:
        return "and not applied yet"
    return ""
