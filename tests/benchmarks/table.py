"""What was measured, and how it is printed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Protocol

HEAD = ("ours, median", "p95", "bare, median", "difference", "ratio")
WIDTHS = (14, 12, 14, 12, 8)


class Row(Protocol):
    """A line of the table: a name, and what stands under each of HEAD."""

    @property
    def name(self) -> str: ...

    @property
    def cells(self) -> tuple[str, ...]: ...


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

    @property
    def cells(self) -> tuple[str, ...]:
        bare = (_ms(median(self.bare)), _ms(self.cost), f"{self.ratio:.2f}")
        return _ms(median(self.ours)), _ms(_p95(self.ours)), *bare


@dataclass(frozen=True)
class Spread:
    """Seconds of what has no bare counterpart. Nothing was waited for longer than `limit`: what is printed as more than
    that may be anything."""

    name: str
    ours: Sequence[float]
    limit: float

    @property
    def cells(self) -> tuple[str, ...]:
        return self._told(median(self.ours)), self._told(_p95(self.ours)), "", "", ""

    def _told(self, seconds: float) -> str:
        return _ms(seconds) if seconds < self.limit else f"> {self.limit:.0f} s"


@dataclass(frozen=True)
class Sizes:
    """Bytes, each measured once."""

    name: str
    ours: float
    bare: float

    @property
    def cells(self) -> tuple[str, ...]:
        return _mb(self.ours), "", _mb(self.bare), _mb(self.ours - self.bare), ""


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


def print_table(rows: Sequence[Row]) -> None:
    _print_line("", HEAD, before="\n")
    for row in rows:
        _print_line(row.name, row.cells)


def _print_line(name: str, cells: Sequence[str], before: str = "") -> None:
    print(before + f"{name:<52}" + "".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True)))


def _p95(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def _mb(size: float) -> str:
    return f"{size / 1e6:.2f} MB"
