"""Eight processes answer the same review at the same moment: one wins, and every other one is told who."""

from __future__ import annotations

from pathlib import Path

from review.model import ReviewStatus
from tests.chaos.race import KINDS, TIMEOUT, Race, reviewer_of

ROUNDS = 50  # `make chaos` has 200


def test_of_eight_processes_one_decides_and_the_others_are_told(tmp_path: Path) -> None:
    """Approve, reject, edit, and the desk's own deadline, each in two of them."""
    race = Race(tmp_path, seed=1, rounds=ROUNDS).run()
    assert [len(winners) for winners in race.winners] == [1] * ROUNDS
    assert race.refusals == race.refused_in_audit == ROUNDS * (len(KINDS) - 1)
    assert all(race.winners_by_kind.values()), "a kind that never wins is not in the race"

    acted = []
    for review, (winner,) in zip(race.asked, race.winners, strict=True):
        kind = "reject" if KINDS[winner] == TIMEOUT else KINDS[winner]
        assert review.status == ReviewStatus.RESUMED
        assert review.decision is not None
        assert (review.decision.reviewer, review.decision.type) == (reviewer_of(winner).name, kind)
        acted.append([review.title, kind, review.decision.reviewer])
    assert race.effects == sorted(acted)
    assert race.broken == []
