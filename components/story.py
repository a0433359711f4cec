"""The story of a thread: steps, reviews, decisions, edits and failures, in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.differences import show_differences
from components.made import told
from components.reasons import said
from components.state import show_values
from components.steps import filled, icon_of, is_told, line_of, name_of, when
from components.subject import show_fields
from components.times import clock, on_screen
from components.words import by_whom, escaped
from review.cases import DECIDED
from review.model import AuditEntry, Review, Step
from review.redline import ABSENT
from review.reviewers import DESK
from review.story import Moment, MomentKind

ICONS = {
    MomentKind.REVIEW: "rate_review",
    MomentKind.DECISION: "how_to_reg",
    MomentKind.EDIT: "edit",
    MomentKind.FAILURE: "error",
    MomentKind.THREAD: "account_tree",
}
TONES = {MomentKind.DECISION: "green", MomentKind.FAILURE: "red", MomentKind.EDIT: "blue"}


# Draws a button beside the step of this checkpoint, which is called so.
Beside = Callable[[str, str], None]


def show_story(
    moments: Sequence[Moment], reviews: Sequence[Review], beside_step: Beside | None = None, title: str = ""
) -> None:
    """Steps that open, each with what is drawn beside it; of the rest a line each. `title` is known already."""
    asked = {review.id: review for review in reviews}
    with st.container(gap="xsmall", key="story"):
        for moment in moments:
            if moment.step is not None:
                _show_step(moment, moment.step, beside_step)
            elif moment.entry is not None:
                _show_entry(moment, moment.entry, asked.get(moment.entry.review_id or ""), title)


def _show_step(moment: Moment, step: Step, beside_step: Beside | None) -> None:
    if not is_told(step):
        return
    with st.container(horizontal=True, gap="small", key=f"beside_{step.checkpoint_id}"):
        folded = st.expander(line_of(step), icon=icon_of(step), key=f"step_{step.checkpoint_id}", on_change="rerun")
        if folded.open:  # what is not opened is not compared
            with folded:
                _show_inside(moment, step)
        if beside_step is not None:
            beside_step(step.checkpoint_id, name_of(step))


def _show_inside(moment: Moment, step: Step) -> None:
    st.markdown(f":gray[{when(step)}]")
    changed, difference, state = st.tabs(["What it changed", "Before and after", "The state after it"])
    with changed:
        show_fields(filled(step))
    with difference:
        told = [change for change in moment.changes() if not (_is_nothing(change.before) and _is_nothing(change.after))]
        show_differences(told, "before", "after", "Nothing changed.", key=f"changed_{step.checkpoint_id}")
    with state:
        show_values(step.values)


def _show_entry(moment: Moment, entry: AuditEntry, review: Review | None, title: str) -> None:
    tone = TONES.get(moment.kind, "gray")
    about = [str(entry.detail.get("title") or "")] if moment.kind == MomentKind.REVIEW else []
    texts = [*about, said(entry.detail)]
    lines = "".join(f"  \n{escaped(_short(each))}" for each in texts if each not in ("", title))
    shown = on_screen(entry.detail.get("seconds_shown"))
    when = ", ".join(filter(None, (clock(entry.at), shown)))
    by = "" if entry.actor == DESK and entry.action not in DECIDED else f" by {escaped(by_whom(entry.actor))}"
    st.markdown(
        f":{tone}[:material/{ICONS[moment.kind]}:] {escaped(told(entry, review))}{by} "
        f":gray[{when}]{lines}"
    )  # fmt: skip


def _is_nothing(value: object) -> bool:
    return value is ABSENT or value in (None, "", [], {})


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 240 else f"{line[:239]}…"
