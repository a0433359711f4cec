"""What `/metrics` tells, in Prometheus's text format. Read from the ledger at each scrape, so that every process tells
the same of all of them; the relay's age alone is this process's own. No label has a name or a text that people gave."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import accumulate

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from review.desk import Desk
from review.ledger.decisions import PAST
from review.ledger.measures import Event
from review.model import now

CONTENT_TYPE = CONTENT_TYPE_LATEST
APPLIED = "decision.applied"
FAILURES = {"run": "thread.failed", "resume": "resume.failed", "answer": "decision.invalid"}
BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)
# Of several processes at a database that gives out numbers before commit, one may commit an entry behind a later one.
STRAGGLERS = timedelta(minutes=1)


class Metrics(Collector):
    """Of one desk. Counts what happened until now once, when the first scrape asks, and what is new at each."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self._guard = threading.Lock()
        self._mark: int | None = None
        self._happened: Counter[str] = Counter()
        self._latencies: list[float] = [0.0] * (len(BUCKETS) + 1)
        self._seconds = 0.0

    def text(self) -> bytes:
        """Raises `ReviewError` where the ledger cannot be read."""
        with self._guard:
            return generate_latest(self._registry)

    def describe(self) -> list[Metric]:
        """Nothing is read before the first scrape."""
        return []

    def collect(self) -> Iterator[Metric]:
        measures = self._desk.ledger.measures
        standing = measures.standing()
        of_status = GaugeMetricFamily(
            "countersign_reviews", "Reviews that stand in a status that is not final.", labels=["status"]
        )
        for status, count in standing.reviews.items():
            of_status.add_metric([status], count)
        yield of_status
        yield GaugeMetricFamily(
            "countersign_pending_reviews", "Reviews that wait for a person.", standing.reviews["pending"]
        )
        waits = max(0.0, (now() - standing.oldest).total_seconds()) if standing.oldest else 0.0
        yield GaugeMetricFamily(
            "countersign_oldest_pending_age_seconds",
            "Age of the oldest pending review; 0 without one.",
            waits,
        )
        yield from self._history()
        if (age := self._desk.relay_age) is not None:
            yield GaugeMetricFamily(
                "countersign_relay_age_seconds", "Seconds since this process's relay last looked for work.", age
            )

    def _history(self) -> Iterator[Metric]:
        settled = now() - STRAGGLERS
        if self._mark is None:
            self._mark, self._happened = self._desk.ledger.measures.counted(settled)
        new = self._desk.ledger.measures.since(self._mark, APPLIED)
        happened = self._happened + Counter(event.action for event in new)
        latencies, seconds = self._measured(new)
        if kept := [event for event in new if event.at < settled]:
            self._happened += Counter(event.action for event in kept)
            self._latencies, self._seconds = self._measured(kept)
            self._mark = kept[-1].id
        decisions = CounterMetricFamily("countersign_decisions", "Decisions recorded, by their type.", labels=["type"])
        for kind, action in PAST.items():
            decisions.add_metric([kind.value], happened[action])
        yield decisions
        failures = CounterMetricFamily(
            "countersign_failures",
            "Runs that failed, decisions that could not be applied, answers refused.",
            labels=["of"],
        )
        for what, action in FAILURES.items():
            failures.add_metric([what], happened[action])
        yield failures
        bounds = [*(str(bucket) for bucket in BUCKETS), "+Inf"]
        yield HistogramMetricFamily(
            "countersign_resume_latency_seconds",
            "From when a decision was due until its graph had it, in any process; since this one was first asked.",
            buckets=list(zip(bounds, accumulate(latencies), strict=True)),
            sum_value=seconds,
        )

    def _measured(self, events: list[Event]) -> tuple[list[float], float]:
        latencies, seconds = list(self._latencies), self._seconds
        for event in events:
            if event.action == APPLIED and event.due_at is not None:
                took = max(0.0, (event.at - event.due_at).total_seconds())
                latencies[next((n for n, bound in enumerate(BUCKETS) if took <= bound), len(BUCKETS))] += 1
                seconds += took
        return latencies, seconds
