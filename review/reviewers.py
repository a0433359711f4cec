"""Who decides: people, and at a deadline the desk itself, which is nobody."""

from __future__ import annotations

from dataclasses import dataclass

from review.errors import BadInput
from review.names import LONGEST, same_name, tidy

DESK = "system"


@dataclass(frozen=True)
class Reviewer:
    """Who decides. `signed_in` is false for a name that was only typed. Raises `BadInput` for a name that is none, or
    that is the desk's own, however it is written."""

    name: str
    signed_in: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", tidy(self.name))
        if not 0 < len(self.name) <= LONGEST:
            raise BadInput(f"A reviewer has a name of 1 to {LONGEST} characters; this one has {len(self.name)}.")
        if same_name(self.name, DESK) and not isinstance(self, _Desk):
            raise BadInput(
                f"The name {self.name!r} is the desk's own: it stands for what was decided by nobody, at a deadline. "
                "Give another one."
            )


class _Desk(Reviewer):
    """The one reviewer who is nobody."""


SYSTEM = _Desk(DESK, signed_in=True)
