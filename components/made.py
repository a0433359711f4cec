"""What a decision is called once it was made, and an entry of the audit: as they are told wherever a person reads."""

from __future__ import annotations

from components.words import PAST, action
from review.dialects import form_of
from review.model import AuditEntry, DecisionType, Review

# Dialects whose `respond` is a text of its own for the graph.
ANSWERED = ("batched", "per_call", "agent_inbox", "other")
RESPONDED = "review.responded"


def is_answer(review: Review, kind: DecisionType) -> bool:
    """Whether to respond is to answer a question or for a tool, and not to ask for changes of a draft."""
    return kind == DecisionType.RESPOND and (review.dialect in ANSWERED or form_of(review, kind) is not None)


def made(review: Review) -> str:
    """What was decided on it, in the past; nothing where no decision stands."""
    if review.decision is None:
        return ""
    return "answered" if is_answer(review, review.decision.type) else PAST[review.decision.type]


def told(entry: AuditEntry, review: Review | None) -> str:
    """The entry's action in words. To respond is one of two things, which its review says; one that was removed with
    its examples does not. A fork is told on both of its threads."""
    if entry.action == RESPONDED and review is not None:
        return "Answered" if is_answer(review, DecisionType.RESPOND) else "Asked for changes"
    if "fork" in entry.detail:
        return "Forked into a new thread"
    if "origin" in entry.detail:
        return "Forked from another thread"
    return action(entry.action)
