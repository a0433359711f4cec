"""Reviews of several kinds, and how each of them is finished with the keys alone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from review.desk import Desk
from review.model import Review, ReviewStatus
from tests.browser.screens import write
from tests.browser.servers import SECONDS
from tests.support import ADA, FRAGILE, pending, wait_for

# A draft with all four decisions; what came of it is the answer.
DRAFT = """
from review.contract import Request, ask as put
def ask(state):
    said = put(Request(title=f"Draft: {state['topic']}", subject=f"# {state['topic']}\\n\\nIt rises."))
    return {"answer": [said.decision, said.content, said.message]}
graph = wire(ask)
"""
TRIP = """
from pydantic import BaseModel, Field
class Trip(BaseModel):
    city: str
    nights: int = Field(ge=1)
def ask(state):
    payload = {"title": f"Plan: {state['topic']}"}
    return {"answer": interrupt(payload, response_schema=Trip.model_json_schema())}
graph = wire(ask)
"""
ACTIONS = """
CONFIGS = [{"action_name": "pay", "allowed_decisions": ["approve", "edit", "reject"]},
           {"action_name": "mail", "allowed_decisions": ["approve", "edit", "reject", "respond"]}]
def ask(state):
    calls = [{"name": "pay", "args": {"to": state["topic"], "amount": 40.0}, "description": "Pays an invoice."},
             {"name": "mail", "args": {"to": "ada@example.com", "text": "Paid."}}]
    return {"answer": interrupt({"action_requests": calls, "review_configs": CONFIGS})}
graph = wire(ask)
"""
STOPS = """
def write(state): return {"log": ["write"]}
def publish(state): return {"log": ["publish"]}
graph = wire(write, publish, interrupt_before=["publish"])
"""
QUESTION = """
def ask(state): return {"answer": interrupt(f"Which colour has {state['topic']}?")}
graph = wire(ask)
"""
GRAPHS = {
    "draft": DRAFT,
    "trip": TRIP,
    "actions": ACTIONS,
    "stops": STOPS,
    "question": QUESTION,
    "fragile": FRAGILE,
}
# Ten: each kind but the last two comes twice, and no two alike follow one another where they are opened in order.
TEN = ("draft", "trip", "actions", "stops", "draft", "question", "trip", "actions", "stops", "fragile")

BRIEF = "Too long. Any name that begins with an N or a U is missing."  # every key of the desk is among its letters
PHRASE = " Just quick words, explained."


def waiting(desk: Desk, graph: str, topics: list[str]) -> list[Review]:
    """Threads of the graph that the server runs, until each of them waits."""
    threads = [desk.start(graph, {"topic": topic}, ADA) for topic in topics]
    found = desk.ledger.reviews.of_thread
    for thread in threads:
        wait_for(lambda id=thread.id: found(id, status=[ReviewStatus.PENDING]), "a review", SECONDS)  # type: ignore[misc]
    return [pending(desk, thread.id) for thread in threads]


def finish(page: Page, review: Review, pace: float = 0) -> None:
    """Decide the open review as its kind asks for; `pace` is the milliseconds between two letters."""
    HOW[review.graph](page, review, pace)


def _edit(page: Page, review: Review, pace: float) -> None:
    page.keyboard.press("e")
    write(page, PHRASE, pace)
    page.keyboard.press("Control+Enter")


def _fill(page: Page, review: Review, pace: float) -> None:
    page.keyboard.press("e")
    write(page, "Ulm", pace)
    page.keyboard.press("Tab")  # the help of the next field
    page.keyboard.press("Tab")
    write(page, "3", pace)
    page.keyboard.press("Control+Enter")


def _decide_each(page: Page, review: Review, pace: float) -> None:
    expect(lettered(page, review, 0)).to_be_visible()
    page.keyboard.press("a")
    expect(lettered(page, review, 1)).to_be_visible()
    page.keyboard.press("x")
    write(page, "Call her instead.", pace)
    page.keyboard.press("Control+Enter")


def lettered(page: Page, review: Review, place: int) -> Locator:
    """The button of that action which has the key to approve."""
    return page.locator(f".st-key-choice_{review.id}_{place} button[aria-keyshortcuts='A']")


def _answer(page: Page, review: Review, pace: float) -> None:
    page.keyboard.press("q")
    write(page, "Blue, just blue.", pace)
    page.keyboard.press("Control+Enter")


def _let_through(page: Page, review: Review, pace: float) -> None:
    page.keyboard.press("a")


def _retry(page: Page, review: Review, pace: float) -> None:
    page.keyboard.press("Control+Enter")


HOW: dict[str, Callable[[Page, Review, float], None]] = {
    "draft": _edit,
    "trip": _fill,
    "actions": _decide_each,
    "stops": _let_through,
    "question": _answer,
    "fragile": _retry,
}
