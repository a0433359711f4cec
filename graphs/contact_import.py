"""A contact import: rows out of a spreadsheet are checked, corrected by a person in a table, and imported once.

The pattern: data validation. The answer is a table, and the graph's own rules hold for it.
"""

import csv
import io
import re
from typing import Literal

from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt
from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator
from typing_extensions import TypedDict

from graphs.records import record

Country = Literal["AT", "CH", "DE", "FR", "IT", "NL"]
COUNTRIES = ("AT", "CH", "DE", "FR", "IT", "NL")
EMAIL = r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$"

TABLE = """\
name,email,company,country
Marta Keller,marta.keller@example.com,Keller & Partner,CH
Piet de Vries,piet.devries@example,De Vries Logistiek,NL
Sophie Laurent,sophie@laurent.example.com,Laurent Fils,FR
Giulia Conti,giulia conti@example.com,Conti Design,Italy
Marta Keller,marta.keller@example.com,Keller & Partner,CH
"""

EXAMPLES: list[JsonValue] = [{"source": "Trade fair Basel", "table": TABLE}]


class Import(BaseModel):
    """A table of contacts, as it came."""

    model_config = ConfigDict(json_schema_extra={"examples": EXAMPLES, "x-review-seed": 1})

    source: str = Field(title="Source", min_length=1, max_length=80, examples=["Trade fair Basel"])
    table: str = Field(
        title="Table",
        description="Comma-separated, with the header name,email,company,country.",
        min_length=1,
        max_length=20_000,
        examples=[TABLE],
    )


class Contact(BaseModel):
    """One contact as it is imported."""

    name: str = Field(title="Name", min_length=1)
    email: str = Field(title="E-mail", pattern=EMAIL)
    company: str = Field(default="", title="Company")
    country: Country = Field(title="Country")


class Corrected(BaseModel):
    """The rows as they are to be imported."""

    rows: list[Contact] = Field(title="Contacts", description="Correct what is wrong; remove what is double.")

    @field_validator("rows")
    @classmethod
    def _no_doubles(cls, rows: list[Contact]) -> list[Contact]:
        emails = [contact.email.lower() for contact in rows]
        if doubles := sorted({email for email in emails if emails.count(email) > 1}):
            raise ValueError(f"{', '.join(doubles)} is there more than once. Keep one row of it.")
        return rows


class State(TypedDict, total=False):
    """The table, its rows, and what is wrong with them. All plain JSON."""

    source: str
    table: str
    rows: list[dict[str, str]]
    problems: list[str]
    imported: str


def read(state: State) -> State:
    """Read the table, and say what is wrong with it."""
    given = Import.model_validate(state)
    lines = csv.DictReader(io.StringIO(given.table.strip()), skipinitialspace=True)
    rows = [{name: (line.get(name) or "").strip() for name in Contact.model_fields} for line in lines]
    problems = [
        f"Row {number}: {told}" for number, row in enumerate(rows, 1) for told in _wrong(row, rows[: number - 1])
    ]
    return {"source": given.source, "table": given.table, "rows": rows, "problems": problems}


def validate(state: State) -> State:
    """Have a person put the table in order."""
    corrected = interrupt(
        {
            "title": f"Contacts to import: {state['source']}",
            "description": f"{len(state['rows'])} rows were read.\n\n"
            + "\n".join(f"- {told}" for told in state["problems"]),
            "rows": state["rows"],
        },
        response_schema=Corrected,
    )
    return {"rows": [contact.model_dump() for contact in corrected.rows], "problems": []}


def store(state: State) -> State:
    """Import the rows, once."""
    return {"imported": record("import", "contacts.jsonl", source=state["source"], contacts=state["rows"])}


def after_reading(state: State) -> str:
    return "validate" if state["problems"] else "store"


def _wrong(row: dict[str, str], earlier: list[dict[str, str]]) -> list[str]:
    told = []
    if not row["name"]:
        told.append("it has no name.")
    if not re.match(EMAIL, row["email"]):
        told.append(f"“{row['email']}” is no e-mail address.")
    elif row["email"].lower() in [other["email"].lower() for other in earlier]:
        told.append(f"{row['email']} was there before.")
    if row["country"] not in COUNTRIES:
        told.append(f"“{row['country']}” is no country code; write {', '.join(COUNTRIES)}.")
    return told


builder = StateGraph(State, input_schema=Import)
builder.add_node("read", read)
builder.add_node("validate", validate)
builder.add_node("store", store)
builder.add_edge(START, "read")
builder.add_conditional_edges("read", after_reading, ["validate", "store"])
builder.add_edge("validate", "store")
builder.add_edge("store", END)

graph = builder.compile(name="contact_import")
