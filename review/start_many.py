"""Start many: a thread for each row of an uploaded table, checked first, started once however often it is sent."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from review.cells import matched, typed
from review.errors import AlreadyStarted, BadInput, GraphNotFound, ReviewError
from review.ledger import Start
from review.model import Reviewer
from review.parts import Parts
from review.plain import exceeds_64_bits
from review.schemas import place_of, problems
from review.sheets import Sheet, read_sheet

_NAMESPACE = uuid.UUID("6f1d3c52-8f5e-4a4e-9d0b-3f6f6f1b7a10")


@dataclass(frozen=True)
class GoodRow:
    """A row that fits the graph's input, and the thread that it becomes: the same one for the same row of the same
    file."""

    number: int
    thread_id: str
    input: dict[str, Any]


@dataclass(frozen=True)
class BadRow:
    """A row that does not, and why; it is left out."""

    number: int
    reason: str


@dataclass(frozen=True)
class StartPlan:
    """A checked table. columns are the file's, `fields` the input's; mapping has the field of each column that has
    one, the others are not used."""

    graph: str
    columns: tuple[str, ...]
    fields: tuple[str, ...]
    mapping: Mapping[str, str]
    good: tuple[GoodRow, ...]
    bad: tuple[BadRow, ...]

    @property
    def unused(self) -> tuple[str, ...]:
        return tuple(column for column in self.columns if column not in self.mapping)


@dataclass(frozen=True)
class Progress:
    """After each row: how many of all are through, and what became of this one. `started` is false where it had been
    started before, or where `error` says why it cannot be."""

    done: int
    total: int
    row: GoodRow
    started: bool
    error: ReviewError | None = None


class StartMany(Parts):
    """Tables of inputs. Every method raises `ReviewError` subclasses alone."""

    def plan_many(self, graph: str, content: bytes, mapping: Mapping[str, str | None] | None = None) -> StartPlan:
        """Read a CSV or Excel file and check every row against the graph's input; nothing is started. `mapping` says
        which field a column is (None: no field), for those that their names do not tell."""
        info = self.registry.info(graph)
        if info.error:
            raise GraphNotFound(f"Graph {graph!r} cannot be loaded, so nothing can be started: {info.error}")
        sheet, schema = read_sheet(content), info.input_schema or {}
        fields = matched(schema, sheet.columns, mapping or {})
        if not fields:
            known = ", ".join(schema.get("properties", {})) or "any"
            raise BadInput(f"No column of the file is a field of graph {graph!r}, whose fields are: {known}.")
        good: list[GoodRow] = []
        bad: list[BadRow] = []
        for number, given in _inputs(sheet, schema, fields):
            wrong = _fault(schema, given)
            if wrong:
                bad.append(BadRow(number, wrong))
            else:
                good.append(GoodRow(number, _thread_of(graph, sheet, number), given))
        named = tuple(schema.get("properties", {}))
        return StartPlan(graph, sheet.columns, named, fields, tuple(good), tuple(bad))

    def start_many(self, plan: StartPlan, reviewer: Reviewer) -> Iterator[Progress]:
        """Start the good rows, one each time that the next progress is asked for: who stops asking, stops. A row that
        was started before, by this or by an upload of the same file that was cut off, is passed over."""
        self.registry.get(plan.graph)
        for done, row in enumerate(plan.good, 1):
            started, error = True, None
            try:
                start = Start(row.thread_id, plan.graph, row.input, only_new=True)
                self.ledger.threads.queue_start(start, reviewer)
            except AlreadyStarted:
                started = False
            except ReviewError as refusal:
                started, error = False, refusal
            else:
                self._wake(row.thread_id)
            yield Progress(done, len(plan.good), row, started, error)


def _inputs(sheet: Sheet, schema: Mapping[str, Any], fields: Mapping[str, str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each row's number and what is in it of the input; an empty cell is no value."""
    places = {sheet.columns.index(column): name for column, name in fields.items()}
    for row in sheet.rows:
        cells = {name: row.cells[place] for place, name in places.items() if place < len(row.cells)}
        yield row.number, {name: typed(schema, name, cell) for name, cell in cells.items() if cell != ""}


def _fault(schema: Mapping[str, Any], given: dict[str, Any]) -> str | None:
    if not given:
        return "None of the columns that are used has a value."
    if exceeds_64_bits(given):
        return "A whole number is beyond 64 bits, which no checkpoint can keep."
    wrong = problems(schema, given)
    return " ".join(f"{place_of(path, given)}: {told}" if path else told for path, told in wrong.items()) or None


def _thread_of(graph: str, sheet: Sheet, number: int) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{graph}\n{sheet.digest}\n{number}"))
