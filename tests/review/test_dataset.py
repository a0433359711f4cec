"""The decisions as JSON Lines: what was asked, the draft, the edit, the verdict, the reason."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from review.dataset import decision_lines
from review.desk import Desk
from review.insights import Chosen
from review.model import now
from tests.conftest import MakeDesk
from tests.support import ADA, ASK, BEN, begin, pending

TOOLS = """
def ask(state):
    call = {"name": "pay", "args": {"to": "ada", "amount": 3}}
    configs = [{"action_name": "pay", "allowed_decisions": ["approve", "edit", "reject"]}]
    return {"answer": interrupt({"action_requests": [call], "review_configs": configs})}
graph = wire(ask)
"""


def lines(desk: Desk, **only: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in decision_lines(desk.ledger, **only)]


def decided(desk: Desk, kind: str, graph: str = "ask", **more: Any) -> str:
    review = pending(desk, begin(desk, graph, example=more.pop("example", False)).id)
    desk.decide(review.id, kind, ADA, **more)
    desk.finish(review.thread_id)
    return review.id


def test_an_edit_has_the_draft_and_what_became_of_it(desk: Desk) -> None:
    review_id = decided(desk, "edit", value="About better bread", message="clearer")
    (line,) = lines(desk)
    assert (line["review"], line["verdict"], line["message"]) == (review_id, "edit", "clearer")
    assert line["prompt"]["title"] == "Publish?"
    assert line["prompt"]["payload"] == {"draft": "About bread", "prompt": "Publish?"}
    assert (line["draft"], line["edit"]) == ("About bread", "About better bread")
    assert 0 < line["share_changed"] < 1
    assert line["asked_at"] < line["decided_at"]
    assert (line["reviewer"], line["signed_in"], line["status"]) == ("ada", False, "resumed")


def test_an_approval_has_no_edit(desk: Desk) -> None:
    decided(desk, "approve", seconds_shown=12.5)
    (line,) = lines(desk)
    assert (line["verdict"], line["edit"], line["share_changed"]) == ("approve", None, None)
    assert line["seconds_shown"] == 12.5


def test_the_arguments_of_an_action_are_its_draft(make_desk: MakeDesk) -> None:
    desk = make_desk({"tools": TOOLS})
    decided(desk, "edit", "tools", value={"to": "ada", "amount": 4})
    (line,) = lines(desk)
    assert line["draft"] == {"to": "ada", "amount": 3}
    assert line["edit"] == {"to": "ada", "amount": 4}
    assert line["share_changed"] == 0.5


def test_only_decisions_that_stand_are_written(desk: Desk) -> None:
    undone = pending(desk, begin(desk).id)
    desk.decide(undone.id, "approve", BEN, undo_seconds=60)
    assert lines(desk) == []  # it can still be undone
    desk.undo(undone.id, BEN)
    begin(desk)
    decided(desk, "approve", example=True)
    assert lines(desk) == []
    kept = decided(desk, "reject", message="no")
    assert [line["review"] for line in lines(desk)] == [kept]


def test_the_time_and_the_graph_narrow_it(make_desk: MakeDesk) -> None:
    desk = make_desk({"ask": ASK, "other": ASK})
    first = decided(desk, "approve")
    between = now()
    second = decided(desk, "approve", "other")
    assert [line["review"] for line in lines(desk)] == [first, second]
    assert [line["review"] for line in lines(desk, since=between)] == [second]
    assert [line["review"] for line in lines(desk, graph="ask")] == [first]
    assert lines(desk, since=now() + timedelta(days=1)) == []
    assert [line["review"] for line in lines(desk, until=between)] == [first]
    assert [len(lines(desk, reviewer=name)) for name in ("ada", "ben")] == [2, 0]


def test_a_week_lasts_from_monday_to_monday_of_the_zone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    begins, ends = Chosen(week="2026-W13").span(berlin)  # at its end the clocks are put forward
    assert begins is not None
    assert ends is not None
    assert (begins.isoformat(), ends.isoformat()) == ("2026-03-23T00:00:00+01:00", "2026-03-30T00:00:00+02:00")
    assert Chosen().span(berlin) == (None, None)
