"""What was begun on a review is there again in another browser, and gone once the review is decided."""

from __future__ import annotations

from datetime import date

from review.desk import Desk
from tests.pages.conftest import PageDesk
from tests.pages.screens import choose, opened, submit
from tests.support import ADA, begin, pending

TRIP = """
from datetime import date
from pydantic import BaseModel
class Trip(BaseModel):
    city: str
    nights: int
    direct: bool = True
    starts: date
def ask(state):
    payload = {"title": "A trip", "city": "Ulm", "nights": 2, "direct": True, "starts": "2026-03-02"}
    return {"answer": interrupt(payload, response_schema=Trip.model_json_schema())}
graph = wire(ask)
"""


def test_a_reason_half_written_is_there_in_another_browser(drafts: Desk) -> None:
    review = pending(drafts, begin(drafts, "drafts").id)
    at = opened(review)
    choose(at, review, "reject")
    at.text_area(key=f"message_reject_{review.id}").set_value("Too long, and").run()
    assert not at.exception
    other = opened(review)
    assert not other.exception
    assert other.text_area(key=f"message_reject_{review.id}").value == "Too long, and"
    assert opened(review, name="ben").segmented_control(key=f"choice_{review.id}").value == "approve"


def test_a_form_half_filled_comes_back_with_its_types(page_desk: PageDesk) -> None:
    desk = page_desk(trip=TRIP)
    review = pending(desk, begin(desk, "trip").id)
    at = opened(review)
    named = {each.label: each.key for each in (*at.text_input, *at.number_input, *at.toggle, *at.date_input)}
    at.text_input(key=named["City"]).set_value("Bern")
    at.number_input(key=named["Nights"]).set_value(0)
    at.toggle(key=named["Direct"]).set_value(False)
    at.date_input(key=named["Starts"]).set_value(date(2026, 4, 5))
    at.run()
    other = opened(review)
    assert not other.exception
    assert other.text_input(key=named["City"]).value == "Bern"
    assert other.number_input(key=named["Nights"]).value == 0
    assert other.toggle(key=named["Direct"]).value is False
    assert other.date_input(key=named["Starts"]).value == date(2026, 4, 5)
    submit(other, review)
    done = desk.review(review.id).decision
    assert done is not None
    assert done.resume_value == {"city": "Bern", "nights": 0, "direct": False, "starts": "2026-04-05"}


def test_what_nobody_touched_is_not_kept_and_a_decision_forgets_the_rest(drafts: Desk) -> None:
    review = pending(drafts, begin(drafts, "drafts").id)
    at = opened(review)
    assert drafts.drafts(review.id, ADA) == {}
    choose(at, review, "reject")
    at.text_area(key=f"message_reject_{review.id}").set_value("Too long.").run()
    assert drafts.drafts(review.id, ADA).keys() == {"page"}
    submit(at, review)
    assert drafts.drafts(review.id, ADA) == {}


def test_an_edit_that_was_begun_opens_as_an_edit_where_the_choice_is_forgotten(drafts: Desk) -> None:
    review = pending(drafts, begin(drafts, "drafts").id)
    drafts.save_draft(review.id, ADA, review.version, "value", "My text")
    assert opened(review).segmented_control(key=f"choice_{review.id}").value == "edit"


def test_a_field_that_was_filled_and_emptied_stays_empty(page_desk: PageDesk) -> None:
    desk = page_desk(trip=TRIP.replace("nights: int", "nights: int | None = None").replace('"nights": 2, ', ""))
    review = pending(desk, begin(desk, "trip").id)
    at = opened(review)
    (nights,) = [each.key for each in at.number_input]
    at.number_input(key=nights).set_value(5).run()
    at.number_input(key=nights).set_value(None).run()
    assert at.number_input(key=nights).value is None
    at.run()
    assert at.number_input(key=nights).value is None
    assert nights not in desk.drafts(review.id, ADA)["page"].value
