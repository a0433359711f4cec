"""Breakpoints: the graph stops before or after a node, and goes on without an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from review.contract import Request
from review.dialects.base import Form, Said, one_line, refuse
from review.engine.base import Pause
from review.model import DecisionType, Review, ReviewKind


class Breakpoint:
    """Continue, edit the state first, or close."""

    name = "breakpoint"

    def fits(self, pause: Pause, payload: Any) -> bool:
        return pause.kind == ReviewKind.BREAKPOINT

    def read(self, pause: Pause, payload: Any) -> Request:
        if "places" in payload:
            return _several(payload["places"])
        return Request(
            title=one_line(f"Breakpoint {payload['when']} {payload['node']}"),
            description=f"The graph stops here. It goes on with **{payload['next']}**.",
            allowed_decisions=("continue",),
            message_required=(),
        )

    def form(self, review: Review, kind: DecisionType) -> Form | None:
        return None

    def answer(self, review: Review, said: Said) -> Any:
        return None

    def meaning(self, review: Review, value: Any) -> DecisionType:
        raise refuse(review, "a breakpoint takes no value; continue it.")


def _several(places: Sequence[Mapping[str, Any]]) -> Request:
    """Subgraphs side by side, each at a breakpoint of its own: LangGraph cannot let one of them go on alone."""
    listed = [
        f"- {place['within']}: {place['when']} **{place['node']}**, goes on with **{place['next']}**"
        + (f" ({place['times']} times)" if place["times"] > 1 else "")
        for place in places
    ]
    stops = ", ".join(f"{place['when']} {place['within']}/{place['node']}" for place in places)
    told = "The graph stops in several places at once, and they go on together:"
    return Request(
        title=one_line(f"{sum(place['times'] for place in places)} breakpoints: {stops}"),
        description="\n".join([told, "", *listed]),
        allowed_decisions=("continue",),
        message_required=(),
    )
