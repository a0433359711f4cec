"""What the desk refused, in the reviewer's words: its own are for the command line and the log, too."""

from __future__ import annotations

from datetime import datetime

from components.times import clock
from components.words import PAST
from review.errors import AlreadyDecided, ReviewError
from review.model import DecisionType
from review.reviewers import DESK


def in_words(error: ReviewError) -> str:
    """The sentence for the page, with the verdict and the time as they are told elsewhere on it."""
    told = error.details
    if not isinstance(error, AlreadyDecided) or told.get("decision") not in PAST or not told.get("decided_at"):
        return error.message
    kind = DecisionType(told["decision"])
    did = "asked for changes to it, or answered it," if kind == DecisionType.RESPOND else f"{PAST[kind]} it"
    who = "The desk" if told["reviewer"] == DESK else told["reviewer"]
    at = clock(datetime.fromisoformat(told["decided_at"]))
    return f"{who} was first and {did} on {at}. Your decision was not recorded."
