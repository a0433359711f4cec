"""What a run of a page has told its browser is sent before the next run begins.

Where a part of a page asks to be renewed in the moment in which the last run has ended, Streamlit (1.67) begins
another one, and drops what the last one has told and nobody has sent yet: all that it drew, and that it is done. What a
decision took away then stays on screen, and every click on it is lost.
"""

from __future__ import annotations

from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

_begin = AppSession._create_scriptrunner


def send_before_the_next_run() -> None:
    """For every browser of this process. Streamlit has no option for it, so one of its methods is taken over."""
    AppSession._create_scriptrunner = _begin_behind  # type: ignore[method-assign, assignment]


def _begin_behind(session: AppSession, rerun: RerunData) -> None:
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
            _begin_behind(session, rerun)

    # A run tells everything before it ends, and what is told is handled in its order.
    session._call_soon_on_event_loop(begin)
