"""What if, on the thread's page: another state or another decision, in a new thread; two branches side by side."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from review.desk import Desk
from review.model import Step
from tests.pages.conftest import PageDesk
from tests.pages.redlines import redlines
from tests.pages.screens import choose, heading, labels, links, open_page, rows, said, told
from tests.support import ADA, BEN, FRAGILE, begin, pending, values

PAYS = """
from review.contract import once
HERE = pathlib.Path(__file__).parent
def ask(state): return {"answer": interrupt({"draft": f"Pay for {state['topic']}?", "prompt": "Pay?"})}
def pay(state):
    return {"log": [once("pay", lambda: (HERE / "paid").write_text("paid"))]}
graph = wire(ask, pay)
"""


def written(desk: Desk, thread_id: str) -> Step:
    return next(step for step in desk.steps(thread_id) if step.nodes == ("write",))


def asking_what_if(desk: Desk, thread_id: str, step: Step) -> AppTest:
    """By the button beside the step."""
    at = open_page("threads", thread=thread_id)
    at.button(f"what_if_{step.checkpoint_id}").click().run()
    assert not at.exception, at.exception
    return at


def shown_thread(at: AppTest) -> str:
    found = at.query_params["thread"]
    return found if isinstance(found, str) else found[0]


def test_an_opened_step_shows_its_state_and_the_difference(drafts: Desk) -> None:
    thread = begin(drafts, "drafts")
    step = written(drafts, thread.id)
    at = open_page("threads", thread=thread.id)
    assert "First, about bread." not in said(at)
    at.session_state[f"step_{step.checkpoint_id}"] = True
    at.run()
    assert "First, about bread." in said(at)
    assert [tab.label for tab in at.tabs] == ["What it changed", "Before and after", "The state after it"]


def test_the_story_tells_who_decided_between_the_steps(drafts: Desk) -> None:
    thread = begin(drafts, "drafts")
    drafts.decide(pending(drafts, thread.id).id, "reject", BEN, message="Too *short*")
    drafts.finish(thread.id)
    at = open_page("threads", thread=thread.id)
    assert "Rejected by ben" in said(at)
    assert "Too *short*" in said(at)


@pytest.mark.parametrize("elsewhere", ["another page", "another thread"])
def test_whoever_went_elsewhere_meanwhile_is_not_led_to_what_is_asked_again(drafts: Desk, elsewhere: str) -> None:
    origin = begin(drafts, "drafts")
    at = asking_what_if(drafts, origin.id, written(drafts, origin.id))
    at.button(f"whatif_{written(drafts, origin.id).checkpoint_id}_begin").click().run()
    fork = shown_thread(at)
    if elsewhere == "another page":
        at.switch_page("../pages/history.py").run()
        at.switch_page("../pages/threads.py").run()
    else:
        at.query_params["thread"] = origin.id
        at.run()
    drafts.finish(fork)
    at.query_params["thread"] = fork
    at.run()
    assert heading(at) == drafts.thread(fork).title
    assert f"submit_{pending(drafts, fork).id}" not in [button.key for button in at.button]


def test_another_decision_is_taken_in_a_new_thread(drafts: Desk) -> None:
    origin = begin(drafts, "drafts")
    first = pending(drafts, origin.id)
    drafts.decide(first.id, "approve", BEN)
    drafts.finish(origin.id)
    at = asking_what_if(drafts, origin.id, written(drafts, origin.id))
    at.button(f"whatif_{written(drafts, origin.id).checkpoint_id}_begin").click().run()
    fork = drafts.finish(shown_thread(at))
    assert fork.origin_thread == origin.id
    assert "what_if" not in at.query_params
    again = pending(drafts, fork.id)
    at.run()
    assert "This is asked again, in a new thread." in said(at)
    assert f"submit_{again.id}" in [button.key for button in at.button]
    at = choose(open_page("review", review=again.id), again, "reject")
    at.text_area(f"message_reject_{again.id}").set_value("Too short").run()
    at.button(f"submit_{again.id}").click().run()
    assert not at.exception
    made = [drafts.review(review.id).decision for review in (first, again)]
    assert [(each.type, each.reviewer) for each in made if each] == [("approve", "ben"), ("reject", "ada")]


def test_a_new_thread_that_asks_nothing_stays_on_its_page(drafts: Desk) -> None:
    origin = begin(drafts, "drafts")
    at = asking_what_if(drafts, origin.id, written(drafts, origin.id))
    at.button(f"whatif_{written(drafts, origin.id).checkpoint_id}_begin").click().run()
    fork = drafts.finish(shown_thread(at))
    drafts.close_thread(fork.id, BEN)
    at.run()
    assert (shown_thread(at), heading(at)) == (fork.id, "Draft: bread")
    assert not at.exception


def test_a_fork_of_an_example_is_marked_as_one_wherever_it_is_listed(drafts: Desk) -> None:
    origin = begin(drafts, "drafts", example=True)
    fork = drafts.finish(drafts.fork(origin.id, written(drafts, origin.id).checkpoint_id, BEN).id)
    lists = (rows(open_page(), "Pending reviews"), rows(open_page("threads"), "Threads"),
             rows(open_page("threads", thread=fork.id), "Reviews"))  # fmt: skip
    assert [len(found) for found in lists] == [2, 2, 1]
    assert all("Example" in [badge[0] for badge in row["badges"]] for found in lists for row in found)


def test_another_state_is_previewed_then_begun_in_a_new_thread(drafts: Desk) -> None:
    origin = begin(drafts, "drafts")
    step = written(drafts, origin.id)
    at = asking_what_if(drafts, origin.id, step)
    at.segmented_control(f"whatif_{step.checkpoint_id}_way").set_value("Another state").run()
    (topic,) = [field for field in at.text_input if field.value == "bread"]
    topic.set_value("cake")
    at.button(f"whatif_{step.checkpoint_id}_preview").click().run()
    assert redlines(at)["topic"] == ("bread", "cake")
    at.button(f"whatif_{step.checkpoint_id}_begin").click().run()
    fork = drafts.finish(shown_thread(at))
    assert values(drafts, fork.id)["topic"] == "cake"
    assert values(drafts, origin.id)["topic"] == "bread"
    at.run()
    assert heading(at) == "Draft: bread"  # named as its origin was


def test_an_action_is_asked_about_before_it_is_done_again(page_desk: PageDesk) -> None:
    desk = page_desk(pays=PAYS)
    origin = begin(desk, "pays")
    asked = pending(desk, origin.id)
    desk.decide(asked.id, "approve", ADA)
    desk.finish(origin.id)
    at = open_page("threads", thread=origin.id, what_if=str(asked.checkpoint_id))
    begins = f"whatif_{asked.checkpoint_id}_begin"
    assert "what has run already: pay" in said(at)
    assert at.button(begins).disabled
    at.checkbox(f"whatif_{asked.checkpoint_id}_may_repeat").check().run()
    at.button(begins).click().run()
    assert [fork.id for fork in desk.ledger.forks.of(origin.id)] == [shown_thread(at)]


def test_nothing_is_forked_for_a_person_without_a_name(drafts: Desk) -> None:
    origin = begin(drafts, "drafts")
    step = written(drafts, origin.id)
    at = open_page("threads", name=None, thread=origin.id, what_if=step.checkpoint_id)
    at.button(f"whatif_{step.checkpoint_id}_begin").click().run()
    assert told(at).startswith("Give your name first")
    assert drafts.ledger.forks.of(origin.id) == []


def test_a_checkpoint_that_is_not_there_is_a_sentence(drafts: Desk) -> None:
    at = open_page("threads", thread=begin(drafts, "drafts").id, what_if="nowhere")
    assert "has no checkpoint 'nowhere'" in said(at)


def test_two_branches_stand_side_by_side_with_their_difference(drafts: Desk) -> None:
    origin = begin(drafts, "drafts")
    fork = drafts.finish(drafts.fork(origin.id, written(drafts, origin.id).checkpoint_id, BEN,
                                     values={"topic": "cake"}).id)  # fmt: skip
    assert links(open_page("threads", thread=origin.id)).count("Side by side") == 1
    at = open_page("threads", thread=fork.id, beside=origin.id)
    assert ":gray[In common:] input, write" in said(at)
    assert redlines(at)["topic"] == ("cake", "bread")
    assert "All threads" in labels(at)


def test_the_drawing_marks_where_it_stands_and_where_it_failed(page_desk: PageDesk) -> None:
    desk = page_desk(fragile=FRAGILE)
    (desk.settings.graphs.parent / "broken").touch()
    thread = begin(desk, "fragile")
    at = open_page("threads", thread=thread.id)
    (drawn,) = [element.value for element in at.markdown if element.value.startswith("````mermaid")]
    assert '("✓ first"):::done' in drawn
    assert '("✕ fragile"):::failed' in drawn
    assert "✓ ran; ✕ failed at fragile" in said(at)
