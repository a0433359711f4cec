"""One step of a thread in words, the same wherever a step is shown."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components.subject import show_fields
from components.times import clock
from components.words import escaped
from review.model import Step

GIVEN = (("input",), ("__start__",))  # the steps in which LangGraph takes the input
EDITED = ("update",)  # a checkpoint that a person made


def is_told(step: Step) -> bool:
    """Whether there is anything to say of it: of the two steps that take the input, one has nothing."""
    return step.nodes not in GIVEN or bool(filled(step))


def name_of(step: Step) -> str:
    return "input" if step.nodes in GIVEN else "state edited" if step.nodes == EDITED else ", ".join(step.nodes)


def changed_by(step: Step) -> str:
    return f"changed {', '.join(step.changed)}" if step.changed else "changed nothing"


def line_of(step: Step) -> str:
    """Its name and what it changed, as Markdown for a label."""
    return f"**{escaped(name_of(step))}**  :gray[{escaped(changed_by(step))}]"


def icon_of(step: Step) -> str:
    return f":material/{'input' if step.nodes in GIVEN else 'check_circle'}:"


def filled(step: Step) -> dict[str, Any]:
    """What the step changed, without what is empty."""
    return {key: value for key, value in step.changes.items() if value not in (None, "", [], {})}


def show_changes(step: Step) -> None:
    """What it changed, and when it ended."""
    show_fields(filled(step))
    st.markdown(f":gray[{when(step)}]")


def when(step: Step) -> str:
    return f"Step {step.number}, {clock(step.at)}"
