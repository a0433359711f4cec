"""Charts with Altair, each with its table and its CSV beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from components.words import DECISION
from review.insights import Decisions, Insights, Period
from review.model import DecisionType
from review.views import rows_csv

HEIGHT = 230
WIDEST, FEW = 72, 6  # a bar of few weeks would be as wide as the chart
# By tone of the theme: text that can be read on the page's ground, in light and in dark.
TONES = {
    "light": {"green": "#1F6B3F", "blue": "#24588F", "red": "#A93226", "orange": "#A85B00", "gray": "#5C635E"},
    "dark": {"green": "#6CCB8E", "blue": "#7FB0E6", "red": "#F08A7C", "orange": "#E9A45B", "gray": "#A3ABA5"},
}
HOUR = 3600
CHANGED = "Words changed, %"
Table = tuple[Sequence[str], list[tuple[Any, ...]]]


def show_waiting(found: Insights) -> None:
    """How many reviews waited at the end of each day."""
    table = ("Day", "Waiting"), [(period.name, period.waiting) for period in found.days]
    _show(
        "Waiting over time",
        lambda frame: (
            alt.Chart(frame)
            .mark_area(
                line={"color": _tone("orange")},
                color=_tone("orange"),
                opacity=0.25,
                interpolate="step-after",
                point={"color": _tone("orange")} if len(frame) == 1 else False,
            )
            .encode(x=_days(), y=_counts("Waiting:Q"), tooltip=list(frame.columns))
        ),
        table,
    )


def show_throughput(found: Insights) -> None:
    """What came and what was decided, by day or by week."""
    by = st.session_state.get("throughput_by") or "Week"
    periods = found.days if by == "Day" else found.weeks
    _show(
        "Throughput",
        lambda frame: _lines(frame, by, {"Opened": "blue", "Decided": "green"}, "Reviews"),
        ((by, "Opened", "Decided"), [(each.name, each.opened, each.decided.count) for each in periods]),
        above=lambda: st.segmented_control("By", ["Week", "Day"], default="Week", key="throughput_by", required=True),
    )


def show_times(found: Insights) -> None:
    """Hours from a review's opening to its decision, by week."""
    rows = [(each.name, _hours(each.decided.median), _hours(each.decided.p95)) for each in _decided(found.weeks)]
    _show(
        "Hours to a decision",
        lambda frame: _lines(frame, "Week", {"Median": "green", "95th percentile": "orange"}, "Hours"),
        (("Week", "Median", "95th percentile"), rows),
    )


def show_verdicts(found: Insights) -> None:
    """The decisions of each week by what was said."""
    kinds = [kind for kind in DECISION if found.total.types.get(kind)]
    names = [DECISION[kind].text for kind in kinds]
    rows = [(each.name, *(each.decided.types.get(kind, 0) for kind in kinds)) for each in _decided(found.weeks)]

    def draw(frame: Any) -> Any:
        long = frame.melt("Week", var_name="Decision", value_name="Share")
        scale = alt.Scale(domain=names, range=[_tone(DECISION[kind].tone) for kind in kinds])
        return (
            alt.Chart(long)
            .mark_bar(size=WIDEST if len(frame) < FEW else alt.Undefined)
            .encode(
                x=_weeks(),
                y=alt.Y("Share:Q", stack="normalize", title=None, axis=alt.Axis(format="%")),
                color=alt.Color("Decision:N", sort=names, legend=_legend("square"), scale=scale),
                tooltip=list(long.columns),
            )
        )

    _show("What was decided", draw, (("Week", *names), rows))


def show_changed(found: Insights) -> None:
    """How much of the draft edits changed, in tenths."""
    tenths = [min(int(share * 10), 9) for share in found.shares]
    rows = [(f"{tenth * 10} to {tenth * 10 + 10} %", tenths.count(tenth)) for tenth in range(10)] if tenths else []
    _show("Share of the words that edits changed", lambda frame: _bars(frame, "Changed", "Edits", "blue"),
          (("Changed", "Edits"), rows), sideways=True)  # fmt: skip


def show_reasons(found: Insights) -> None:
    """Those of the graphs' lists by their names; rejections that say it in their own words, together."""
    own = [("In own words", found.in_own_words)] * bool(found.in_own_words)
    _show("Reasons given", lambda frame: _bars(frame, "Reason", "Decisions", "red"),
          (("Reason", "Decisions"), [*found.reasons, *own]), sideways=True)  # fmt: skip


def show_groups(title: str, first: str, groups: Sequence[Decisions]) -> None:
    """One line each: how many decisions, how fast, how much edits changed, what was said."""
    kinds = [kind for kind in DECISION if any(group.types.get(kind) for group in groups)]
    words = [DECISION[kind].text for kind in kinds]
    columns = (first, "Decisions", "Median hours", "95th percentile", "Late", CHANGED, *words)
    rows = [_group_row(group, kinds) for group in groups]
    _show(title, lambda frame: _bars(frame, first, "Decisions", "green"), (columns, rows), sideways=True)


def _group_row(group: Decisions, kinds: Sequence[DecisionType]) -> tuple[Any, ...]:
    times = _hours(group.median), _hours(group.p95)
    changed = None if group.changed is None else round(100 * group.changed, 1)
    return (group.name, group.count, *times, group.late, changed, *(group.types.get(kind, 0) for kind in kinds))


def _show(
    title: str,
    draw: Callable[[Any], Any],
    table: Table,
    *,
    above: Callable[[], object] | None = None,
    sideways: bool = False,
) -> None:
    """The chart in one tab, its table with the download in the other."""
    columns, rows = table
    key = title.lower().replace(" ", "_")
    with st.container(border=True, key=f"chart_{key}"):
        st.header(title, anchor=False)
        if not rows:
            st.markdown(":gray[Nothing to count yet.]")
            return
        frame = pd.DataFrame(rows, columns=list(columns))
        chart, numbers = st.tabs(["Chart", "Table"])
        with chart:
            if above is not None:
                above()
            height = max(90, 34 * len(rows)) if sideways else HEIGHT
            st.altair_chart(_legible(draw(frame).properties(height=height)), key=f"drawn_{key}", alt=title)
        with numbers:
            st.dataframe(frame, hide_index=True, key=f"table_{key}", alt=title)
            st.download_button("Download as CSV", data=lambda: rows_csv(columns, rows), mime="text/csv",
                               file_name=f"countersign-{key.replace('_', '-')}.csv", icon=":material/download:",
                               key=f"download_{key}")  # fmt: skip


def _legible(chart: Any) -> Any:
    """Its words in a gray that can be read on the page's ground; Streamlit's own is fainter."""
    gray = _tone("gray")
    return chart.configure_axis(labelColor=gray).configure_legend(labelColor=gray)


def _lines(frame: Any, first: str, tones: dict[str, str], unit: str) -> Any:
    long = frame.melt(first, var_name="What", value_name=unit)
    names = list(tones)
    return (
        alt.Chart(long)
        .mark_line(point=True)
        .encode(
            x=_days() if first == "Day" else _weeks(),
            y=alt.Y(f"{unit}:Q", title=None),
            color=alt.Color("What:N", legend=_legend("stroke"),
                            scale=alt.Scale(domain=names, range=[_tone(tone) for tone in tones.values()])),
            strokeDash=alt.StrokeDash("What:N", legend=None, sort=names),
            tooltip=list(long.columns),
        )
    )  # fmt: skip


def _bars(frame: Any, name: str, count: str, tone: str) -> Any:
    return (
        alt.Chart(frame)
        .mark_bar(color=_tone(tone))
        .encode(x=_counts(f"{count}:Q", axis="x"), y=alt.Y(f"{name}:N", sort=None, title=None),
                tooltip=list(frame.columns))
    )  # fmt: skip


def _days() -> Any:
    return alt.X("Day:T", title=None)


def _weeks() -> Any:
    """The number alone: the year is in the table."""
    return alt.X(
        "Week:O", title=None, axis=alt.Axis(labelAngle=0, labelExpr="slice(datum.label, 5)", labelOverlap=True)
    )


def _legend(sign: str) -> Any:
    return alt.Legend(title=None, orient="top", symbolType=sign)


def _counts(field: str, axis: str = "y") -> Any:
    made = alt.Y if axis == "y" else alt.X
    return made(field, title=None, axis=alt.Axis(tickMinStep=1, format="d"))


def _decided(periods: Sequence[Period]) -> list[Period]:
    return [period for period in periods if period.decided.count]


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / HOUR, 2)


def _tone(name: str) -> str:
    return TONES["dark" if st.context.theme.type == "dark" else "light"].get(name, TONES["light"]["gray"])
