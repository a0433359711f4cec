"""`make bench`: what the desk costs, each figure beside the bare thing in the same run. Nothing here asserts a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from tests.benchmarks.clicks import measure_clicks
from tests.benchmarks.decisions import measure_decisions
from tests.benchmarks.screens import measure_cold_start, measure_reruns
from tests.benchmarks.sessions import measure_sessions
from tests.benchmarks.table import Row, print_table


def main() -> None:
    logging.disable(logging.WARNING)
    measures: list[Callable[[], Sequence[Row]]] = [
        *(measure_decisions, measure_reruns, measure_clicks, measure_sessions, measure_cold_start)
    ]
    for measure in measures:
        print_table(measure())
    print("\nEach ratio is the median of the pairs' own ratios: both sides were measured in turn, one after the other.")


if __name__ == "__main__":
    main()
