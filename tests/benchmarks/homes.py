"""What the measured servers serve: a desk with reviews that wait, and bare Streamlit pages to hold beside it."""

from __future__ import annotations

from pathlib import Path

from review.desk import open_desk
from review.model import Review, ReviewStatus
from review.reviewers import Reviewer
from review.settings import Settings

ROOT = Path(__file__).parents[2]
APP = ROOT / "app.py"
BLANK = """
import streamlit as st

st.title("Blank")
"""
# A click changes the heading, and that is all of it.
CLICKED = """
import streamlit as st

def click():
    st.session_state["clicks"] = st.session_state.get("clicks", 0) + 1

st.header(f"Item {st.session_state.get('clicks', 0)}")
st.button("Next", key="next", on_click=click)
"""


def fill(home: Path, count: int, claimed_by: list[Reviewer] | None = None) -> list[Review]:
    """So many drafts that wait, the oldest first; with `claimed_by`, dealt out to these reviewers in turn."""
    desk = open_desk(Settings(data_dir=home / "data", graphs=ROOT / "langgraph.json"))
    try:
        threads = [desk.start("editorial", {"topic": f"Article {number}"}, Reviewer("ada")) for number in range(count)]
        found = []
        for number, thread in enumerate(threads):
            desk.finish(thread.id)
            (review,) = desk.ledger.reviews.of_thread(thread.id, status=[ReviewStatus.PENDING])
            if claimed_by:
                desk.claim(review.id, claimed_by[number % len(claimed_by)])
            found.append(review)
        return sorted(found, key=lambda review: review.created_at)
    finally:
        desk.close()


def bare(home: Path, source: str = BLANK) -> Path:
    """The file of a bare page."""
    script = home / "bare.py"
    script.write_text(source, "utf-8")
    return script
