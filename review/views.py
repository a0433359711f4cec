"""The nouns as plain JSON, one form of each wherever it is printed or shown. Times are ISO 8601 in UTC."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from review.model import AuditEntry, Decision, Review, Step, Thread
from review.plain import plain
from review.times import iso

if TYPE_CHECKING:
    from review.registry import GraphInfo

Json = dict[str, Any]

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def review_json(review: Review) -> Json:
    """A review: the same keys everywhere, whatever its kind and status."""
    due_at = iso(review.due_at)
    return {
        "id": review.id,
        "thread_id": review.thread_id,
        "graph": review.graph,
        "node": review.node,
        "interrupt_id": review.interrupt_id,
        "version": review.version,
        "status": review.status.value,
        "kind": review.kind.value,
        "dialect": review.dialect,
        "allowed_decisions": list(review.request.allowed_decisions),
        "title": review.title,
        "request": plain(review.request) | {"due_at": due_at},
        "payload": plain(review.payload),
        "response_schema": plain(review.request.response_schema),
        "created_at": iso(review.created_at),
        "due_at": due_at,
        "on_timeout": review.request.on_timeout,
        "priority": review.priority,
        "escalated_to": review.escalated_to,
        "critical": review.critical,
        "replaces": review.replaces,
        "assignee": review.assignee,
        "claimed_until": iso(review.claimed_until),
        "error": review.error,
        "example": review.example,
        "decision": decision_json(review.decision) if review.decision else None,
    }


def decision_json(decision: Decision) -> Json:
    return {
        "id": decision.id,
        "type": decision.type.value,
        "value": plain(decision.value),
        "message": decision.message,
        "resume_value": plain(decision.resume_value),
        "version": decision.version,
        "reviewer": decision.reviewer,
        "signed_in": decision.signed_in,
        "decided_at": iso(decision.decided_at),
        "apply_at": iso(decision.apply_at),
        "withdrawn_at": iso(decision.withdrawn_at),
        "reason": decision.reason,
        "batch": decision.batch,
        "share_changed": decision.share_changed,
        "seconds_shown": decision.seconds_shown,
    }


def thread_json(thread: Thread) -> Json:
    """A thread without its input and context, which may be large: `thread_start_json` has those."""
    return {
        "id": thread.id,
        "graph": thread.graph,
        "status": thread.status.value,
        "title": thread.title,
        "error": thread.error,
        "error_id": thread.error_id,
        "example": thread.example,
        "found": thread.found,
        "created_at": iso(thread.created_at),
        "updated_at": iso(thread.updated_at),
        "lease_owner": thread.lease_owner,
        "lease_until": iso(thread.lease_until),
        "cancel_by": thread.cancel_by,
        "tries": thread.tries,
        "pruned_at": iso(thread.pruned_at),
        "origin_thread": thread.origin_thread,
        "origin_checkpoint": thread.origin_checkpoint,
    }


def thread_start_json(thread: Thread) -> Json:
    """What the thread was last started with."""
    return {
        "input": plain(thread.input),
        "context": plain(thread.context),
        "config": plain(thread.config),
        "input_pending": thread.input_pending,
    }


def entry_json(entry: AuditEntry) -> Json:
    return {
        "id": entry.id,
        "at": iso(entry.at),
        "action": entry.action,
        "actor": entry.actor,
        "signed_in": entry.signed_in,
        "group": entry.group,
        "thread_id": entry.thread_id,
        "review_id": entry.review_id,
        "graph": entry.graph,
        "detail": plain(entry.detail),
    }


def graph_json(info: GraphInfo) -> Json:
    return {
        "name": info.name,
        "path": info.path,
        "description": info.description,
        "input_schema": plain(info.input_schema),
        "error": info.error,
    }


def step_json(step: Step) -> Json:
    return {
        "checkpoint_id": step.checkpoint_id,
        "number": step.number,
        "nodes": list(step.nodes),
        "changes": plain(step.changes),
        "values": plain(step.values),
        "at": iso(step.at),
    }


def entries_csv(entries: Iterable[AuditEntry]) -> str:
    """The entries as CSV with a header, in a form in which no cell is a formula to a spreadsheet."""
    columns = ("id", "at", "action", "actor", "signed_in", "group", "thread_id", "review_id", "graph", "detail")
    found = map(entry_json, entries)
    return rows_csv(columns, ([fields[name] for name in columns] for fields in found))


def rows_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Any table as CSV with a header, in the same form."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
