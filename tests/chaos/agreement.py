"""After the faults: do the ledger, the graphs' states and the action's own record tell the same story?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from review.desk import Desk
from review.ledger.checking import Record
from review.model import Review, ReviewKind, ReviewStatus, ThreadStatus
from review.ops.verify import Verifier


def disagreements(desk: Desk, folder: Path, *, log: tuple[str, ...] = ("ask", "done", "last")) -> list[str]:
    """Each thing that was lost, doubled or left waiting, in a sentence. `folder` has the action's record and what
    people were told; `log` is what a finished thread's nodes left in its state."""
    effects = [json.loads(line) for line in _lines(folder / "effects")]
    counted = Counter(effect["thread"] for effect in effects)
    by_thread = {effect["thread"]: effect["said"] for effect in effects}
    records = list(_records(desk))
    known = {record.thread.id for record in records}
    found = [f"{thread}: an effect, and no such thread" for thread in counted.keys() - known]
    for record in records:
        thread_id = record.thread.id
        if counted[thread_id] != 1:
            found.append(f"{thread_id}: the action took effect {counted[thread_id]} times")
        found += [f"{thread_id}: {told}" for told in _in_thread(desk, record, by_thread.get(thread_id, []), log)]
    found += _unkept(records, folder)
    found += [
        f"verify: {each.rule}: {each.thread_id} {each.review_id} {each.told}" for each in Verifier(desk).run().broken
    ]
    return found


def _records(desk: Desk) -> Iterator[Record]:
    after = ""
    while page := desk.ledger.checking.page(after, 100):
        yield from page
        after = page[-1].thread.id


def _in_thread(desk: Desk, record: Record, effect: list[list[str]], log: tuple[str, ...]) -> Iterator[str]:
    if record.thread.status != ThreadStatus.DONE:
        yield f"is {record.thread.status}: {record.thread.error}"
        return
    if record.thread.lease_owner:
        yield f"is done, and its lease is held by {record.thread.lease_owner}"
    state = desk.state(record.thread.id).values
    if effect != sorted(state["said"]):
        yield f"the effect had {effect}, the state has {state['said']}"
    if Counter(state["log"]) != Counter(log) + Counter({"ask": len(state["said"]) - 1}):
        yield f"its nodes left {state['log']}"
    if record.started:
        yield f"the actions {record.started} have no end"
    if record.entries[None, "thread.finished"] != 1:
        yield f"finished {record.entries[None, 'thread.finished']} times"
    asked = [review for review in record.reviews if review.kind == ReviewKind.INTERRUPT]
    if sorted(map(_said, asked)) != effect:
        yield f"the ledger has {sorted(map(_said, asked))}, the effect had {effect}"
    for review in record.reviews:
        yield from (f"review {review.id} {told}" for told in _in_review(record, review))


def _in_review(record: Record, review: Review) -> Iterator[str]:
    made = [decision for decision in record.decisions if decision.review_id == review.id]
    standing = [decision for decision in made if decision.withdrawn_at is None]
    entries = {action: count for (of, action), count in record.entries.items() if of == review.id}
    if review.status != ReviewStatus.RESUMED:
        yield f"is {review.status}"
    if len(standing) != 1:
        yield f"has {len(standing)} standing decisions"
    if entries.get("review.opened") != 1 or entries.get("decision.applied") != 1:
        yield f"has the entries {entries}"
    if entries.get("decision.withdrawn", 0) != len(made) - len(standing):
        yield f"has {len(made) - len(standing)} withdrawn decisions and the entries {entries}"


def _said(review: Review) -> list[str]:
    """What the decision means to the graph, from the ledger's own row."""
    made = review.decision
    assert made is not None
    return [review.title, str(made.type), made.reviewer, made.value if made.type == "edit" else made.message]


def _unkept(records: list[Record], folder: Path) -> Iterator[str]:
    """Decisions that somebody was told of and that the ledger does not have as they were told."""
    rows = {decision.id: decision for record in records for decision in record.decisions}
    for line in _lines(folder / "acknowledged"):
        told: dict[str, Any] = json.loads(line)
        made = rows.get(told["decision"])
        if made is None or (made.review_id, made.type, made.reviewer) != (
            told["review"],
            told["type"],
            told["reviewer"],
        ):
            yield f"review {told['review']}: {told['reviewer']} was told of {told['decision']}, the ledger has {made}"


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines() if path.exists() else []
