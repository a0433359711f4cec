"""What would become of each of several, or became: a line each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.refusals import in_words
from components.words import escaped
from review.bulk import Result
from review.model import Review


def count_done(results: Sequence[Result]) -> int:
    return sum(result.done for result in results)


def show_results(results: Sequence[Result], beside: Callable[[Review], str] = lambda _: "") -> None:
    """A line each: first what would be done, with what `beside` says of it, then what would not, and why."""
    lines = []
    for result in results:
        if result.done and result.review:
            told = beside(result.review)
            lines.append(f"- {escaped(result.review.title)}" + (f" :gray[({escaped(told)})]" if told else ""))
    st.markdown("\n".join(lines))
    show_refused(told_of_refused(results))


def show_refused(told: Sequence[str]) -> None:
    point = "- " * (len(told) > 1)
    if told:
        st.warning("\n".join(f"{point}{escaped(each)}" for each in told), icon=":material/warning:")


def told_of_refused(results: Sequence[Result]) -> tuple[str, ...]:
    return tuple(_told_of(result) for result in results if not result.done)


def _told_of(result: Result) -> str:
    """Why nothing is done, in a sentence that names the review."""
    told, title = in_words(result.error) if result.error else "", result.review.title if result.review else ""
    return told if title in told else f"{title}: {told}"
