"""The story of a thread: steps, reviews, decisions, edits and failures, in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from components.differences import show_differences
from components.run import BEFORE_THE_FIRST
from components.state import show_values
from components.subject import show_fields
from components.times import clock
from components.words import action, escaped
from review.model import AuditEntry, Step
from review.story import Moment, MomentKind

ICONS = {
    MomentKind.STEP: "check_circle",
    MomentKind.REVIEW: "rate_review",
    MomentKind.DECISION: "how_to_reg",
    MomentKind.EDIT: "edit",
    MomentKind.FAILURE: "error",
    MomentKind.THREAD: "account_tree",
}
TONES = {MomentKind.DECISION: "green", MomentKind.FAILURE: "red", MomentKind.EDIT: "blue"}


def show_story(moments: Sequence[Moment], beside_step: Callable[[str], None] | None = None) -> None:
    """Steps that open; of the rest a line each. `beside_step` draws what belongs to an opened step's checkpoint."""
    with st.container(gap="xsmall"):
        for moment in moments:
            if moment.step is not None:
                _show_step(moment, moment.step, beside_step)
            elif moment.entry is not None:
                _show_entry(moment, moment.entry)


def _show_step(moment: Moment, step: Step, beside_step: Callable[[str], None] | None) -> None:
    given = step.nodes in BEFORE_THE_FIRST
    if given and not filled(step):
        return
    what = f"changed {', '.join(step.changed)}" if step.changed else "changed nothing"
    name = "input" if given else "state edited" if step.nodes == ("update",) else ", ".join(step.nodes)
    folded = st.expander(
        f"**{escaped(name)}**  :gray[{escaped(what)}]",
        icon=f":material/{'input' if given else ICONS[MomentKind.STEP]}:",
        key=f"step_{step.checkpoint_id}",
        expanded=st.query_params.get("what_if") == step.checkpoint_id,
        on_change="rerun",
    )
    if folded.open:  # what is not opened is not compared
        with folded:
            _show_inside(moment, step, beside_step)


def _show_inside(moment: Moment, step: Step, beside_step: Callable[[str], None] | None) -> None:
    st.markdown(f":gray[Step {step.number}, {clock(step.at)}]")
    changed, difference, state = st.tabs(["What it changed", "Before and after", "The state after it"])
    with changed:
        show_fields(filled(step))
    with difference:
        show_differences(moment.changes(), "before", "after", "Nothing changed.")
    with state:
        show_values(step.values)
    if beside_step is not None:
        beside_step(step.checkpoint_id)


def _show_entry(moment: Moment, entry: AuditEntry) -> None:
    tone = TONES.get(moment.kind, "gray")
    about = [str(entry.detail.get("title") or "")] if moment.kind == MomentKind.REVIEW else []
    told = [*about, str(entry.detail.get("message") or entry.detail.get("error") or "")]
    said = "".join(f"  \n{escaped(_short(each))}" for each in told if each)
    by = "" if entry.actor == "system" else f" by {escaped(entry.actor)}"
    st.markdown(
        f":{tone}[:material/{ICONS[moment.kind]}:] {escaped(action(entry.action))}{by} "
        f":gray[{clock(entry.at)}]{said}"
    )  # fmt: skip


def filled(step: Step) -> dict[str, Any]:
    """What the step changed, without what is empty."""
    return {key: value for key, value in step.changes.items() if value not in (None, "", [], {})}


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 240 else f"{line[:239]}…"
