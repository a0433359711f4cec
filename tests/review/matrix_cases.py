"""What the matrix decides on each payload, and what the documented table says that the graph then gets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from review.contract import Answer
from tests.graphs_for_tests import unions
from tests.graphs_for_tests.matrix_graphs import DEAF, MAIL, NESTED, REFUND, SECOND, Ruled, Ruling, Trip, Verdict


@dataclass(frozen=True)
class Case:
    """A payload by its name, a decision on it (`each`: one on every action), and what `interrupt()` returns."""

    asks: str
    kind: str
    gets: Any
    value: Any = None
    message: str = ""

    def __str__(self) -> str:
        return f"{self.asks}, {self.kind}"


HEX = "0123456789abcdef" * 2
NEW_ARGS = {"number": "A-1", "amount": 20.0, "count": 3, "urgent": True}
LESS_ARGS = {"number": "A-1"}
NO = {"type": "reject", "message": "No"}
OFF = {"type": "response", "args": "No"}
IGNORED = {"type": "ignore", "args": None}
WHOLE = {"action": "refund", "args": REFUND["args"]}
MAIL_ACTION = {"action": "mail", "args": MAIL["args"]}
SIGNED = {"reviewer": "ada"}
YES = {"approved": True, "edited": False} | SIGNED
REFUSED = {"approved": False, "reason": "No"} | SIGNED


def typed(verdict: Any, **fields: Any) -> Verdict:
    """The graph's own model, with what the payload showed and who decided."""
    return Verdict.model_validate({"verdict": verdict, "text": "Bread", "amount": 3, "reviewer": "ada"} | fields)


def edited(args: Any, name: str = "refund") -> dict[str, Any]:
    return {"type": "edit", "edited_action": {"name": name, "args": args}}


def batch(*decisions: dict[str, Any]) -> dict[str, Any]:
    return {"decisions": list(decisions)}


APPROVE, RESPOND = {"type": "approve"}, {"type": "respond", "message": "I called her."}
MIXED = batch(edited(NEW_ARGS), RESPOND, NO)
TRIP = {"city": "Oslo", "nights": 2, "on": "2026-05-17"}
VERBATIM = {"verdict": "approve", "text": "Cake", "reviewer": "a robot"}

TYPED = (
    Case("typed", "approve", typed("approve")),
    Case("typed", "approve", typed("approve", reason="Fine"), message="Fine"),
    Case(
        *("typed", "edit", typed("approve", text="Cake", amount=7, share=1.0, on=date(2026, 5, 17))),
        {"text": "Cake", "amount": 7, "share": 1.0, "on": "2026-05-17"},
    ),
    Case("typed", "respond", typed("request_changes", reason="Shorter"), message="Shorter"),
    Case("typed", "reject", typed("reject", reason="No"), message="No"),
    Case("typed", "answer", Verdict.model_validate(VERBATIM), VERBATIM),
    Case("enumerated", "approve", Ruled(ruling=Ruling.YES, count=7)),
    Case("enumerated", "edit", Ruled(ruling=Ruling.YES, count=0), {"count": 0}),
    Case("enumerated", "reject", Ruled(ruling=Ruling.NO, count=7)),
    Case("constants", "approve", {"say": "approve"}),
    Case("constants", "reject", {"say": "reject", "why": "No"}, {"why": "No"}),
    Case("approved", "approve", {"approved": True, "limit": 12.0, "tags": ["new"]}),
    Case("approved", "edit", {"approved": True, "limit": 3.5, "tags": []}, {"limit": 3.5, "tags": []}),
    Case("approved", "reject", {"approved": False, "limit": 12.0, "tags": ["new"], "note": "No"}, message="No"),
    Case("trip", "respond", Trip(city="Oslo", nights=2, on=date(2026, 5, 17)), TRIP),
    Case("trip", "answer", Trip(city="Oslo", nights=2, on=date(2026, 5, 17)), TRIP),
    Case("contract", "approve", Answer(decision="approve", content="Bread", reviewer="ada")),
    Case("contract", "edit", Answer(decision="edit", content="Cake", reviewer="ada"), "Cake"),
    Case(
        *("contract", "respond", Answer(decision="respond", content="Bread", message="Shorter", reviewer="ada")),
        message="Shorter",
    ),
    Case(
        *("contract", "reject", Answer(decision="reject", content="Bread", message="No", reviewer="ada")), message="No"
    ),
)

UNIONS = (
    Case("union", "approve", unions.Ruled(unions.Approval(text="Bread"))),
    Case(
        *("union", "edit", unions.Ruled(unions.Change(decision="edit", text="Cake", amount=7, reviewer="ada"))),
        {"text": "Cake", "amount": 7},
    ),
    Case(
        *("union", "edit", unions.Ruled(unions.Change(decision="edit", text="Cake", amount=3, reviewer="ada"))),
        {"text": "Cake", "reviewer": "a robot"},
    ),
    Case(
        *("union", "respond", unions.Ruled(unions.Revision(decision="request_changes", feedback="Shorter"))),
        message="Shorter",
    ),
    Case(
        *("union", "reject", unions.Ruled(unions.Refusal(decision="reject", reason="No", reviewer="ada"))),
        message="No",
    ),
    Case(
        *("union", "answer", unions.Ruled(unions.Revision(decision="request_changes", feedback="Odd"))),
        {"decision": "request_changes", "feedback": "Odd"},
    ),
    Case("union of two", "approve", unions.Granted(approved=True, limit=12.0)),
    Case("union of two", "edit", unions.Granted(approved=True, limit=3.0), {"limit": 3.0}),
    Case("union of two", "reject", unions.Denied(approved=False, note="No"), message="No"),
    Case(
        *("union without a verdict", "respond", unions.Cash(kind="cash", amount=2.0)),
        {"kind": "cash", "amount": 2.0},
    ),
    Case(
        *("union without a verdict", "respond", unions.Card(kind="card", number="1", reviewer="ada")),
        {"kind": "card", "number": "1", "reviewer": "a robot"},
    ),
)

BATCHED = (
    Case("batch", "approve", batch(APPROVE)),
    Case("batch", "edit", batch(edited(NEW_ARGS)), NEW_ARGS),
    Case("batch", "edit", batch(edited(LESS_ARGS)), LESS_ARGS),
    Case("batch", "edit", batch(edited({}, "mail")), {"name": "mail", "args": {}}),
    Case("batch", "reject", batch({"type": "reject"})),
    Case("batch", "reject", batch(NO), message="No"),
    Case("batch", "respond", batch(RESPOND), "I called her."),
    Case("batch", "respond", batch(RESPOND), message="I called her."),
    Case(
        *("batch of parameters", "edit", batch(edited({"name": "new", "args": [2]}, "rename"))),
        {"name": "new", "args": [2]},
    ),
    Case("batch of three", "approve", batch(APPROVE, APPROVE, APPROVE)),
    Case("batch of three", "reject", batch(NO, NO, NO), message="No"),
    Case(
        *("batch of three", "each", MIXED),
        [("edit", NEW_ARGS, ""), ("respond", None, "I called her."), ("reject", None, "No")],
    ),
    Case(
        *("batch of three", "each", batch(NO, APPROVE, edited(SECOND["args"]))),
        [("reject", None, "No"), ("approve", None, ""), ("edit", SECOND["args"], "")],
    ),
    Case("batch of three", "answer", MIXED, MIXED),
)

PER_CALL = (
    Case("call", "approve", APPROVE),
    Case("call", "edit", edited(NEW_ARGS), NEW_ARGS),
    Case("call", "edit", edited(LESS_ARGS), LESS_ARGS),
    Case("call", "edit", edited({}, "mail"), {"name": "mail", "args": {}}),
    Case(
        *("call of parameters", "edit", edited({"name": "new", "args": [2]}, "rename")),
        {"name": "new", "args": [2]},
    ),
    Case("call", "reject", {"type": "reject"}),
    Case("call", "reject", NO, message="No"),
    Case("call", "respond", RESPOND, "I called her."),
    Case("call", "respond", RESPOND, message="I called her."),
    Case("call", "answer", edited(LESS_ARGS), edited(LESS_ARGS)),
)

AGENT_INBOX = (
    Case("inbox", "approve", [{"type": "accept", "args": WHOLE}]),
    Case("inbox", "edit", [{"type": "edit", "args": WHOLE | {"args": NEW_ARGS}}], NEW_ARGS),
    Case("inbox", "edit", [{"type": "edit", "args": WHOLE | {"args": LESS_ARGS}}], LESS_ARGS),
    Case("inbox", "reject", [OFF], message="No"),
    Case("inbox", "reject", [{"type": "response", "args": "Rejected."}]),
    Case("inbox", "respond", [{"type": "response", "args": "Later"}], "Later"),
    Case("inbox", "respond", [{"type": "response", "args": "Later"}], message="Later"),
    Case("inbox", "ignore", [IGNORED]),
    Case("inbox", "answer", [IGNORED], [IGNORED]),
    Case("inbox that hears nothing", "approve", [{"type": "accept", "args": MAIL_ACTION}]),
    Case("inbox that hears nothing", "reject", [IGNORED], message="No"),
    Case("inbox that takes no refusal", "approve", [{"type": "accept", "args": DEAF["action_request"]}]),
    Case("inbox of two", "approve", [{"type": "accept", "args": WHOLE}, {"type": "accept", "args": MAIL_ACTION}]),
    Case("inbox of two", "reject", [OFF, IGNORED], message="No"),
    Case(
        *("inbox of two", "each", [{"type": "edit", "args": WHOLE | {"args": LESS_ARGS}}, IGNORED]),
        [("edit", LESS_ARGS, ""), ("reject", None, "No")],
    ),
    Case("inbox in a list", "ignore", [IGNORED]),
    Case("inbox as text", "approve", [{"type": "accept", "args": {"action": "refund", "args": {"amount": 39.0}}}]),
    Case("inbox as text", "edit", [{"type": "edit", "args": {"action": "refund", "args": {}}}], {}),
    Case("inbox as text", "reject", [OFF], message="No"),
)

SPECIFICATION = (
    Case("draft", "approve", YES | {"content": "# Bread"}),
    Case("draft", "approve", YES | {"content": "# Bread", "notes": "Fine"}, message="Fine"),
    Case("draft", "edit", YES | {"edited": True, "content": "# Cake"}, "# Cake"),
    Case(
        *("draft", "edit", YES | {"edited": True, "content": "# Cake", "notes": "Sweet"}, "# Cake"),
        message="Sweet",
    ),
    Case("draft", "reject", REFUSED, message="No"),
    Case("draft", "reject", REFUSED | {"reason": ""}),
    Case("draft", "answer", {"approved": True, "content": 1.0}, {"approved": True, "content": 1.0}),
    Case("draft of data", "approve", YES | {"content": NESTED}),
    Case("draft of data", "edit", YES | {"edited": True, "content": [NESTED]}, [NESTED]),
    Case("plan", "approve", YES),
    Case("plan", "reject", REFUSED, message="No"),
    Case("action", "approve", YES | {"notes": "Fine"}, message="Fine"),
    Case("action", "reject", REFUSED, message="No"),
)

ANSWERS: tuple[Any, ...] = ("", "yes", 0, 1.0, -2.0, 2**53 + 1, False, [], {}, NESTED)
PLAIN = ("text", "number", "fraction", "nothing", "list", "nested", "malformed")
OTHER = (
    *(Case(name, "approve", True) for name in PLAIN),
    *(Case(name, "reject", False, message="No") for name in PLAIN),
    *(Case("text", "edit", value, value) for value in ANSWERS),
    *(Case(name, "respond", value, value) for name, value in (("number", 8), ("fraction", 8.0), ("list", ["b", 2.0]))),
    Case("nested", "edit", {"data": NESTED | {"whole": 2}}, {"data": NESTED | {"whole": 2}}),
    Case("text", "respond", "words", message="words"),
    Case("text", "answer", [1, "two", None], [1, "two", None]),
    *(Case(name, "answer", None, None) for name in PLAIN),
    Case("list", "answer", {HEX: "an id, by its looks"}, {HEX: "an id, by its looks"}),
)

DIALECTS = {
    "response_schema": TYPED + UNIONS,
    "batched": BATCHED,
    "per_call": PER_CALL,
    "agent_inbox": AGENT_INBOX,
    "specification": SPECIFICATION,
    "other": OTHER,
}

# What each payload offers, in the documented table's words; `answer` is always there.
OFFERS = {
    "typed": {"approve", "edit", "respond", "reject"},
    "enumerated": {"approve", "edit", "reject"},
    "constants": {"approve", "edit", "reject"},
    "approved": {"approve", "edit", "reject"},
    "trip": {"respond"},
    "contract": {"approve", "edit", "respond", "reject"},
    "union": {"approve", "edit", "respond", "reject"},
    "union of two": {"approve", "edit", "reject"},
    "union without a verdict": {"respond"},
    "batch": {"approve", "edit", "respond", "reject"},
    "batch of parameters": {"approve", "edit"},
    "batch of three": {"approve", "reject"},
    "call": {"approve", "edit", "respond", "reject"},
    "call of parameters": {"approve", "edit", "respond", "reject"},
    "inbox that takes no refusal": {"approve", "edit"},
    "inbox": {"approve", "edit", "respond", "reject", "ignore"},
    "inbox that hears nothing": {"approve", "reject", "ignore"},
    "inbox of two": {"approve", "reject", "ignore"},
    "inbox in a list": {"approve", "reject", "ignore"},
    "inbox as text": {"approve", "edit", "respond", "reject"},
    "draft": {"approve", "edit", "reject"},
    "draft of data": {"approve", "edit", "reject"},
    "plan": {"approve", "reject"},
    "action": {"approve", "reject"},
} | {name: {"approve", "edit", "respond", "reject"} for name in PLAIN}
