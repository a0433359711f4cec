"""How often what renews itself looks: less often the more browsers are open, since they share one server, whose time is
for who decides."""

from __future__ import annotations

import random
import threading
import time

from components.session import browser

FEW = 8  # browsers that look as often as they would alone
SILENT = 60.0  # seconds after which one that has not looked is taken for closed
EARLIER = 0.1  # of the time between two looks, at most

_looked: dict[str, float] = {}
_turn = threading.Lock()


def pace(seconds: float) -> float:
    """Between two looks of this browser, where it would be `seconds` alone."""
    now = time.monotonic()
    with _turn:
        _looked[browser()] = now
        for closed in [each for each, at in _looked.items() if now - at > SILENT]:
            del _looked[closed]
        return anew(seconds * max(1.0, len(_looked) / FEW))


def anew(seconds: float) -> float:
    """About as many, and never the same twice. A browser lets its timer run on where the interval is as it was, and
    would look again right behind a rerun that has drawn everything; and browsers that came at once, as when a server
    has begun anew, would look at once for ever."""
    return seconds * random.uniform(1 - EARLIER, 1)  # noqa: S311 - nobody need be kept from guessing it
