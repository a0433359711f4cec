"""Insights: counted from the audit entries alone, and equal to them."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from review.cases import COUNTED, DECIDED, cases_of
from review.desk import Desk
from review.insights import Chosen, Counting, Insights, insights_of
from review.ledger.tables import audit
from review.model import AuditEntry, DecisionType, ReviewStatus
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, BEN, FRAGILE, begin, pending

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = MONDAY + timedelta(days=30)
EVERYTHING = Chosen()


class Told:
    """Entries as they would be written, one review after the other."""

    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []

    def tell(
        self, action: str, review: str, at: datetime, actor: str = "ada", graph: str = "ask", **more: object
    ) -> None:
        number = len(self.entries) + 1
        self.entries.append(AuditEntry(number, at, action, actor, False, "g", "t", review, graph, dict(more)))

    def insights(self, chosen: Chosen = EVERYTHING, at: datetime = LATER) -> Insights:
        return insights_of(cases_of(self.entries).values(), chosen, UTC, at)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def test_what_waits_is_what_was_opened_and_neither_decided_nor_superseded() -> None:
    told = Told()
    for name in "abcd":
        told.tell("review.opened", name, MONDAY, due_at=(MONDAY + hours(4)).isoformat() if name == "d" else None)
    told.tell("review.approved", "a", MONDAY + hours(1))
    told.tell("review.superseded", "b", MONDAY + hours(2))
    found = told.insights()
    assert (found.waiting, found.overdue, found.opened, found.total.count) == (2, 1, 4, 1)
    assert told.insights(at=MONDAY + hours(3)).overdue == 0


def test_waiting_over_time_is_told_for_the_end_of_each_day() -> None:
    told = Told()
    told.tell("review.opened", "a", MONDAY)
    told.tell("review.opened", "b", MONDAY + timedelta(days=1))
    told.tell("review.approved", "a", MONDAY + timedelta(days=2))
    found = told.insights(at=MONDAY + timedelta(days=3))
    assert [(day.name, day.opened, day.waiting, day.decided.count) for day in found.days] == [
        ("2026-03-02", 1, 1, 0),
        ("2026-03-03", 1, 2, 0),
        ("2026-03-04", 0, 1, 1),
        ("2026-03-05", 0, 1, 0),
    ]
    assert [(week.name, week.opened, week.waiting, week.decided.count) for week in found.weeks] == [
        ("2026-W10", 2, 1, 1)
    ]


def test_a_decision_that_was_undone_or_refused_does_not_count() -> None:
    told = Told()
    for name, back in (("a", "decision.withdrawn"), ("b", "decision.invalid")):
        told.tell("review.opened", name, MONDAY)
        told.tell("review.approved", name, MONDAY + hours(1))
        told.tell(back, name, MONDAY + hours(2))
    assert (told.insights().waiting, told.insights().total.count) == (2, 0)
    told.tell("review.rejected", "a", MONDAY + hours(3))
    assert told.insights().total.types == {DecisionType.REJECT: 1}
    assert told.insights().total.median == hours(3).total_seconds()


def test_a_recorded_decision_that_is_applied_again_is_no_second_one() -> None:
    told = Told()
    told.tell("review.opened", "a", MONDAY)
    told.tell("review.approved", "a", MONDAY + hours(1))
    told.tell("resume.failed", "a", MONDAY + hours(1))
    told.tell("review.retried", "a", MONDAY + hours(5), actor="ben")
    assert told.insights().total.types == {DecisionType.APPROVE: 1}


def test_median_and_p95_are_of_the_time_from_opening_to_decision() -> None:
    told = Told()
    for number in range(1, 101):
        told.tell("review.opened", str(number), MONDAY)
        told.tell("review.approved", str(number), MONDAY + hours(number))
    found = told.insights().total
    assert (found.median, found.p95) == (hours(50.5).total_seconds(), hours(95).total_seconds())


def test_shares_of_words_reasons_and_lateness_are_counted() -> None:
    told = Told()
    for name, action, more in (
        ("a", "review.edited", {"share_changed": 0.2}),
        ("b", "review.edited", {"share_changed": 0.4}),
        ("c", "review.rejected", {"reason": "Tone"}),
        ("d", "review.rejected", {"reason": "Tone"}),
        ("e", "review.responded", {"reason": "Facts"}),
        ("f", "review.rejected", {"message": "It is too long."}),
        ("g", "review.responded", {"message": "Say who."}),
    ):
        told.tell("review.opened", name, MONDAY, due_at=(MONDAY + hours(1)).isoformat())
        told.tell(action, name, MONDAY + hours(2 if name == "e" else 0.5), **more)
    found = told.insights()
    assert found.shares == [0.2, 0.4]
    assert found.total.changed == pytest.approx(0.3)
    assert (list(found.reasons), found.in_own_words) == ([("Tone", 2), ("Facts", 1)], 1)
    assert found.total.late == 1


def test_filters_by_graph_reviewer_and_week() -> None:
    told = Told()
    for name, graph, who, week in (("a", "one", "ada", 0), ("b", "one", "ben", 1), ("c", "two", "ben", 1)):
        at = MONDAY + timedelta(weeks=week)
        told.tell("review.opened", name, at, graph=graph)
        told.tell("review.approved", name, at + hours(1), who, graph)
    assert told.insights(Chosen(graph="one")).total.count == 2
    assert [each.name for each in told.insights(Chosen(reviewer="ben")).graphs] == ["one", "two"]
    assert told.insights(Chosen(reviewer="ben")).opened == 3
    weekly = told.insights(Chosen(week="2026-W11"))
    assert (weekly.total.count, weekly.opened, [week.name for week in weekly.weeks]) == (2, 2, ["2026-W11"])
    assert len(weekly.days) == 7


def test_days_are_those_of_the_readers_zone() -> None:
    told = Told()
    told.tell("review.opened", "a", datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
    berlin = insights_of(cases_of(told.entries).values(), Chosen(), ZoneInfo("Europe/Berlin"), LATER)
    assert (berlin.days[0].name, told.insights().days[0].name) == ("2026-03-03", "2026-03-02")


def test_numbers_are_equal_to_the_entries_of_a_desk_at_work(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK, "fragile": FRAGILE})
    (desk.settings.graphs.parent / "broken").touch()
    rng = random.Random(7)
    for number in range(14):
        thread = begin(desk, "ask" if number % 5 else "fragile", example=number % 7 == 6)
        review = pending(desk, thread.id)
        who = rng.choice([ADA, BEN])
        if review.kind == "failed":
            continue
        match number % 4:
            case 0:
                desk.decide(review.id, "edit", who, value="About better bread")
            case 1:
                desk.decide(review.id, "reject", who, message="no")
            case 2:
                desk.decide(review.id, "approve", who, undo_seconds=60)
                desk.undo(review.id, who)
            case _:
                desk.close_thread(thread.id, who)
        desk.finish(thread.id)
    found = desk.counting.insights()
    assert (found.waiting, found.opened) == _recounted(desk)[:2]
    assert found.total.types == _recounted(desk)[2]
    assert found.waiting == sum(not review.example for review in desk.ledger.reviews.page(limit=100))
    decided = [review for review in desk.ledger.exporting.decided() if review.status == ReviewStatus.RESUMED]
    assert sorted(found.shares) == sorted(
        review.decision.share_changed
        for review in decided
        if review.decision and review.decision.share_changed is not None
    )
    assert found.shares


def _recounted(desk: Desk) -> tuple[int, int, Counter[DecisionType]]:
    """From the entries by another way: of each review, all of its actions in order."""
    entries = sorted(desk.ledger.audit.entries(limit=None), key=lambda entry: (entry.review_id or "", entry.id))
    examples = {review.id for review in desk.ledger.reviews.page(status=(), limit=500) if review.example}
    waiting, opened, types = 0, 0, Counter[DecisionType]()
    for review_id, told in itertools.groupby(entries, key=lambda entry: entry.review_id):
        if review_id is None or review_id in examples:
            continue
        actions = [entry.action for entry in told if entry.action in COUNTED]
        opened += 1
        waiting += actions[-1] in ("review.opened", "decision.withdrawn", "decision.invalid")
        if made := [action for action in actions if action in DECIDED]:
            last = max(index for index, action in enumerate(actions) if action in DECIDED)
            if not {"decision.withdrawn", "decision.invalid"} & set(actions[last:]):
                types[DECIDED[made[-1]]] += 1
    return waiting, opened, types


def test_examples_are_left_out(desk: Desk) -> None:
    thread = begin(desk, example=True)
    desk.decide(pending(desk, thread.id).id, "approve", ADA)
    assert desk.counting.insights().opened == 0
    assert desk.counting.names() == ([], [], [])


def test_only_new_entries_are_read_again(desk: Desk) -> None:
    begin(desk)
    read: list[int] = []

    class Noting:
        def since(self, after: int = 0, *, actions: tuple[str, ...] = ()):  # type: ignore[no-untyped-def]
            for entry in desk.ledger.audit.since(after, actions=actions):
                read.append(entry.id)
                yield entry

    counting = Counting(Noting())
    assert counting.insights().opened == 1
    begin(desk)
    assert counting.insights().opened == 2
    assert counting.insights() is counting.insights()
    assert len(read) == len(set(read)) == 2


def test_a_hundred_thousand_entries_are_read_in_one_pass(desk: Desk) -> None:
    rows = []
    for number in range(50_000):
        common = {"signed_in": False, "group": "g", "thread_id": "t", "review_id": f"r{number}", "graph": "ask"}
        at = MONDAY + timedelta(minutes=number)
        rows.append(common | {"at": at, "action": "review.opened", "actor": "system", "detail": {}})
        rows.append(common | {"at": at + hours(1), "action": "review.approved", "actor": "ada", "detail": {}})
    with desk.ledger._database.write() as connection:
        connection.execute(insert(audit), rows)
    found = desk.counting.insights()
    assert (found.total.count, found.total.median, found.waiting) == (50_000, 3600, 0)
