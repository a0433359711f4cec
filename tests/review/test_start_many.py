"""Start many: tables are read as they stand, checked row by row, and start each row once."""

from __future__ import annotations

import io
import signal
import zipfile
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from review.cells import guessed, matched, typed
from review.desk import Desk
from review.errors import BadInput
from review.model import ThreadStatus
from review.sheets import MOST_ROWS, read_sheet
from tests.conftest import MakeDesk, Spawn
from tests.support import ADA, BEN

MIDNIGHT = datetime.fromisoformat("2026-01-31")  # as Excel has it, without a zone
TYPED = """
from pydantic import BaseModel, Field
from datetime import date
from typing import Literal
class Order(BaseModel):
    customer: str = Field(title="Name of the customer")
    amount: int = Field(gt=0)
    price: float = 1.5
    urgent: bool = False
    due: date | None = None
    kind: Literal["new", "old"] = "new"
    tags: list[str] = []
def take(state): return {}
builder = StateGraph(Order)
builder.add_node("take", take)
builder.add_edge(START, "take")
graph = builder.compile()
"""


# Dies in the middle of a row: its thread is written, what the history says of it is not.
DIES = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from review.desk import open_desk
from review.reviewers import Reviewer
from review.settings import Settings

desk = open_desk(Settings(data_dir=Path(sys.argv[1]), graphs=Path(sys.argv[2])))
told = 0

@event.listens_for(Engine, "before_cursor_execute")
def count(connection, cursor, statement, *more):
    global told
    told += "INSERT INTO audit" in statement
    if told == int(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)

for step in desk.start_many(desk.plan_many("ask", Path(sys.argv[3]).read_bytes()), Reviewer("ada")): pass
"""


def excel(*rows: Any) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def orders(make_desk: MakeDesk) -> Desk:
    return make_desk({"orders": TYPED})


def test_cells_get_the_types_of_the_schema(orders: Desk) -> None:
    text = (
        "Name Of The Customer;AMOUNT;price;urgent;due;kind;tags;other\n"
        '007;3;2;yes;2026-01-31;old;"[""a""]";x\n'
        "=1+1;4;0.5;FALSE;;;;\n"
    )
    plan = orders.plan_many("orders", text.encode("utf-8-sig"))
    assert plan.bad == ()
    assert plan.unused == ("other",)
    assert plan.fields == ("customer", "amount", "price", "urgent", "due", "kind", "tags")
    first, second = (row.input for row in plan.good)
    assert first == {"customer": "007", "amount": 3, "price": 2, "urgent": True} | {
        "due": "2026-01-31",
        "kind": "old",
        "tags": ["a"],
    }
    assert second == {"customer": "=1+1", "amount": 4, "price": 0.5, "urgent": False}
    assert type(first["amount"]) is int


def test_excel_keeps_what_it_has_and_formulas_are_not_worked_out(orders: Desk) -> None:
    day = MIDNIGHT
    content = excel(["customer", "amount", "price", "urgent", "due"], [7, 3.0, 2, True, day], ["x", 4, 0.5, 0, None])
    plan = orders.plan_many("orders", content)
    assert plan.bad == ()
    assert [row.input for row in plan.good] == [
        {"customer": "7", "amount": 3, "price": 2, "urgent": True, "due": "2026-01-31"},
        {"customer": "x", "amount": 4, "price": 0.5, "urgent": False},
    ]
    (row,) = read_sheet(excel(["a", "b"], ["=1+1", "t"])).rows
    assert row.cells == ("", "t")


def test_bad_rows_are_named_as_a_spreadsheet_counts_and_the_others_start(orders: Desk) -> None:
    text = "customer,amount\nada,1\n\nben,many\n,2\ncarla,-1\nd,99999999999999999999\n,\ne,5\n"
    plan = orders.plan_many("orders", text.encode())
    assert [row.number for row in plan.good] == [2, 9]
    assert [(row.number, row.reason) for row in plan.bad] == [
        (4, "amount: must be a whole number, not 'many'."),
        (5, "customer: must be given."),
        (6, "amount: must be more than 0."),
        (7, "A whole number is beyond 64 bits, which no checkpoint can keep."),
    ]
    assert [step.started for step in orders.start_many(plan, ADA)] == [True, True]


def test_columns_are_mapped_by_hand_where_their_names_do_not_tell(orders: Desk) -> None:
    content = b"who,amount,price\nada,1,2\n"
    assert orders.plan_many("orders", content).bad[0].reason == "customer: must be given."
    plan = orders.plan_many("orders", content, {"who": "customer", "price": None})
    assert plan.good[0].input == {"customer": "ada", "amount": 1}
    assert plan.unused == ("price",)
    for mapping, why in (
        ({"nobody": "customer"}, "has no column 'nobody'"),
        ({"who": "nothing"}, "has no field 'nothing'"),
        ({"who": "amount"}, "are both for 'amount'"),
    ):
        with pytest.raises(BadInput, match=why):
            orders.plan_many("orders", content, mapping)
    with pytest.raises(BadInput, match="No column of the file is a field of graph 'orders'"):
        orders.plan_many("orders", b"a,b\n1,2\n")


def test_the_same_file_starts_nothing_twice_also_after_its_threads_are_done(desk: Desk) -> None:
    content = b"topic\nbread\ncake\nbread\n"
    plan = desk.plan_many("ask", content)
    assert len({row.thread_id for row in plan.good}) == 3
    cut_off = list(islice(desk.start_many(plan, ADA), 2))
    assert [(step.done, step.total, step.started) for step in cut_off] == [(1, 3, True), (2, 3, True)]
    assert len(desk.ledger.threads.page()) == 2
    first = plan.good[0].thread_id
    desk.close_thread(desk.finish(first).id, ADA)
    again = list(desk.start_many(desk.plan_many("ask", content), BEN))
    assert [step.started for step in again] == [False, False, True]
    assert desk.thread(first).status == ThreadStatus.CLOSED
    assert [entry.actor for entry in desk.ledger.audit.entries(actions=("thread.started",))] == ["ben", "ada", "ada"]
    other = list(desk.start_many(desk.plan_many("ask", content + b"tea\n"), ADA))
    assert [step.started for step in other] == [True] * 4


def test_the_same_table_is_known_again_however_its_file_was_saved(orders: Desk) -> None:
    first = orders.plan_many("orders", b"customer,amount,due,other\nada,1,2026-01-31,x\n,2,,\nben,3,,y\n")
    rows = ["ada", 1, MIDNIGHT, "x"], ["", 2, None, ""], ["ben", 3.0, None, "y"]
    saved = orders.plan_many("orders", excel(["Customer", "amount", "due", "other"], *rows))
    ids = [row.thread_id for row in first.good]
    assert len(set(ids)) == 2
    assert [row.thread_id for row in saved.good] == ids
    assert len({*ids, *(row.thread_id for row in orders.plan_many("orders", b"customer,amount\nada,1\n").good)}) == 3
    mapped = orders.plan_many("orders", b"who,amount,due\nada,1,2026-01-31\n\n,2,\nben,3,\n", {"who": "customer"})
    assert [row.thread_id for row in mapped.good] == ids


@pytest.mark.parametrize("row", [1, 17, 40])
def test_a_process_killed_while_it_starts_many_leaves_the_rest_to_the_same_upload(
    desk: Desk, spawn: Spawn, tmp_path: Path, row: int
) -> None:
    content = b"topic\n" + b"".join(b"number %d\n" % n for n in range(40))
    table = tmp_path / "rows.csv"
    table.write_bytes(content)
    process = spawn(DIES, tmp_path / "data", tmp_path / "graphs" / "langgraph.json", table, row)
    assert process.wait(60) == -signal.SIGKILL
    assert len(desk.ledger.threads.page(limit=100)) == row - 1
    steps = list(desk.start_many(desk.plan_many("ask", content), BEN))
    assert [step.error for step in steps] == [None] * 40
    assert [step.started for step in steps] == [False] * (row - 1) + [True] * (41 - row)
    found = [thread.input["topic"] for thread in desk.ledger.threads.page(limit=100)]
    assert sorted(found) == sorted(f"number {n}" for n in range(40))
    started = desk.ledger.audit.entries(actions=("thread.started",), limit=None)
    assert len({entry.thread_id for entry in started}) == len(started) == 40


def test_a_finished_thread_is_not_started_anew(orders: Desk) -> None:
    plan = orders.plan_many("orders", b"customer,amount\nada,1\n")
    (step,) = orders.start_many(plan, ADA)
    assert orders.finish(step.row.thread_id).status == ThreadStatus.DONE
    (again,) = orders.start_many(plan, ADA)
    assert not again.started
    assert orders.thread(step.row.thread_id).status == ThreadStatus.DONE


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty"),
        (b"\n\na,b\n", "first row is empty"),
        (b"a,A b,a\n1,2,3\n", "Two columns of the file are named 'a'"),
        (b"a,b\n1,2,3\n", "cannot be read as CSV"),
        (b"\xff\xfe\x00", "neither Excel nor text in UTF-8"),
        (b"PK\x03\x04 and no more", "cannot be read as Excel"),
        (b"x" * 10_000_001, "at most 10 MB are read"),
        (b"a\n" + b"1\n" * (MOST_ROWS + 1), "10,001 rows; at most 10,000"),
    ],
    ids=range(8),
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(content: bytes, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        read_sheet(content)


def test_an_excel_file_that_unpacks_to_too_much_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"\0" * 200_000_001)
    with pytest.raises(BadInput, match="unpacks to 200 MB"):
        read_sheet(out.getvalue())


def test_most_rows_are_taken() -> None:
    assert len(read_sheet(b"a\n" + b"1\n" * MOST_ROWS).rows) == MOST_ROWS


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ({"type": "string"}, "1", "1"),
        ({"type": "integer"}, " 1 ", 1),
        ({"type": "integer"}, "1.0", "1.0"),
        ({"type": "number"}, "1e3", 1000.0),
        ({"type": "number"}, "nan", "nan"),
        ({"type": "number"}, "1_0", "1_0"),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, "007", "007"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "7", 7),
        ({"enum": [1, 2]}, "2", 2),
        ({"type": "boolean"}, "Maybe", "Maybe"),
        ({"type": "object"}, '{"a": 1}', {"a": 1}),
        ({"type": "object"}, "{a", "{a"),
        ({}, "1", "1"),
        ({"$ref": "#/$defs/Whole"}, "5", 5),
        ({"type": "string", "format": "date-time"}, MIDNIGHT, "2026-01-31T00:00:00"),
        ({"type": "string", "format": "date"}, date(2026, 1, 2), "2026-01-02"),
        ({"type": "string"}, 2.5, "2.5"),
        ({"type": "string"}, True, "true"),
        ({"type": "integer"}, 2.5, 2.5),
    ],
)
def test_a_cell_becomes_what_its_field_is(field: dict[str, Any], cell: Any, value: Any) -> None:
    schema = {"properties": {"f": field}, "$defs": {"Whole": {"type": "integer"}}}
    found = typed(schema, "f", cell)
    assert (found, type(found)) == (value, type(value))


def test_a_graph_that_takes_anything_takes_every_column() -> None:
    assert matched({}, ["One", "two"], {}) == {"One": "One", "two": "two"}


def test_a_column_of_a_similar_name_is_guessed_and_no_field_twice() -> None:
    schema = {"properties": {"customer": {"title": "Client"}, "amount": {}, "due_date": {}}}
    found = guessed(schema, ["Custommer", "client name", "Amount", "amounts", "due", "colour"])
    assert found == {"Custommer": None, "client name": "customer", "amounts": None, "due": "due_date", "colour": None}
    assert guessed({}, ["anything"]) == {}
