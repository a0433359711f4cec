"""Many browsers look less often, so that what they ask together does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from components import pace as pacing
from components.pace import FEW, SILENT, anew, pace

names = [f"browser {n}" for n in range(4 * FEW)]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    at = [0.0]
    monkeypatch.setattr(pacing.time, "monotonic", lambda: at[0])
    monkeypatch.setattr(pacing, "_looked", {})
    monkeypatch.setattr(pacing.random, "uniform", lambda _low, high: high)
    yield at


def look(monkeypatch: pytest.MonkeyPatch, name: str) -> float:
    monkeypatch.setattr(pacing, "browser", lambda: name)
    return pace(2.0)


def test_few_look_as_often_as_one_and_many_less_often(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [look(monkeypatch, name) for name in names]
    assert seconds[:FEW] == [2.0] * FEW
    assert seconds == sorted(seconds)
    assert seconds[-1] == 8.0


def test_a_timer_is_never_as_it_was_so_that_it_begins_anew_with_what_was_drawn() -> None:
    seconds = [anew(10.0) for _ in range(20)]
    assert len(set(seconds)) == 20
    assert all(9.0 <= each <= 10.0 for each in seconds)


def test_who_looks_no_longer_does_not_count(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in names:
        look(monkeypatch, name)
    clock[0] = SILENT
    assert look(monkeypatch, names[0]) == 8.0
    clock[0] = SILENT + 1
    assert look(monkeypatch, names[0]) == 2.0
