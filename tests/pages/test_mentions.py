"""Who mentions me is said where the queue is, and leads to the review."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from review.desk import Desk
from review.model import Review
from tests.pages.conftest import PageDesk
from tests.pages.screens import DRAFTS, as_read, open_page, said
from tests.support import ADA, BEN, begin, pending

SCRIPT = """
import streamlit as st
from components.mentions import show_mentions
show_mentions(lambda review_id: st.session_state.update(opened=review_id))
"""


@pytest.fixture
def desk(page_desk: PageDesk) -> Desk:
    desk = page_desk(drafts=DRAFTS)
    desk.claim(asked(desk, "butter").id, BEN)
    return desk


def asked(desk: Desk, topic: str) -> Review:
    return pending(desk, begin(desk, "drafts", {"topic": topic}).id)


def strip(name: str | None = "ben") -> AppTest:
    at = AppTest.from_string(SCRIPT, default_timeout=60)
    if name:
        at.session_state["reviewer"] = name
    at.run()
    assert not at.exception
    return at


def test_a_mention_says_who_and_why_and_leads_to_the_review(desk: Desk) -> None:
    review = asked(desk, "rye [bread](https://evil.example)")
    desk.add_note(review.id, ADA, "@ben, is **this**\nright?")
    at = strip()
    (button,) = at.button
    assert as_read(button.label).startswith("**ada mentions you** on Draft: rye [bread](https://evil.example)")
    assert as_read(button.help) == "“@ben, is **this** right?”"
    assert "\\[bread\\](https\\:" in button.label
    button.click().run()
    assert at.session_state["opened"] == review.id
    desk.look_at(review.id, "browser", BEN)
    assert not strip().button


def test_a_review_stands_once_however_many_mention_me_on_it(desk: Desk) -> None:
    review = asked(desk, "rye")
    desk.claim(asked(desk, "oats").id, ADA)
    desk.add_note(review.id, ADA, "@ben one")
    desk.add_note(review.id, ADA, "@ben two")
    at = strip()
    assert len(at.button) == 1
    assert as_read(at.button[0].help) == "“@ben two”"


def test_more_than_fit_are_counted(desk: Desk) -> None:
    for topic in "abcde":
        desk.add_note(asked(desk, topic).id, ADA, f"@ben {topic}")
    at = strip()
    titles = [as_read(button.label).partition(" on ")[2].partition("  ")[0] for button in at.button]
    assert titles == ["Draft: e", "Draft: d", "Draft: c"]
    assert "and on 2 more" in said(at)


@pytest.mark.parametrize("name", ["ada", None])
def test_nothing_stands_there_for_who_is_not_mentioned(desk: Desk, name: str | None) -> None:
    desk.add_note(asked(desk, "rye").id, ADA, "@ben")
    at = strip(name)
    assert not at.button
    assert "mentions" not in said(at)


def test_the_queue_tells_of_it_and_opens_the_review(desk: Desk) -> None:
    review = asked(desk, "rye")
    desk.add_note(review.id, ADA, "@ben, is this right?")
    at = open_page(name="ben")
    assert as_read(at.header[0].value) == "Draft: butter"
    at.button(f"mention_{review.id}").click().run()
    assert at.query_params["review"] == review.id
    assert as_read(at.header[0].value) == review.title
