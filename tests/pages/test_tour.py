"""The tour of the first minute: shown where there are examples, and no more to who has skipped or ended it."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from review.desk import Desk
from tests.pages.screens import labels, open_page, said
from tests.support import begin


@pytest.fixture
def at(drafts: Desk) -> AppTest:
    begin(drafts, "drafts", example=True)
    return open_page()


def cookie(at: AppTest) -> str:
    """What the browser is told to keep of the tour."""
    drawn = [json.loads(element.proto.json) for element in at.get("bidi_component") if element.proto.json]
    return str(next(data["value"] for data in drawn if data.get("name") == "countersign_tour"))


def test_it_leads_through_four_steps_and_is_over(at: AppTest) -> None:
    told = []
    for _ in range(4):
        told.append(next(text for text in said(at).splitlines() if " of 4" in text).split(" :gray")[0])
        at.button("tour_next").click().run()
    assert told == ["**The list**", "**The decision**", "**The next one**", "**The rest**"]
    assert not {"Next", "Done"} & set(labels(at))
    assert cookie(at) == "seen"


def test_who_skips_it_is_not_shown_it_again(at: AppTest, cookies: dict[str, str]) -> None:
    assert "1 of 4" in said(at)
    assert cookie(at) == ""
    at.button("tour_skip").click().run()
    assert " of 4" not in said(at)
    assert " of 4" not in said(at.run())
    cookies["countersign_tour"] = cookie(at)
    assert " of 4" not in said(open_page())


def test_a_desk_without_examples_has_none(drafts: Desk) -> None:
    begin(drafts, "drafts")
    assert " of 4" not in said(open_page())
