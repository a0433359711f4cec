"""Whoever comes to another page, or to another thing on it, begins at its top, with nothing left over it."""

from __future__ import annotations

from components.script import script

_arrival = script("arrival", "top.js", "arrival.js")


def show_arrival(page: str) -> None:
    """`page` is the one that is drawn."""
    _arrival(data={"at": "page", "shown": page}, key="arrival_page")


def show_arrival_at(thing: str) -> None:
    """`thing` is which of all that a page has for itself it shows; drawn before that."""
    _arrival(data={"at": "thing", "shown": thing}, key="arrival_thing")
