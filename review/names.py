"""Names of people. They are typed by hand, so that one person's is the same whatever its case and spaces."""

from __future__ import annotations

import unicodedata

LONGEST = 200  # characters


def tidy(name: str) -> str:
    """The name as it is kept: what its owner typed, without spaces too many."""
    return " ".join(name.split())


def key_of(name: str) -> str:
    """What the ways to write one name have in common."""
    return tidy(unicodedata.normalize("NFKC", name)).casefold()


def same_name(one: str | None, other: str | None) -> bool:
    """Whether both are one person's; nobody is nobody's."""
    return one is not None and other is not None and key_of(one) == key_of(other)
