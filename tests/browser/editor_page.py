"""A page of the editor alone, as the review page mounts it: documents in a file, a list that ticks beside it."""

import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))

from components.editor import show_editor
from components.keys import show_keys
from components.redline_view import show_field_changes, show_redline
from components.rows import Row, show_rows
from review.errors import ReviewError

HOME = Path(os.environ["REVIEW_DATA_DIR"])
HOME.mkdir(parents=True, exist_ok=True)
DRAFT = "A first draft.\n\nIt has two paragraphs."


def path(document: str) -> Path:
    return HOME / f"{document}.json"


def read(document: str) -> dict:
    start = {"text": DRAFT, "revision": "1", "saved_at": None}
    return start | json.loads(path(document).read_text("utf-8")) if path(document).exists() else start


def save(document: str, text: str) -> None:
    if "forbidden" in text:
        raise ReviewError("This text is not allowed. Take the word out.")
    kept = read(document) | {"text": text, "saved_at": datetime.now(UTC).timestamp()}
    beside = path(document).with_suffix(".new")
    beside.write_text(json.dumps(kept), "utf-8")
    beside.replace(path(document))


def note(what: str) -> None:
    with (HOME / "happened").open("a", encoding="utf-8") as file:
        file.write(what + "\n")


@st.fragment(run_every=0.3)
def ticking() -> None:
    while (HOME / "busy").exists():
        (HOME / "held up").touch()
        time.sleep(0.02)
    st.session_state.ticks = st.session_state.get("ticks", 0) + 1
    st.text(f"tick {st.session_state.ticks}")


@st.fragment
def editing() -> None:
    document = st.segmented_control("Document", ["one", "two"], default="one", key="document") or "one"
    st.button("Again", key="again")
    kept = read(document)
    show_editor(
        key="editor",
        document_id=document,
        text=kept["text"],
        base=DRAFT,
        revision=kept["revision"],
        label="Your version",
        user=st.query_params.get("user", "ada"),
        height=160,
        saved_at=kept["saved_at"] and datetime.fromtimestamp(kept["saved_at"], UTC),
        on_change=save,
        on_submit=lambda document, text: note(f"submitted {document} {text}"),
    )


ticking()
editing()
st.text_input("Reason", key="reason")


def select(picked: dict[str, bool]) -> None:
    chosen = dict.fromkeys(st.session_state.get("selected", []), True) | picked
    st.session_state.selected = sorted(id for id, on in chosen.items() if on)
    note(f"selected {' '.join(st.session_state.selected)}")


show_rows(
    [Row(id, "#", f"Row {id}") for id in ("one", "two", "three")],
    label="Rows",
    key="rows",
    on_open=lambda id: note(f"opened {id}"),
    on_select=select,
    selected=st.session_state.get("selected", []),
)
with st.container(horizontal=True):
    st.button("Approve", key="approve one:1", on_click=note, args=("approve",), type="primary")
    st.button("Reject", key="reject", on_click=note, args=("reject",))
    st.button("Undo", key="undo", on_click=note, args=("undo",), disabled=True)
    show_keys(
        {"approve": "approve one:1", "reject": "reject", "undo": "undo"},
        on_press=lambda action: note(action),
        actions=["next_row", "leave"],
    )
if (HOME / "texts.json").exists():
    given = json.loads((HOME / "texts.json").read_text("utf-8"))
    show_redline(given["before"], given["after"], key="inline", label="Inline")
    show_redline(given["before"], given["after"], key="sides", side_by_side=True, label="Side by side")
    show_field_changes(given["old"], given["new"], key="fields", label="Fields")
