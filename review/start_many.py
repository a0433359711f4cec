"""Start many: a thread for each row of an uploaded table, checked first, started once however often it is sent."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from review.cells import guessed, matched, typed
from review.errors import AlreadyStarted, BadInput, GraphNotFound, ReviewError
from review.ledger import Start
from review.parts import Parts
from review.plain import exceeds_64_bits
from review.reviewers import Reviewer
from review.schemas import place_of, problems
from review.sheets import Sheet, read_sheet

_NAMESPACE = uuid.UUID("6f1d3c52-8f5e-4a4e-9d0b-3f6f6f1b7a10")


@dataclass(frozen=True)
class GoodRow:
    """A row that fits the graph's input, and the thread that it becomes: the same one for the same row of a table that
    says the same, however its file was saved."""

    number: int
    thread_id: str
    input: dict[str, Any]


@dataclass(frozen=True)
class BadRow:
    """A row that does not, and why; it is left out."""

    number: int
    reason: str


@dataclass(frozen=True)
class Matching:
    """What a table's columns may be. named has the field of each column whose name tells it; guesses has the others,
    each with the field that it may be; free are the fields that no column names, required those that must be given."""

    named: Mapping[str, str]
    guesses: Mapping[str, str | None]
    free: tuple[str, ...]
    required: tuple[str, ...]


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

    def match_columns(self, graph: str, sheet: Sheet) -> Matching:
        """Which field each column is, as far as the names tell."""
        schema = self._input_of(graph)
        named, fields = matched(schema, sheet.columns, {}), tuple(schema.get("properties", {}))
        free = tuple(field for field in fields if field not in named.values())
        return Matching(named, guessed(schema, sheet.columns), free, tuple(schema.get("required", ())))

    def plan_many(self, graph: str, table: bytes | Sheet, mapping: Mapping[str, str | None] | None = None) -> StartPlan:
        """Check every row of a CSV or Excel file, read or not, against the graph's input; nothing is started. `mapping`
        says which field a column is (None: no field), for those that their names do not tell."""
        schema = self._input_of(graph)
        sheet = table if isinstance(table, Sheet) else read_sheet(table)
        fields = matched(schema, sheet.columns, mapping or {})
        if not fields:
            known = ", ".join(schema.get("properties", {})) or "any"
            raise BadInput(f"No column of the file is a field of graph {graph!r}, whose fields are: {known}.")
        rows = list(_inputs(sheet, schema, fields))
        digest = _digest([given for _, given in rows])
        good: list[GoodRow] = []
        bad: list[BadRow] = []
        for place, (number, given) in enumerate(rows):
            if wrong := _fault(schema, given):
                bad.append(BadRow(number, wrong))
            else:
                good.append(GoodRow(number, str(uuid.uuid5(_NAMESPACE, f"{graph}\n{digest}\n{place}")), given))
        named = tuple(schema.get("properties", {}))
        return StartPlan(graph, sheet.columns, named, fields, tuple(good), tuple(bad))

    def start_many(self, plan: StartPlan, reviewer: Reviewer) -> Iterator[Progress]:
        """Start the good rows, one each time that the next progress is asked for: who stops asking, stops. A row that
        was started before, by this or by an upload of the same table that was cut off, is passed over."""
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

    def _input_of(self, graph: str) -> Mapping[str, Any]:
        info = self.registry.info(graph)
        if info.error:
            raise GraphNotFound(f"Graph {graph!r} cannot be loaded, so nothing can be started: {info.error}")
        return info.input_schema or {}


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


def _digest(inputs: Sequence[Mapping[str, Any]]) -> str:
    """Of what the rows say: a file's bytes change each time that a spreadsheet saves it."""
    said = json.dumps(inputs, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
