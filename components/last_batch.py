"""What was last done to several at once, with one undo for all of it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import streamlit as st

from components.lazily import read_already
from components.results import show_refused
from components.session import act, desk, notify, redraw
from components.who import named
from review.bulk import Batch
from review.model import BEING_APPLIED, ReviewStatus

LAST_BATCH, UNDER_WAY = "last_batch", "Being applied"
TICK = 1.0  # seconds; the countdown tells whole ones


@dataclass(frozen=True)
class LastBatch:
    """What is shown of it: the verb in the past, the sentences of what was refused, and, of decisions, until when
    (seconds since the epoch) they can be taken back; None where they are applied at once. Claims wait for nothing, so
    there is no end to that."""

    made: Batch
    past: str
    refused: tuple[str, ...] = ()
    until: float | None = None
    of_claims: bool = False

    @property
    def left(self) -> float:
        """Seconds in which all of it can be taken back."""
        if self.of_claims:
            return math.inf if self.made.done else 0.0
        return self.until - time.time() if self.until is not None else 0.0


def last_batch() -> LastBatch | None:
    found: LastBatch | None = st.session_state.get(LAST_BATCH)
    return found


def keep_last_batch(batch: LastBatch) -> None:
    st.session_state[LAST_BATCH] = batch


def show_last_batch() -> None:
    """Until it is taken back or put away, or another one takes its place."""
    if (batch := last_batch()) is None:
        return

    stands = _standing(batch)
    read = read_already(stands, lambda: _standing(batch))
    moves = batch.until is not None and (batch.left > 0 or stands == UNDER_WAY)

    @st.fragment(run_every=TICK if moves else None, key="last_batch_lines")
    def tick() -> None:
        with st.container(border=True, key="last_batch"):
            refused = f", {len(batch.refused)} not" if batch.refused else ""
            st.markdown(f"**{batch.made.done} {batch.past}{refused}**")
            show_refused(batch.refused)
            with st.container(horizontal=True, vertical_alignment="center"):
                _show_undo(batch, read())
                st.button("OK", type="tertiary", key="forget_batch", on_click=_forget)

    tick()


def _show_undo(batch: LastBatch, stands: str) -> None:
    if not batch.made.done or (batch.until is None and not batch.of_claims):
        return
    if stands:
        st.markdown(stands, width="content")
    st.button("Undo all", icon=":material/undo:", key="undo_batch", on_click=_undo, args=(batch,),
              disabled=batch.left <= 0)  # fmt: skip


def _standing(batch: LastBatch) -> str:
    """Of decisions that waited: for how long they still do; then whether their graphs have them."""
    if batch.until is None:
        return ""
    if (left := batch.left) > 0:
        return f"Applied in **{math.ceil(left)} s**"
    found = desk().ledger.reviews.some([each.review_id for each in batch.made.results if each.done])
    if any(review.status in BEING_APPLIED for review in found.values()):
        return UNDER_WAY
    failed = sum(review.status == ReviewStatus.RESUME_FAILED for review in found.values())
    return f"Applied, {failed} could not be" if failed else "Applied"


def _undo(batch: LastBatch) -> None:
    if who := named():
        if batch.of_claims:
            taken = act(lambda: desk().undo_claims(batch.made, who))
        else:
            taken = act(lambda: desk().undo_batch(batch.made.id, who))
        if taken:
            notify("info", _told(batch, taken))
        _forget_it()
    redraw()


def _told(batch: LastBatch, taken: Batch) -> str:
    if batch.of_claims:
        if not taken.results:
            return "There is nothing to take back: they were theirs already."
        stay = [str(result.error.message) for result in taken.results if result.error]
        return " ".join([f"{taken.done} {'is' if taken.done == 1 else 'are'} as before.", *stay])
    late = sum(not result.done for result in taken.results)
    undone = "decision is" if taken.done == 1 else "decisions are"
    return f"{taken.done} {undone} undone" + (f"; {late} came too late." if late else ".")


def _forget() -> None:
    _forget_it()
    redraw()


def _forget_it() -> None:
    st.session_state.pop(LAST_BATCH, None)
