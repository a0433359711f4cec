"""While a structured payload is edited: what is changed of it, field by field, below the form."""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from review.desk import Desk
from review.model import Review
from tests.pages.conftest import PageDesk
from tests.pages.screens import choose, opened, said, write
from tests.pages.test_forms import ACTIONS, INVOICE
from tests.support import begin, pending

UNREAD = "What you change is shown here as soon as every field can be read."


def editing(desk: Desk, graph: str) -> tuple[Review, AppTest]:
    review = pending(desk, begin(desk, graph).id)
    return review, choose(opened(review), review, "edit")


def changes(at: AppTest, label: str = "What you change") -> list[dict[str, Any]] | None:
    """What the list of changes was given to draw; None where there is none."""
    drawn = [json.loads(element.proto.json) for element in at.get("bidi_component") if element.proto.json]
    return next((data["shown"]["fields"] for data in drawn if data.get("label") == label), None)


def test_what_is_changed_is_shown_and_what_the_form_adds_is_not(page_desk: PageDesk) -> None:
    review, at = editing(page_desk(invoice=INVOICE), "invoice")
    assert changes(at) == []
    at.number_input(f"form_{review.id}_copies").set_value(3).run()
    at.text_input(f"form_{review.id}_address/city").set_value("Bonn").run()
    assert changes(at) == [
        {"path": "copies", "before": "1", "after": "3"},
        {"path": "address / city", "text": {"stretches": [["removed", "Ulm"], ["added", "Bonn"]], "added": 1}
         | {"removed": 1, "coarse": False}},
    ]  # fmt: skip
    at.number_input(f"form_{review.id}_copies").set_value(1).run()
    assert [each["path"] for each in changes(at) or []] == ["address / city"]


def test_another_decision_says_that_it_leaves_out_what_is_changed_and_not_what_the_form_adds(
    page_desk: PageDesk,
) -> None:
    review, at = editing(page_desk(invoice=INVOICE), "invoice")
    assert "not sent with this" not in said(choose(at, review, "approve"))
    at = choose(at, review, "edit")
    at.number_input(f"form_{review.id}_copies").set_value(3).run()
    assert "not sent with this" in said(choose(at, review, "approve"))


def test_what_cannot_be_read_yet_says_so(page_desk: PageDesk) -> None:
    review, at = editing(page_desk(invoice=INVOICE), "invoice")
    at.text_input(f"form_{review.id}_big").set_value("many").run()
    assert changes(at) is None
    assert UNREAD in said(at)
    at.text_input(f"form_{review.id}_big").set_value("7").run()
    assert [each["path"] for each in changes(at) or []] == ["big"]


def test_a_value_that_is_edited_as_json_is_compared_too(page_desk: PageDesk) -> None:
    review, at = editing(page_desk(invoice=INVOICE), "invoice")
    at.toggle(f"as_json_{review.id}").set_value(True).run()
    value = json.loads(at.text_area(f"draft_{review.id}").value)
    del value["lines"]
    at.text_area(f"draft_{review.id}").set_value(json.dumps(value)).run()
    removed = {"path": "lines", "before": ["1:", "    item: desk", "    price: 2", "    sku: 7"], "after": None}
    assert removed in (changes(at) or [])
    at.text_area(f"draft_{review.id}").set_value("{").run()
    assert UNREAD in said(at)


def test_each_action_that_is_edited_has_its_own_folded_below_its_decision(page_desk: PageDesk) -> None:
    desk = page_desk(actions=ACTIONS)
    review = pending(desk, begin(desk, "actions").id)
    at = opened(review)
    key = f"{review.id}_0"
    at.segmented_control(f"choice_{key}").set_value("edit").run()
    assert "What you change: nothing yet" in [each.label for each in at.expander]
    at.number_input(f"form_{key}_amount").set_value(50.0).run()
    assert "What you change: 1 field" in [each.label for each in at.expander]
    assert changes(at, "pay") == [{"path": "amount", "before": "40.0", "after": "50.0"}]


def test_a_text_has_its_redline_in_the_editor_and_no_list_of_fields(drafts: Desk) -> None:
    review, at = editing(drafts, "drafts")
    write(at, review, "Something else.")
    assert changes(at) is None
    assert UNREAD not in said(at)
