"""The story of a thread: steps and entries in the order of time, and where two branches part."""

from __future__ import annotations

from review.desk import Desk
from review.redline import FieldChange
from review.story import Moment, MomentKind, parted, story_of
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, BEN, FRAGILE, begin, pending, step_factory


def story(desk: Desk, thread_id: str) -> list[Moment]:
    return story_of(desk.steps(thread_id), desk.ledger.audit.entries(thread_id=thread_id))


def told(desk: Desk, thread_id: str) -> list[str]:
    """The nodes that ran and the actions between them."""
    return [
        moment.entry.action if moment.entry else ", ".join(moment.step.nodes) if moment.step else ""
        for moment in story(desk, thread_id)
    ]


def test_steps_and_decisions_stand_in_the_order_of_time(desk: Desk) -> None:
    thread = begin(desk)
    desk.decide(pending(desk, thread.id).id, "approve", ADA)
    desk.finish(thread.id)
    words = told(desk, thread.id)
    order = ["thread.started", "write", "review.opened", "review.approved", "ask", "publish", "thread.finished"]
    assert [word for word in words if word in order] == order


def test_failures_and_edits_are_told_as_such(make_desk: MakeDesk) -> None:
    desk = make_desk({"fragile": FRAGILE})
    (desk.settings.graphs.parent / "broken").touch()
    thread = begin(desk, "fragile")
    desk.edit_state(thread.id, {"topic": "cake"}, BEN)
    kinds = {moment.entry.action: moment.kind for moment in story(desk, thread.id) if moment.entry}
    assert kinds["thread.failed"] == MomentKind.FAILURE
    assert kinds["thread.state_edited"] == MomentKind.EDIT
    assert kinds["review.opened"] == MomentKind.REVIEW
    assert kinds["thread.started"] == MomentKind.THREAD


def test_a_step_knows_what_it_changed_of_the_one_before() -> None:
    first = step_factory(checkpoint_id="1", values={"topic": "bread", "log": ["a"]}, changes={})
    second = step_factory(checkpoint_id="2", values={"topic": "bread", "log": ["a", "b"], "answer": 1}, changes={})
    one, other = story_of([first, second], [])
    assert [change.path for change in one.changes()] == ["topic", "log"]
    assert [(change.path, change.after) for change in other.changes()] == [("log / 2", "b"), ("answer", 1)]
    assert all(isinstance(change, FieldChange) for change in other.changes())


def test_branches_part_where_their_checkpoints_do(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK})
    origin = begin(desk)
    step = desk.steps(origin.id)[-1]
    fork = desk.finish(desk.fork(origin.id, step.checkpoint_id, BEN, values={"topic": "cake"}).id)
    ours, theirs = desk.steps(origin.id), desk.steps(fork.id)
    assert parted(ours, theirs) == len(ours) == len(theirs) - 1
    assert parted(ours, ours) == len(ours)
