"""Reviews as the audit entries tell of them: when they waited, and which decision stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from review.ledger.decisions import PAST
from review.model import AuditEntry, DecisionType

OPENED, SUPERSEDED = "review.opened", "review.superseded"
DECIDED = {action: type for type, action in PAST.items()}
PUT_BACK = ("decision.withdrawn", "decision.invalid")
COUNTED = (OPENED, SUPERSEDED, *DECIDED, *PUT_BACK)


@dataclass(frozen=True)
class Verdict:
    """A decision that stands. seconds: from the review's opening to it; late: it came when the review was overdue;
    reason: the one of the list; in_own_words: it is a rejection that has a text and no such reason."""

    at: datetime
    type: DecisionType
    reviewer: str
    seconds: float
    late: bool
    share_changed: float | None = None
    reason: str | None = None
    in_own_words: bool = False


@dataclass
class Case:
    """One review as its entries tell of it. spans: from when to when it waited, before it did since `waits_since`."""

    graph: str
    opened_at: datetime
    due_at: datetime | None = None
    waits_since: datetime | None = None
    spans: list[tuple[datetime, datetime]] = field(default_factory=list)
    verdict: Verdict | None = None

    def rest(self, at: datetime) -> None:
        if self.waits_since is not None:
            self.spans.append((self.waits_since, at))
            self.waits_since = None


def cases_of(entries: Iterable[AuditEntry]) -> dict[str, Case]:
    """The cases by review, of entries that come oldest first."""
    cases: dict[str, Case] = {}
    for entry in entries:
        carry(cases, entry)
    return cases


def carry(cases: dict[str, Case], entry: AuditEntry) -> None:
    """Take the next entry into account."""
    if entry.review_id is None:
        return
    if entry.action == OPENED:
        due = entry.detail.get("due_at")
        due_at = datetime.fromisoformat(due) if due else None
        cases[entry.review_id] = Case(entry.graph or "", entry.at, due_at, waits_since=entry.at)
    elif (case := cases.get(entry.review_id)) is None:
        return
    elif entry.action in DECIDED and case.waits_since is not None:  # else a decision that is only applied again
        case.rest(entry.at)
        case.verdict = _verdict(case, entry)
    elif entry.action in PUT_BACK:
        case.verdict, case.waits_since = None, entry.at
    elif entry.action == SUPERSEDED:
        case.rest(entry.at)


def _verdict(case: Case, entry: AuditEntry) -> Verdict:
    return Verdict(
        at=entry.at,
        type=DECIDED[entry.action],
        reviewer=entry.actor,
        seconds=(entry.at - case.opened_at).total_seconds(),
        late=case.due_at is not None and entry.at > case.due_at,
        share_changed=entry.detail.get("share_changed"),
        reason=entry.detail.get("reason"),
        in_own_words=_in_own_words(entry),
    )


def _in_own_words(entry: AuditEntry) -> bool:
    rejects = DECIDED[entry.action] == DecisionType.REJECT
    return rejects and not entry.detail.get("reason") and bool(str(entry.detail.get("message") or "").strip())
