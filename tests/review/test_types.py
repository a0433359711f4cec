"""Types survive: what the graph declares comes back as itself in another process, under strict msgpack."""

from __future__ import annotations

from pathlib import Path

from review.model import ThreadStatus
from tests.conftest import MakeDesk, Spawn
from tests.support import ADA, begin, outcome_of, pending, values

RICH = """
import dataclasses, datetime, decimal, enum, uuid
from pydantic import BaseModel
class Mood(enum.Enum):
    GOOD = "good"
class Note(BaseModel):
    text: str
    at: datetime.datetime
@dataclasses.dataclass
class Place:
    street: str
class Rich(TypedDict, total=False):
    topic: str
    mood: Mood
    note: Note
    notes: list[Note]
    place: Place | None
    at: datetime.datetime
    price: decimal.Decimal
    key: uuid.UUID
    answer: Any
    seen: list[str]
AT = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
def fill(state):
    note = Note(text="n", at=AT)
    return {"mood": Mood.GOOD, "note": note, "notes": [note], "place": Place("High Street"), "at": AT,
            "price": decimal.Decimal("1.10"), "key": uuid.UUID(int=7)}
def ask(state): return {"answer": interrupt({"draft": "types", "note": state["note"], "at": AT})}
def look(state):
    assert state["mood"] is Mood.GOOD and state["note"].at == AT and state["place"].street == "High Street"
    kinds = ("mood", "note", "place", "at", "price", "key")
    return {"seen": [type(state[kind]).__name__ for kind in kinds] + [type(state["notes"][0]).__name__]}
graph = wire(fill, ask, look, state=Rich)
"""

ELSEWHERE = """
import sys
from pathlib import Path
from review.desk import open_desk
from review.settings import Settings
desk = open_desk(Settings(data_dir=Path(sys.argv[1]), graphs=Path(sys.argv[2])))
thread = desk.finish(sys.argv[3], sys.argv[4])
print(thread.status, *desk.state(thread.id).values["seen"], sep="\\n")
desk.close()
"""


def test_state_comes_back_as_itself_in_another_process(make_desk: MakeDesk, spawn: Spawn, tmp_path: Path) -> None:
    desk = make_desk({"rich": RICH})
    review = pending(desk, begin(desk, "rich").id)
    assert review.payload == {
        "draft": "types",
        "note": {"text": "n", "at": "2026-01-02T00:00:00+00:00"},
        "at": "2026-01-02T00:00:00+00:00",
    }
    desk.decide(review.id, "approve", ADA)
    places = tmp_path / "data", tmp_path / "graphs" / "langgraph.json"
    out = outcome_of(spawn(ELSEWHERE, *places, review.thread_id, review.id)).splitlines()
    assert out == ["done", "Mood", "Note", "Place", "datetime", "Decimal", "UUID", "Note"]


def test_an_answer_has_the_types_that_the_schema_names(make_desk: MakeDesk) -> None:
    typed = """
import datetime
from typing import Literal
from pydantic import BaseModel
class Verdict(BaseModel):
    decision: Literal["approve", "reject"]
    amount: int
    rate: float
    tags: list[str] = []
    until: datetime.date | None = None
def ask(state):
    said = interrupt({"title": "How much?", "amount": 3, "rate": 0.5, "tags": ["a"]}, response_schema=Verdict)
    return {"log": [type(said.amount).__name__, type(said.rate).__name__, said.tags, str(said.until)]}
graph = wire(ask)
"""
    desk = make_desk({"typed": typed})
    review = pending(desk, begin(desk, "typed").id)
    desk.decide(review.id, "edit", ADA, value={"amount": 4, "until": "2026-01-02"})
    assert desk.finish(review.thread_id).status == ThreadStatus.DONE
    assert values(desk, review.thread_id)["log"] == ["int", "float", ["a"], "2026-01-02"]
    decided = desk.review(review.id).decision
    assert decided is not None
    assert decided.resume_value["amount"] == 4
