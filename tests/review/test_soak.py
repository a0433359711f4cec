"""Workers and reviewers at work for a while, a worker killed every few seconds; then everything is compared."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.soak import Soak

SECONDS, KILL_EVERY = 12, 4


def test_a_short_soak_with_kills_leaves_nothing_lost_doubled_or_held(tmp_path: Path) -> None:
    soak = Soak(tmp_path, seed=1, seconds=SECONDS, kill_every=KILL_EVERY)
    assert soak.work() == []
    assert soak.kills >= 2
    assert (tmp_path / "graphs" / "effects").read_text("utf-8").splitlines()
