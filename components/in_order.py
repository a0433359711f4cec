"""What a run of a page has told its browser is sent before the next run begins.

Parts of a page renew themselves, and ask for it in any moment. Where one asks right when the last run has ended,
Streamlit (1.67) begins another run and drops what the last one has told and nobody has sent yet: all that it drew.
Where a part's run begins before the end of another part's run was sent, that end is told as if it had been cut off, and
the browser keeps what is no longer drawn. What a decision took away then stays on screen, and every click on it is
lost.

Streamlit has no option for it, so two methods of its sessions are taken over.
"""

from __future__ import annotations

from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

_begin, _clear = AppSession._create_scriptrunner, AppSession._clear_queue


def send_before_the_next_run() -> None:
    """For every browser of this process."""
    AppSession._create_scriptrunner = begin_behind  # type: ignore[method-assign, assignment]
    AppSession._clear_queue = clear_for  # type: ignore[method-assign, assignment]


def begin_behind(session: AppSession, rerun: RerunData) -> None:
    """Begin a run, behind what one that has ended has told."""
    ended = session._scriptrunner
    if ended is None:
        _begin(session, rerun)
        return

    def begin() -> None:
        if session._state == AppSessionState.SHUTDOWN_REQUESTED:
            return
        now = session._scriptrunner
        if now is None or now is ended:
            _begin(session, rerun)
        elif not now.request_rerun(rerun):  # another one has begun meanwhile, and has ended, too
            begin_behind(session, rerun)

    # A run tells everything before it ends, and what is told is handled in its order.
    session._call_soon_on_event_loop(begin)


def clear_for(session: AppSession, parts: list[str] | None = None) -> None:
    """What is not sent yet when a run begins: one of the whole page draws all of it anew, one of some parts adds to
    it, and takes the place of nothing in it."""
    if parts:
        session._browser_queue._queue = session._browser_queue.flush()
    else:
        _clear(session)
