"""Start many: a file is checked row by row, then started a few rows at a time, with a way to stop."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pandas as pd
import streamlit as st

from components.session import desk, reviewer
from components.upload import show_upload
from components.words import escaped
from review.errors import ReviewError
from review.registry import GraphInfo
from review.reviewers import Reviewer
from review.sheets import Sheet, read_sheet
from review.start_many import Matching, Progress, StartPlan

AT_ONCE = 20
TICK = 0.3
NOT_USED = "Not used"
MANY_COLUMNS, FOLDED = 9, 260  # from so many on, they scroll in so many pixels
COLUMN_WIDTH = 170  # pixels
SAMPLE = 60  # characters


def show_many(graph: GraphInfo) -> None:
    """Upload, which column is which field, what of it fits, the button, and the progress."""
    with st.expander("Start many, from a CSV or Excel file", icon=":material/table_rows:"):
        file = show_upload("The file", ["csv", "xlsx"], key=f"many_{graph.name}",
                           help="One row a thread; the columns are named as the fields of the input.")  # fmt: skip
        if running := st.session_state.get(_place(graph)):
            _show_progress(graph, running)
        elif file:
            try:
                sheet = _sheet_of(graph, file)
                mapping = _show_columns(graph, sheet, desk().match_columns(graph.name, sheet))
                _show_plan(graph, desk().plan_many(graph.name, sheet, mapping))
            except ReviewError as error:
                st.error(escaped(error.message), icon=":material/error:")


def _sheet_of(graph: GraphInfo, file: Any) -> Sheet:
    """The file's table, read once and not with each choice of a column."""
    kept: tuple[str, Sheet] | None = st.session_state.get(f"many_sheet_{graph.name}")
    if kept is None or kept[0] != file.file_id:
        kept = file.file_id, read_sheet(file.getvalue())
        st.session_state[f"many_sheet_{graph.name}"] = kept
    return kept[1]


def _show_columns(graph: GraphInfo, sheet: Sheet, matching: Matching) -> dict[str, str | None]:
    """Which field each column is that no field is named like: guessed, until somebody says otherwise."""
    if not matching.guesses or not matching.free:
        return {}
    mapping = {}
    fold: Any = FOLDED if len(matching.guesses) > MANY_COLUMNS else "content"
    with st.container(border=True, gap="small", key=f"many_columns_{graph.name}"):
        st.markdown("**Which field is each of these columns?** :gray[The others are found by their names.]")
        with st.container(horizontal=True, height=fold, border=False, gap="small"):
            for column, guess in matching.guesses.items():
                sample = sheet.sample(column)
                options = [NOT_USED, *matching.free]
                chosen = st.selectbox(
                    escaped(column),
                    options,
                    options.index(guess) if guess else 0,
                    key=f"many_column_{graph.name}_{column}",
                    help=f"For example: {escaped(sample[:SAMPLE])}" if sample else "The column is empty.",
                    width=COLUMN_WIDTH,
                    persist_state="session",  # it is not drawn while rows are started, and asked again after a stop
                )
                mapping[column] = None if chosen == NOT_USED else chosen
        given = {*matching.named.values(), *mapping.values()}
        if missing := [field for field in matching.required if field not in given]:
            st.markdown(
                f":orange[:material/warning: Must be given, and no column is it: {escaped(', '.join(missing))}]"
            )
    return mapping


def _show_plan(graph: GraphInfo, plan: StartPlan) -> None:
    if stopped := st.session_state.get(_stopped(graph)):
        st.info(escaped(stopped), icon=":material/pause_circle:")
    st.markdown(f"**{len(plan.good)} of {len(plan.good) + len(plan.bad)} rows fit.**")
    if plan.unused:
        st.markdown(f":gray[Not used: {escaped(', '.join(plan.unused))}]")
    if plan.bad:
        rows = [{"Row": row.number, "Why it is left out": row.reason} for row in plan.bad]
        st.dataframe(pd.DataFrame(rows), hide_index=True, height=min(240, 60 + 35 * len(rows)),
                     alt="Rows that are left out")  # fmt: skip

    def begin() -> None:
        who = reviewer() or Reviewer("someone")
        st.session_state.pop(_stopped(graph), None)
        st.session_state[_place(graph)] = {"rows": desk().start_many(plan, who), "total": len(plan.good), "done": 0,
                                           "started": 0, "told": []}  # fmt: skip

    st.button(f"Start {len(plan.good)}", icon=":material/play_arrow:", key=f"many_start_{graph.name}",
              disabled=not plan.good, on_click=begin)  # fmt: skip


def _show_progress(graph: GraphInfo, running: dict[str, Any]) -> None:
    over = running["done"] >= running["total"]

    def stop() -> None:
        st.session_state.pop(_place(graph), None)
        if running["done"] < running["total"]:
            told = f"Stopped: {running['started']} of {running['total']} were started."
            st.session_state[_stopped(graph)] = f"{told} Start again to go on; none is started twice."

    @st.fragment(run_every=None if over else TICK, key=f"many_progress_{graph.name}")
    def tick() -> None:
        if not st.session_state.get(_place(graph)):
            st.rerun()  # stopped: not a row more is started
        for progress in islice(running["rows"], AT_ONCE):
            _count(running, progress)
        st.progress(running["done"] / max(1, running["total"]), text=f"{running['done']} of {running['total']} rows")
        for told in running["told"]:
            st.warning(escaped(told), icon=":material/warning:")
        through = running["done"] >= running["total"]
        if through:
            before = running["total"] - running["started"] - len(running["told"])
            st.success(f"{running['started']} started" + (f", {before} had been started before" if before else ""))
        st.button("Done" if through else "Stop here", key=f"many_stop_{graph.name}", on_click=stop)
        if through and not over:
            st.rerun()

    tick()


def _count(running: dict[str, Any], progress: Progress) -> None:
    running["done"] = progress.done
    running["started"] += progress.started
    if progress.error:
        running["told"].append(f"Row {progress.row.number}: {progress.error.message}")


def _place(graph: GraphInfo) -> str:
    return f"many_running_{graph.name}"


def _stopped(graph: GraphInfo) -> str:
    return f"many_stopped_{graph.name}"
