"""Names: one person's is the same whatever its case and spaces, and nobody has the desk's own."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, TypedDict

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt
from sqlalchemy import event

from review import ApprovalQueue
from review.desk import Desk
from review.errors import BadInput, HeldByOther
from review.ledger import Ledger
from review.ledger.queries import QueueQuery, Tab
from review.ledger.spelling import names_in
from review.ledger.tables import reviews as table
from review.model import Review, ReviewStatus, now
from review.names import same_name
from review.reviewers import SYSTEM, Reviewer
from tests.cli_support import Shell
from tests.conftest import MakeDesk
from tests.review.queue_rows import put, row
from tests.support import ADA, ASK, BEN, actions, begin, pending

LATER = timedelta(hours=1)
SHOUTED = Reviewer("  ADA ")
RESERVED = ["system", "System", " SYSTEM ", "ｓｙｓｔｅｍ"]


@pytest.fixture
def review(desk: Desk) -> Review:
    return pending(desk, begin(desk).id)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ada", " Ada ", True),
        ("Ada  Lovelace", "ada\tlovelace", True),
        ("MÜLLER", "müller", True),
        ("Straße", "STRASSE", True),
        ("Rene\u0301", "RENÉ", True),
        ("ada", "adam", False),
        ("ada", None, False),
        (None, None, False),
    ],
)
def test_a_name_is_the_same_whatever_its_case_and_spaces(one: str | None, other: str | None, same: bool) -> None:
    assert same_name(one, other) is same


def test_a_claim_is_its_owners_however_the_name_is_written(desk: Desk, review: Review) -> None:
    desk.claim(review.id, ADA, seconds=1)
    again = desk.claim(review.id, SHOUTED)
    assert again.assignee == "ADA"
    with pytest.raises(HeldByOther, match="ADA has claimed"):
        desk.claim(review.id, BEN)
    assert desk.release(review.id, ADA).assignee is None
    desk.claim(review.id, ADA)
    (foreseen,) = desk.preview_many([(review.id, review.version)], "approve", SHOUTED)
    assert foreseen.done
    assert desk.decide(review.id, "approve", SHOUTED).status == ReviewStatus.DECIDED
    assert [action for action in actions(desk, review.thread_id) if action.startswith("review.")] == [
        "review.opened",
        "review.claimed",
        "review.released",
        "review.claimed",
        "review.approved",
    ]


def test_an_open_browser_keeps_a_claim_under_another_spelling(desk: Desk, review: Review) -> None:
    first = desk.claim(review.id, ADA, seconds=1).claimed_until
    desk.look_at(review.id, "browser-1", SHOUTED)
    kept = desk.review(review.id).claimed_until
    assert first is not None
    assert kept is not None
    assert kept > first


def test_taking_over_from_oneself_takes_nothing_over(desk: Desk, review: Review) -> None:
    desk.claim(review.id, ADA)
    desk.claim(review.id, SHOUTED, take_over=True)
    assert "review.taken_over" not in actions(desk, review.thread_id)


def test_a_decision_is_undone_by_its_maker_however_the_name_is_written(desk: Desk, review: Review) -> None:
    desk.decide(review.id, "approve", ADA, undo_seconds=600)
    with pytest.raises(HeldByOther):
        desk.undo(review.id, BEN)
    assert desk.undo(review.id, SHOUTED).status == ReviewStatus.PENDING


def test_who_else_has_a_review_open_is_told_once_and_not_of_oneself(desk: Desk, review: Review) -> None:
    assert desk.look_at(review.id, "browser-1", ADA) == []
    assert desk.look_at(review.id, "browser-2", SHOUTED) == []
    assert len(desk.look_at(review.id, "browser-3", BEN)) == 1


def test_drafts_and_private_notes_are_found_by_their_author(desk: Desk, review: Review) -> None:
    desk.save_draft(review.id, ADA, review.version, "content", "First")
    desk.save_draft(review.id, SHOUTED, review.version, "content", "Then")
    assert [draft.value for draft in desk.drafts(review.id, ADA).values()] == ["Then"]
    note = desk.add_note(review.id, ADA, "Only I know.", private=True)
    assert (desk.notes(review.id, " ADA "), desk.notes(review.id, "ben")) == ([note], [])
    desk.decide(review.id, "approve", SHOUTED)
    assert desk.drafts(review.id, ADA) == {}


def test_a_mention_reaches_its_reader_however_either_wrote_the_name(desk: Desk, review: Review) -> None:
    grace = Reviewer("Grace  Hopper")
    desk.claim(review.id, grace)
    note = desk.add_note(review.id, ADA, "@grace  HOPPER, please; I, @Ada, am away.")
    assert note.mentions == ("Grace Hopper", "ada")
    assert [mention.text for mention in desk.mentions("GRACE hopper ")] == [note.text]
    assert desk.mentions("ADA") == []


def test_mine_has_what_is_mine_however_the_name_is_written(make_desk: MakeDesk) -> None:
    deadline = {"after": 600, "escalate": [{"after": 0, "to": "Müller"}]}
    led = {"after": 600, "escalate": [{"after": 0, "to": "leads"}]}
    graphs = dict.fromkeys(("held", "personal", "led"), ASK)
    policy = {"personal": {"deadline": deadline}, "led": {"deadline": led}}
    desk = make_desk(graphs, groups={"leads": ["MÜLLER"]}, policy=policy)
    held = pending(desk, begin(desk, "held").id)
    mine = {held.id} | {pending(desk, begin(desk, graph).id).id for graph in policy}
    desk.claim(held.id, Reviewer("müller"))
    desk.relay.run_due()
    for name in ("Müller", " müller", "MÜLLER"):
        page = desk.queue(QueueQuery(Tab.MINE), name)
        assert {review.id for review in page.reviews} == mine
        assert page.total == 3
    assert desk.queue(QueueQuery(Tab.MINE), "Muller").total == 0
    assert [review.id for review in desk.queue(QueueQuery(assignee="MÜLLER "), "ben").reviews] == [held.id]
    desk.decide(held.id, "approve", Reviewer("Müller"))
    assert [each.id for each in desk.queue(QueueQuery(Tab.DECIDED, assignee="müller"), "").reviews] == [held.id]


def test_an_escalation_leaves_the_claim_of_a_member_whose_name_is_written_otherwise(make_desk: MakeDesk) -> None:
    deadline = {"after": 600, "escalate": [{"after": 0, "to": "leads"}]}
    desk = make_desk({"ask": ASK}, groups={"leads": ["Ada"]}, policy={"ask": {"deadline": deadline}})
    review = desk.review(pending(desk, begin(desk).id).id)
    desk.claim(review.id, ADA)
    desk.relay.run_due()
    escalated = desk.review(review.id)
    assert (escalated.escalated_to, escalated.assignee) == ("leads", "ada")


def test_the_names_of_a_column_are_read_by_its_index_and_not_row_by_row(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    put(ledger, [row(n, assignee=f"person {n % 5}" if n % 2 else None, claimed_until=now()) for n in range(100)])
    sent: list[tuple[str, Any]] = []
    engine = ledger.queue._database._engine
    event.listen(engine, "before_cursor_execute", lambda _c, _u, statement, given, *_: sent.append((statement, given)))
    with ledger.queue._database.read() as connection:
        assert sorted(names_in(connection, table.c.assignee)) == [f"person {n}" for n in range(5)]
        assert names_in(connection, table.c.escalated_to) == []
        asked = [(statement, given) for statement, given in sent if "reviews" in statement]
        plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", given).all() for each, given in asked]
    ledger.close()
    steps = [step[3] for plan in plans for step in plan if "reviews" in step[3]]
    assert len(steps) == 4
    assert all(step.startswith("SEARCH reviews USING COVERING INDEX") for step in steps)


@pytest.mark.parametrize("name", RESERVED)
def test_no_person_has_the_name_of_the_desk(desk: Desk, review: Review, name: str) -> None:
    for signed_in in (True, False):
        with pytest.raises(BadInput, match=r"is the desk's own.*Give another one"):
            Reviewer(name, signed_in=signed_in)
    with pytest.raises(BadInput, match="is the desk's own"):
        desk.assign([review.id], name, ADA)
    with pytest.raises(BadInput, match="is the desk's own"):
        ApprovalQueue(asking(), reviewer=name)
    with ApprovalQueue(asking(), reviewer="ada") as queue:
        thread = queue.submit_for_approval({"topic": "bread"})
        with pytest.raises(BadInput, match="is the desk's own"):
            queue.approve(thread, reviewer=name)
        assert thread in queue.pending
    assert SYSTEM.name == "system"


@pytest.mark.parametrize("name", ["", "  \t ", "x" * 201])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="a name of 1 to 200 characters; this one has"):
        Reviewer(name)


def test_a_shell_names_its_reviewer_as_it_likes_and_never_as_the_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = Shell(tmp_path, monkeypatch)
    review = shell.draft()["id"]
    refused = shell("decide", review, "approve", "--reviewer", "System ")
    assert refused.code == 2
    assert "The name 'System' is the desk's own" in refused.err
    assert "--reviewer NAME" in refused.err
    shell.json("claim", review, "--reviewer", "ada")
    assert shell("decide", review, "approve", "--reviewer", "Ben").code == 3
    assert shell.json("decide", review, "approve", "--reviewer", " Ada ")["status"] == "done"
    assert shell.json("show", review)["decision"]["reviewer"] == "Ada"


class State(TypedDict, total=False):
    topic: str
    answer: Any


def asking() -> Any:
    """A compiled graph that asks once."""
    builder = StateGraph(State)
    builder.add_node("ask", lambda state: {"answer": interrupt({"draft": state["topic"]})})
    builder.add_edge(START, "ask")
    builder.add_edge("ask", END)
    return builder.compile(checkpointer=InMemorySaver())
