"""A graph's policy in review.toml: how long a decision can be undone, which reasons are offered, what is due when."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from review.errors import BadInput

EVERY_GRAPH = "*"
UNDECIDED = "Nobody decided before the deadline."

OnTimeout = Literal["reject", "escalate", "ignore", "approve"]

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
_LONGEST = timedelta(days=36500)


def _duration(given: Any) -> Any:
    """Seconds, or a number with its unit; what a validated policy already has is left as it is."""
    if isinstance(given, timedelta):
        return given
    found = _DURATION.fullmatch(given.strip()) if isinstance(given, str) else None
    if found:
        seconds = float(found[1]) * _UNITS[found[2]]
    elif isinstance(given, int | float) and not isinstance(given, bool):
        seconds = float(given)
    else:
        raise ValueError('write a number of seconds, or a duration such as "90s", "30m", "24h" or "3d"')
    if not 0 <= seconds <= _LONGEST.total_seconds():
        raise ValueError("a duration is between 0 seconds and 36500 days")
    return timedelta(seconds=seconds)


Duration = Annotated[timedelta, BeforeValidator(_duration)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Escalation(_Table):
    """A step towards somebody else: `after` the review has appeared, or `before` it is due."""

    after: Duration | None = None
    before: Duration | None = None
    to: str | None = Field(default=None, min_length=1, max_length=200)
    priority: int | None = Field(default=None, ge=1, le=9)

    @model_validator(mode="after")
    def _one_time(self) -> Escalation:
        if (self.after is None) == (self.before is None):
            raise ValueError("an escalation needs either after or before, and not both")
        return self


class Deadline(_Table):
    """When a review is due that does not say so itself, and what happens until then and at the end."""

    after: Duration | None = None
    remind: tuple[Duration, ...] = ()
    escalate: tuple[Escalation, ...] = ()
    on_timeout: OnTimeout = "escalate"
    message: str = Field(default=UNDECIDED, min_length=1)


class Policy(_Table):
    """What review.toml says of one graph. `undo_seconds` is None where the setting for all graphs holds. A review of a
    `critical` graph is let through by a typed confirmation alone. `reasons` are offered to who rejects or asks for
    changes."""

    undo_seconds: float | None = Field(default=None, ge=0)
    critical: bool = False
    reasons: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = ()
    deadline: Deadline | None = None

    def over(self, general: Policy) -> Policy:
        """This policy, with what it does not say as `general` has it."""
        said = {name: getattr(self, name) for name in self.model_fields_set}
        return general.model_copy(update=said)


def policy_of(policies: Mapping[str, Policy], graph: str) -> Policy:
    """The graph's own policy over that of every graph."""
    general = policies.get(EVERY_GRAPH, Policy())
    own = policies.get(graph)
    return own.over(general) if own and graph != EVERY_GRAPH else general


def check_consent(policies: Mapping[str, Policy]) -> None:
    """Silence approves only where a graph is named. Raises `ValueError`."""
    deadline = policies[EVERY_GRAPH].deadline if EVERY_GRAPH in policies else None
    if deadline and deadline.on_timeout == "approve":
        raise ValueError('"*".deadline.on_timeout is "approve", which must be said of each graph by its name')


def of_no_graph(policies: Mapping[str, Policy], graphs: Collection[str]) -> list[str]:
    """The names of policies that no graph has."""
    return [name for name in policies if name != EVERY_GRAPH and name not in graphs]


def check_graphs(policies: Mapping[str, Policy], graphs: Collection[str], removed: Collection[str] = ()) -> None:
    """Raises `BadInput` for a policy of no graph: a deadline under a mistyped name would never come. The policy of one
    that was `removed` waits for it to come back."""
    for name in of_no_graph(policies, graphs):
        if name not in removed:
            known = ", ".join(graphs) or "none"
            raise BadInput(
                f"In review.toml, policy.{name} is of no graph. The registered graphs are: {known}. "
                "Name one of them, or leave the policy out."
            )
