"""Processes that are killed at every step between a decision and its effect; then everything is compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from review.desk import Desk, open_desk
from review.model import ThreadStatus
from review.settings import Settings
from tests.chaos.agreement import disagreements
from tests.chaos.graphs import GRAPHS
from tests.chaos.kills import PLACES, Campaign
from tests.chaos.processes import ended, forked, was_killed
from tests.chaos.victim import work
from tests.conftest import MakeDesk
from tests.support import ADA, begin, pending, write_graphs

KILLS = 40


def test_kills_lose_nothing_double_nothing_and_leave_nothing_waiting(tmp_path: Path) -> None:
    campaign = Campaign(tmp_path, seed=1, kills=KILLS)
    assert campaign.run() == []
    assert campaign.deaths.total() >= KILLS
    assert set(campaign.deaths) == {*PLACES, "at random"}


def test_what_a_person_found_out_holds_for_the_attempt_that_they_looked_at(make_desk: MakeDesk, tmp_path: Path) -> None:
    """The process that applies their word dies behind the effect that it allowed: nobody knows of that one."""
    desk = make_desk({"unchecked": GRAPHS["unchecked"]}, backoff_seconds=0)
    thread = begin(desk, "unchecked", {"topic": "bread"})
    desk.decide(pending(desk, thread.id).id, "approve", ADA)
    effects = tmp_path / "graphs" / "effects"
    for place, effect in (("before", 0), ("behind", 1)):
        (tmp_path / "graphs" / f"die-at-inside the action, {place} its effect").touch()
        with forked(run_due, desk.settings) as process:
            ended(process)
            assert was_killed(process)
        assert desk.finish(thread.id).status == ThreadStatus.FAILED
        asked = pending(desk, thread.id)
        assert asked.title.startswith("Did act take effect? · ")
        assert len(effects.read_text().splitlines() if effects.exists() else []) == effect
        desk.decide(asked.id, "retry", ADA, value={"act": {"took_effect": bool(effect), "result": "done"}})
    assert desk.finish(thread.id).status == ThreadStatus.DONE
    assert len(effects.read_text().splitlines()) == 1


def run_due(settings: Settings) -> None:
    open_desk(settings).relay.run_due()


@pytest.fixture
def whole(tmp_path: Path) -> Desk:
    """A desk whose threads are done, one of each graph, with nothing to find."""
    graphs = write_graphs(tmp_path / "graphs", **GRAPHS)
    settings = Settings(data_dir=tmp_path / "data", graphs=graphs, poll_seconds=0.02)
    with forked(work, settings, "0", {f"thread-{name}": name for name in GRAPHS}) as process:
        assert ended(process) == 0
    desk = open_desk(settings)
    assert disagreements(desk, tmp_path / "graphs") == []
    return desk


def test_the_comparison_sees_a_lost_a_doubled_and_a_false_effect(whole: Desk, tmp_path: Path) -> None:
    effects = tmp_path / "graphs" / "effects"
    first, *rest = effects.read_text().splitlines(keepends=True)
    thread_id = json.loads(first)["thread"]
    effects.write_text("".join(rest))
    assert f"{thread_id}: the action took effect 0 times" in disagreements(whole, effects.parent)
    effects.write_text("".join([first, first, *rest]))
    assert disagreements(whole, effects.parent) == [f"{thread_id}: the action took effect 2 times"]
    effects.write_text("".join([first.replace('"said": [["', '"said": [["un'), *rest]))
    assert len(disagreements(whole, effects.parent)) == 2
    whole.close()


def test_the_comparison_sees_a_decision_that_was_acknowledged_and_is_gone(whole: Desk, tmp_path: Path) -> None:
    acknowledged = tmp_path / "graphs" / "acknowledged"
    told = json.loads(acknowledged.read_text().splitlines()[0])
    with acknowledged.open("a") as file:
        file.write(json.dumps(told | {"decision": "decision-gone"}) + "\n")
        file.write(json.dumps(told | {"reviewer": "somebody else"}) + "\n")
    lost, other = disagreements(whole, acknowledged.parent)
    assert "was told of decision-gone, the ledger has None" in lost
    assert "somebody else was told of" in other
    whole.close()
