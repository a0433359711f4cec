"""How reviewing goes, counted from the audit entries alone: what waits, how fast and how it is decided."""

from __future__ import annotations

import math
import statistics
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Protocol

from review.cases import COUNTED, Case, Verdict, carry
from review.model import AuditEntry, DecisionType, now

KEPT = 50
DAYS = 180  # beyond these, what waited is told by the week alone


@dataclass(frozen=True)
class Chosen:
    """What to count. A reviewer narrows the decisions alone: nobody in particular waits for a review. A week is an ISO
    one, `2026-W07`."""

    graph: str | None = None
    reviewer: str | None = None
    week: str | None = None

    def span(self, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
        """From when, and until before when, its week lasts."""
        if self.week is None:
            return None, None
        begins = datetime.strptime(f"{self.week}-1", "%G-W%V-%u").replace(tzinfo=zone)
        return begins, begins + timedelta(7)  # by the zone's own clock, also where it is put back or forward


@dataclass(frozen=True)
class Decisions:
    """Some decisions, counted. median and p95 are of the seconds to the decision, changed is the mean share that edits
    changed."""

    name: str
    count: int
    types: Mapping[DecisionType, int]
    median: float | None = None
    p95: float | None = None
    changed: float | None = None
    late: int = 0


@dataclass(frozen=True)
class Period:
    """A day or a week: what came in it, what was decided in it, how many waited at its end (or now, if it is not
    over)."""

    name: str
    begins: date
    opened: int
    waiting: int
    decided: Decisions


@dataclass(frozen=True)
class Insights:
    """Everything that is shown. waiting and overdue are of now; reasons are those of the lists, in_own_words the
    rejections that have a text in place of one; shares are those that edits changed, oldest first."""

    waiting: int
    overdue: int
    opened: int
    total: Decisions
    days: Sequence[Period]
    weeks: Sequence[Period]
    graphs: Sequence[Decisions]
    reviewers: Sequence[Decisions]
    reasons: Sequence[tuple[str, int]]
    in_own_words: int
    shares: Sequence[float]


def insights_of(
    cases: Iterable[Case], chosen: Chosen = Chosen(), zone: tzinfo = UTC, at: datetime | None = None
) -> Insights:
    """Count the cases as of `at`; days and weeks are those of `zone`."""
    at = at or now()
    ours = [case for case in cases if chosen.graph in (None, case.graph)]
    opened = [day for case in ours if _in_week(day := _day(case.opened_at, zone), chosen.week)]
    made = [
        (case, made, day)
        for case in ours
        if (made := case.verdict)
        and chosen.reviewer in (None, made.reviewer)
        and _in_week(day := _day(made.at, zone), chosen.week)
    ]
    made.sort(key=lambda each: each[1].at)
    verdicts = [verdict for _, verdict, _ in made]
    waiting = [case for case in ours if case.waits_since is not None]
    changes = _changes(ours, zone)
    first = min((*opened, *(day for _, _, day in made), *changes), default=None)
    today = _day(at, zone)
    days = [] if first is None else list(_days(max(first, today - timedelta(DAYS - 1)), today))
    mondays = [] if first is None else list(_days(_monday(first), today, 7))
    by_day = [(each, verdict) for _, verdict, each in made]
    by_week = [(_monday(each), verdict) for each, verdict in by_day]
    return Insights(
        waiting=len(waiting),
        overdue=sum(1 for case in waiting if case.due_at and case.due_at < at),
        opened=len(opened),
        total=_counted("all", verdicts),
        days=_periods(days, 1, opened, by_day, changes, chosen.week, "%Y-%m-%d"),
        weeks=_periods(mondays, 7, [_monday(day) for day in opened], by_week, changes, chosen.week, "%G-W%V"),
        graphs=_grouped((case.graph, verdict) for case, verdict, _ in made),
        reviewers=_grouped((verdict.reviewer, verdict) for verdict in verdicts),
        reasons=Counter(verdict.reason for verdict in verdicts if verdict.reason).most_common(),
        in_own_words=sum(verdict.in_own_words for verdict in verdicts),
        shares=[verdict.share_changed for verdict in verdicts if verdict.share_changed is not None],
    )


def _periods(
    begins: Sequence[date],
    length: int,
    opened: Iterable[date],
    made: Iterable[tuple[date, Verdict]],
    changes: Mapping[date, int],
    week: str | None,
    form: str,
) -> list[Period]:
    came, by_period = Counter(opened), dict[date, list[Verdict]]()
    for day, verdict in made:
        by_period.setdefault(day, []).append(verdict)
    running = sum(change for day, change in changes.items() if begins and day < begins[0])
    found = []
    for day in begins:
        running += sum(changes.get(each, 0) for each in _days(day, day + timedelta(length - 1)))
        if _in_week(day, week):
            name = day.strftime(form)
            found.append(Period(name, day, came[day], running, _counted(name, by_period.get(day, []))))
    return found


def _changes(cases: Iterable[Case], zone: tzinfo) -> dict[date, int]:
    """By day, how many more wait at its end than at its beginning."""
    changes: Counter[date] = Counter()
    for case in cases:
        for since, until in case.spans:
            changes[_day(since, zone)] += 1
            changes[_day(until, zone)] -= 1
        if case.waits_since is not None:
            changes[_day(case.waits_since, zone)] += 1
    return changes


def _grouped(made: Iterable[tuple[str, Verdict]]) -> list[Decisions]:
    groups: dict[str, list[Verdict]] = {}
    for name, verdict in made:
        groups.setdefault(name, []).append(verdict)
    return sorted((_counted(name, each) for name, each in groups.items()), key=lambda each: (-each.count, each.name))


def _counted(name: str, verdicts: Sequence[Verdict]) -> Decisions:
    if not verdicts:
        return Decisions(name, 0, {})
    seconds = sorted(verdict.seconds for verdict in verdicts)
    shares = [verdict.share_changed for verdict in verdicts if verdict.share_changed is not None]
    return Decisions(
        name=name,
        count=len(verdicts),
        types=Counter(verdict.type for verdict in verdicts),
        median=statistics.median(seconds),
        p95=seconds[math.ceil(0.95 * len(seconds)) - 1],
        changed=statistics.fmean(shares) if shares else None,
        late=sum(verdict.late for verdict in verdicts),
    )


def _day(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())


def _days(first: date, last: date, step: int = 1) -> Iterator[date]:
    for count in range(0, (last - first).days + 1, step):
        yield first + timedelta(count)


def _in_week(day: date, week: str | None) -> bool:
    return week is None or day.strftime("%G-W%V") == week


class Entries(Protocol):
    """Where the entries come from: the ledger's audit."""

    def since(self, after: int = 0, *, actions: Sequence[str] = ()) -> Iterator[AuditEntry]: ...


class Counting:
    """Keeps the cases of one ledger, and carries into them only the entries that are new since it last looked."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._cases: dict[str, Case] = {}
        self._last = 0
        self._counted: dict[tuple[Chosen, str, datetime], Insights] = {}
        self._turn = threading.Lock()

    def insights(self, chosen: Chosen = Chosen(), zone: tzinfo = UTC) -> Insights:
        """As of this minute; counted anew when there is a new entry, or another minute."""
        at = now()
        asked = chosen, str(zone), at.replace(second=0, microsecond=0)
        with self._turn:
            self._look()
            if asked not in self._counted:
                self._counted[asked] = insights_of(self._cases.values(), chosen, zone, at)
            return self._counted[asked]

    def names(self, zone: tzinfo = UTC) -> tuple[list[str], list[str], list[str]]:
        """The graphs, reviewers and weeks (newest first) that there are decisions or reviews of, for filters."""
        with self._turn:
            self._look()
            made = [case.verdict for case in self._cases.values() if case.verdict]
            weeks = {_day(case.opened_at, zone).strftime("%G-W%V") for case in self._cases.values()}
            weeks |= {_day(verdict.at, zone).strftime("%G-W%V") for verdict in made}
            graphs = {case.graph for case in self._cases.values()}
            return sorted(graphs), sorted({verdict.reviewer for verdict in made}), sorted(weeks, reverse=True)

    def _look(self) -> None:
        if len(self._counted) > KEPT:
            self._counted.clear()
        for entry in self._entries.since(self._last, actions=COUNTED):
            carry(self._cases, entry)
            self._last = entry.id
            self._counted.clear()
