"""Which review is open beside the queue's list, which comes after it, and what was decided here: by the address and
this browser session."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from components.session import desk, redraw, reviewer
from review.errors import ReviewError
from review.model import ReviewStatus, now
from review.names import same_name
from review.reviewers import Reviewer

REVIEW, EDIT = "review", "edit"
ORDER, FIRST, TRAY = "queue_order", "first_of_queue", "tray"
CHOSEN, WRITTEN = "chosen_review", "review_in_address"
SINCE, READ = "queue_since", "queue_read"
LATE = 10.0  # seconds in which a browser may send an address that has been changed since
KEPT_IN_TRAY = 4
JUST_NOW = timedelta(minutes=1)


def chosen() -> str | None:
    """The review that was chosen: by the address that the page was opened with, or in this session since."""
    review_id: str | None = st.session_state.get(CHOSEN)
    return review_id


def read_opened(*, arrives: bool) -> None:
    """Have the address choose, where it says something else than was written there. For some moments a browser may
    still send an address from before, several reviews back where one decides faster than it hears of it; one that it
    has gone back or forward to is meant."""
    context = get_script_run_ctx()
    arrives = arrives or (context is not None and context.is_history_navigation)
    named, written = st.query_params.get(REVIEW), _written()
    late = named in written and time.monotonic() - written[named] < LATE
    if arrives or not written or not (late or named == next(reversed(written))):
        st.session_state[CHOSEN] = named
        st.session_state.pop(WRITTEN, None)
        _write(named)


def keep_opened() -> None:
    """Have the address name what was chosen, whatever the browser sent."""
    if st.query_params.get(REVIEW) != chosen():
        _put_in_address(chosen())


def _written() -> dict[str | None, float]:
    """What was written in the address, and when it was there last: what stands there now, last."""
    written: dict[str | None, float] = st.session_state.setdefault(WRITTEN, {})
    return written


def _write(review_id: str | None) -> None:
    written = _written()
    at = time.monotonic()
    if written:
        written[next(reversed(written))] = at
    written.pop(review_id, None)
    written[review_id] = at
    for old in [each for each, then in written.items() if at - then >= LATE]:
        del written[old]
    _put_in_address(review_id)


def _put_in_address(review_id: str | None) -> None:
    if review_id is None:
        st.query_params.pop(REVIEW, None)
    else:
        st.query_params[REVIEW] = review_id


def opened(order: Sequence[str]) -> str | None:
    """What is open: what the address names, else the list's first. Once it is open it stays, whatever comes before
    it in the list and wherever it goes."""
    st.session_state[ORDER] = list(order)
    if chosen() is None and st.session_state.get(FIRST) is None:
        st.session_state[FIRST] = next(iter(order), None)
    return current()


def current() -> str | None:
    """What is open beside the list, which has been drawn."""
    return chosen() or st.session_state.get(FIRST)


def leave_first() -> None:
    """Forget which review was open because it came first."""
    st.session_state.pop(FIRST, None)


def have_looked() -> None:
    """What the list had when it was last drawn is no longer new; what has come since is."""
    st.session_state[SINCE] = st.session_state.get(READ) or now()


def show_review(review_id: str | None) -> None:
    """Have this review open from now on; without one, the list's first."""
    if review_id:
        have_looked()
    st.query_params.pop(EDIT, None)
    leave_first()
    st.session_state[CHOSEN] = review_id
    _write(review_id)


def open_review(review_id: str | None) -> None:
    """As `show_review`, at the end of a callback."""
    show_review(review_id)
    redraw()


def following(review_id: str) -> str | None:
    """The next of this list that waits and that nobody else has claimed, from its beginning again after the last."""
    order: list[str] = st.session_state.get(ORDER, [])
    at = order.index(review_id) if review_id in order else -1
    me = who.name if (who := reviewer()) else None
    for other in (*order[at + 1 :], *order[: max(at, 0)]):
        try:
            review = desk().review(other)
        except ReviewError:
            continue
        held = review.holder(now())
        if review.status == ReviewStatus.PENDING and (held is None or same_name(held, me)):
            return other
    return None


def has_others(review_id: str) -> bool:
    """Whether the list has anything but this one."""
    return any(other != review_id for other in st.session_state.get(ORDER, []))


def put_in_tray(review_id: str) -> None:
    """It, and the latest of the others; of those before, what can still be taken back."""
    others = [other for other in tray() if other != review_id]
    waiting = [other for other in others[KEPT_IN_TRAY - 1 :] if _can_be_undone(other)]
    st.session_state[TRAY] = [review_id, *others[: KEPT_IN_TRAY - 1], *waiting]


def _can_be_undone(review_id: str) -> bool:
    try:
        return desk().review(review_id).status == ReviewStatus.DECIDED
    except ReviewError:
        return False


def take_from_tray(review_id: str) -> None:
    st.session_state[TRAY] = [other for other in tray() if other != review_id]


def tray() -> list[str]:
    """What was decided here last, the latest first; in a session that is new, as after a reload or a restart of the
    server, what this reviewer has decided just now."""
    if TRAY not in st.session_state and (who := reviewer()):
        st.session_state[TRAY] = _decided_just_now(who)
    return list(st.session_state.get(TRAY, ()))


def _decided_just_now(who: Reviewer) -> list[str]:
    found = desk().ledger.reviews.decided_since(now() - JUST_NOW)
    mine = [review.id for review in found if review.decision and same_name(review.decision.reviewer, who.name)]
    return mine[:KEPT_IN_TRAY]
