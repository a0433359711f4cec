"""Start many: a file is checked row by row, then started a few rows at a time, with a way to stop."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pandas as pd
import streamlit as st

from components.session import desk, reviewer
from components.words import escaped
from review.errors import ReviewError
from review.model import Reviewer
from review.registry import GraphInfo
from review.start_many import Progress, StartPlan

AT_ONCE = 20
TICK = 0.3


def show_many(graph: GraphInfo) -> None:
    """Upload, what of it fits, the button, and the progress."""
    with st.expander("Start many, from a CSV or Excel file", icon=":material/table_rows:"):
        file = st.file_uploader("The file", type=["csv", "xlsx"], key=f"many_{graph.name}",
                                help="One row a thread; the columns are named as the fields of the input.")  # fmt: skip
        if running := st.session_state.get(_place(graph)):
            _show_progress(graph, running)
        elif file:
            try:
                _show_plan(graph, desk().plan_many(graph.name, file.getvalue()))
            except ReviewError as error:
                st.error(escaped(error.message), icon=":material/error:")


def _show_plan(graph: GraphInfo, plan: StartPlan) -> None:
    st.markdown(f"**{len(plan.good)} of {len(plan.good) + len(plan.bad)} rows fit.**")
    if plan.unused:
        st.markdown(f":gray[Not used: {escaped(', '.join(plan.unused))}]")
    if plan.bad:
        rows = [{"Row": row.number, "Why it is left out": row.reason} for row in plan.bad]
        st.dataframe(pd.DataFrame(rows), hide_index=True, height=min(240, 60 + 35 * len(rows)),
                     alt="Rows that are left out")  # fmt: skip

    def begin() -> None:
        who = reviewer() or Reviewer("someone")
        st.session_state[_place(graph)] = {"rows": desk().start_many(plan, who), "total": len(plan.good), "done": 0,
                                           "started": 0, "told": []}  # fmt: skip

    st.button(f"Start {len(plan.good)}", icon=":material/play_arrow:", key=f"many_start_{graph.name}",
              disabled=not plan.good, on_click=begin)  # fmt: skip


def _show_progress(graph: GraphInfo, running: dict[str, Any]) -> None:
    over = running["done"] >= running["total"]

    @st.fragment(run_every=None if over else TICK, key=f"many_progress_{graph.name}")
    def tick() -> None:
        for progress in islice(running["rows"], AT_ONCE):
            _count(running, progress)
        st.progress(running["done"] / max(1, running["total"]), text=f"{running['done']} of {running['total']} rows")
        for told in running["told"]:
            st.warning(escaped(told), icon=":material/warning:")
        if running["done"] >= running["total"]:
            before = running["total"] - running["started"] - len(running["told"])
            st.success(f"{running['started']} started" + (f", {before} had been started before" if before else ""))
        st.button("Done" if running["done"] >= running["total"] else "Stop here", key=f"many_stop_{graph.name}",
                  on_click=lambda: st.session_state.pop(_place(graph), None))  # fmt: skip
        if not st.session_state.get(_place(graph)) or (running["done"] >= running["total"] and not over):
            st.rerun()

    tick()


def _count(running: dict[str, Any], progress: Progress) -> None:
    running["done"] = progress.done
    running["started"] += progress.started
    if progress.error:
        running["told"].append(f"Row {progress.row.number}: {progress.error.message}")


def _place(graph: GraphInfo) -> str:
    return f"many_running_{graph.name}"
