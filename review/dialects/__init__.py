"""The payload conventions, in the order in which they are tried. Adding one is a file and a line here."""

from __future__ import annotations

from review.dialects import breakpoint, failed, other, specification, typed
from review.dialects.base import Dialect, Said
from review.engine.base import Pause
from review.plain import plain

__all__ = ["DIALECTS", "Dialect", "Said", "dialect_named", "dialect_of"]

DIALECTS: tuple[Dialect, ...] = (
    failed.Failed(),
    breakpoint.Breakpoint(),
    typed.Typed(),
    specification.Specification(),
    other.Other(),
)


def dialect_of(pause: Pause) -> Dialect:
    """The first dialect that recognises the pause; the last one takes anything."""
    payload = plain(pause.payload)
    return next(dialect for dialect in DIALECTS if dialect.fits(pause, payload))


def dialect_named(name: str) -> Dialect:
    """The dialect that read a review, by the name that the review keeps."""
    return next((dialect for dialect in DIALECTS if dialect.name == name), DIALECTS[-1])
