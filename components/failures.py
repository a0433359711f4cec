"""What a page shows when something failed: a sentence, never a traceback."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from components.words import escaped
from review import ReviewError

log = logging.getLogger("components")


def show_failure(error: BaseException) -> bool:
    """A refusal in its own words; anything else with the id under which the log has it."""
    if isinstance(error, ReviewError):
        st.error(escaped(error.message), icon=":material/error:")
        return True
    error_id = secrets.token_hex(4)
    log.error("a page failed [%s]", error_id, exc_info=error)
    st.error(
        f"This page could not be shown. Reload it; if that does not help, look for {error_id} in the server's log.",
        icon=":material/error:",
    )
    return True
