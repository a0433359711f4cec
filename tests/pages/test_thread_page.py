"""The page of one thread: read once for each drawing, watched while it runs, with what if beside each step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from review.desk import Desk
from review.model import ThreadStatus
from tests.pages.conftest import PageDesk
from tests.pages.screens import DRAFTS, asking, heading, open_page, opened, said, told
from tests.review.test_watching_ends import PUBLISHES
from tests.support import ADA, BEN, FRAGILE, begin, pending, wait_for

WAITS = """
HERE = pathlib.Path(__file__).parent
def first(state): return {"log": ["first"]}
def wait(state):
    while not (HERE / "go").exists():
        time.sleep(0.02)
    return {"log": ["waited"]}
graph = wire(first, wait)
"""


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Callable[[Desk], Counter[str]]:
    """Counts what is asked of the desk's engine, which answers as ever."""

    def over(desk: Desk) -> Counter[str]:
        counted: Counter[str] = Counter()

        def counting(name: str) -> Callable[..., Any]:
            asked = getattr(desk.engine, name)

            def call(*given: Any, **more: Any) -> Any:
                counted[name] += 1
                return asked(*given, **more)

            return call

        for name in ("steps", "snapshot"):
            monkeypatch.setattr(desk.engine, name, counting(name))
        return counted

    return over


def test_a_thread_is_read_once_for_each_drawing(drafts: Desk, count: Callable[[Desk], Counter[str]]) -> None:
    thread = begin(drafts, "drafts")
    at = open_page("threads", thread=thread.id)
    counted = count(drafts)
    at.run()
    assert counted == {"steps": 1, "snapshot": 1}


def test_a_running_thread_is_read_once_for_each_tick(
    page_desk: PageDesk, count: Callable[[Desk], Counter[str]], tmp_path: Path
) -> None:
    desk = page_desk(waits=WAITS)
    desk.relay.start()
    thread = desk.start("waits", {}, ADA)
    wait_for(lambda: desk.watch(thread.id).next == ("wait",), "the second node")
    at = open_page("threads", thread=thread.id)
    assert "What if" not in [button.label for button in at.button]
    (drawn,) = [element.value for element in at.markdown if element.value.startswith("````mermaid")]
    assert '("✓ first"):::done' in drawn
    assert '("▶ wait"):::now' in drawn
    counted = count(desk)
    at.run()
    assert counted == {"steps": 1, "snapshot": 1}
    (tmp_path / "graphs" / "go").touch()
    wait_for(lambda: desk.thread(thread.id).status == ThreadStatus.DONE, "the end")
    assert "What if" in [button.label for button in at.run().button]


def test_what_if_stands_beside_each_step_and_opens_over_the_page(drafts: Desk) -> None:
    thread = begin(drafts, "drafts")
    steps = [step for step in drafts.steps(thread.id) if any(step.changes.values())]
    at = open_page("threads", thread=thread.id)
    assert [at.button(f"what_if_{step.checkpoint_id}").label for step in steps] == ["What if"] * len(steps)
    at.button(f"what_if_{steps[-1].checkpoint_id}").click().run()
    (dialog,) = at.get("dialog")
    assert dialog.proto.dialog.title == "What if, after write"
    assert "next came review" in said(at)
    at.button(f"whatif_{steps[-1].checkpoint_id}_leave").click().run()
    assert not at.get("dialog")
    assert "what_if" not in at.query_params
    assert drafts.ledger.forks.of(thread.id) == []


def test_a_refusal_is_told_over_the_page_and_editing_goes_on(drafts: Desk) -> None:
    thread = begin(drafts, "drafts")
    step = drafts.steps(thread.id)[-1]
    at = open_page("threads", thread=thread.id, what_if=step.checkpoint_id)
    at.segmented_control(f"whatif_{step.checkpoint_id}_way").set_value("Another state").run()
    at.button(f"whatif_{step.checkpoint_id}_preview").click().run()
    assert told(at) == "Nothing is changed yet. Change a field first."
    (topic,) = [field for field in at.text_input if field.value == "bread"]
    topic.set_value("cake").run()
    at.button(f"whatif_{step.checkpoint_id}_preview").click().run()
    assert not at.error
    at.button(f"whatif_{step.checkpoint_id}_back").click().run()
    assert [field.value for field in at.text_input if field.value == "cake"]


def test_what_the_desk_decided_at_a_deadline_is_told_as_its_own(page_desk: PageDesk) -> None:
    desk = page_desk(late=asking('{"draft": "x", "timeout_seconds": 0.01, "on_timeout": "reject"}'))
    review = pending(desk, begin(desk, "late").id)
    wait_for(lambda: desk.relay.run_due() or desk.review(review.id).decision, "the deadline")
    desk.finish(review.thread_id)
    assert "Rejected by the desk" in said(open_page("threads", thread=review.thread_id))
    assert "The desk rejected," in said(opened(review))


@pytest.mark.parametrize(
    ("source", "kind", "value", "word"),
    [
        (DRAFTS, "approve", None, "Finished"),
        (DRAFTS, "respond", None, "Asks again"),
        (PUBLISHES, "answer", "yes", "Published"),
    ],
)
def test_a_decided_review_says_in_a_word_what_came_of_it(
    page_desk: PageDesk, source: str, kind: str, value: Any, word: str
) -> None:
    desk = page_desk(graph=source)
    review = pending(desk, begin(desk, "graph", {} if source == PUBLISHES else None).id)
    desk.decide(review.id, kind, BEN, value=value, message="More." if kind == "respond" else "")
    desk.finish(review.thread_id, review.id)
    shown = said(opened(review))
    assert f": {word}]" in shown
    if word == "Published":
        assert "data/articles/rye.md" in shown


def test_a_run_that_fails_says_so_with_its_error(page_desk: PageDesk) -> None:
    desk = page_desk(fragile=FRAGILE)
    (desk.settings.graphs.parent / "broken").touch()
    thread = begin(desk, "fragile")
    at = open_page("start", thread=thread.id)
    assert ": Failed]" in said(at)
    assert "The printer is on fire." in said(at)
    assert heading(at) == "Start"
