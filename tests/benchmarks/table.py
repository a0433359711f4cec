"""Paired timings and how they are printed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Figure:
    """One comparison: ours and the bare thing, seconds per run, pair by pair."""

    name: str
    ours: Sequence[float]
    bare: Sequence[float]

    @property
    def ratio(self) -> float:
        return median(mine / theirs for mine, theirs in zip(self.ours, self.bare, strict=True))

    @property
    def cost(self) -> float:
        return median(mine - theirs for mine, theirs in zip(self.ours, self.bare, strict=True))


def pairs(name: str, ours: Callable[[], float], bare: Callable[[], float], count: int, warm_up: int = 2) -> Figure:
    """Measure both in turn, `count` times after a warm-up. Each callable returns seconds."""
    for _ in range(warm_up):
        ours(), bare()
    measured = [(ours(), bare()) for _ in range(count)]
    return Figure(name, [mine for mine, _ in measured], [theirs for _, theirs in measured])


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def print_table(figures: Sequence[Figure]) -> None:
    print(f"\n{'':<52}{'ours, median':>14}{'p95':>10}{'bare, median':>14}{'difference':>12}{'ratio':>8}")
    for figure in figures:
        p95 = quantiles(figure.ours, n=20)[-1] if len(figure.ours) > 1 else figure.ours[0]
        print(
            f"{figure.name:<52}{_ms(median(figure.ours)):>14}{_ms(p95):>10}{_ms(median(figure.bare)):>14}"
            f"{_ms(figure.cost):>12}{figure.ratio:>8.2f}"
        )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
