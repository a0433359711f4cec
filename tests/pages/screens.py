"""Pages as AppTest sees them: opened, read, filled."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from streamlit.testing.v1 import AppTest

from review.desk import Desk, open_desk
from review.model import Review
from review.reviewers import Reviewer
from tests.support import ROOT

NAVIGATION = ROOT / "components" / "navigation.py"
SPOKEN = ("title", "header", "markdown", "error", "warning", "info", "success", "text", "code", "json")

# A draft is written, asked about as often as changes are asked for, and kept.
DRAFTS = """
from review.contract import Request, ask
def write(state): return {"log": [f"First, about {state['topic']}."]}
def review(state):
    answer = ask(Request(title=f"Draft: {state['topic']}", subject=state["log"][-1]))
    if answer.decision in ("respond", "reject"):
        return Command(goto="review", update={"log": [f"Again: {answer.message}"]})
    return Command(goto="publish", update={"answer": answer.content or state["log"][-1]})
def publish(state): return {"log": ["published"]}
builder = StateGraph(State)
for node in (write, publish):
    builder.add_node(node.__name__, node)
builder.add_node("review", review, destinations=("review", "publish"))
builder.add_edge(START, "write")
builder.add_edge("write", "review")
graph = builder.compile()
"""


def open_page(page: str = "queue", *, name: str | None = "ada", **query: str) -> AppTest:
    """The page by its file's name, for a reviewer of that name, or one whose name is not known."""
    at = AppTest.from_file(NAVIGATION, default_timeout=60)
    if name:
        at.session_state["reviewer"] = name
    if page != "queue":
        at.switch_page(f"../pages/{page}.py")
        at.query_params.update(query)
    at.run()
    assert not at.exception, at.exception
    return at


def said(at: AppTest) -> str:
    """Every text on screen, as a reader sees it: without the signs that keep it from being markup."""
    texts = [str(getattr(element, "value", "")) for kind in SPOKEN for element in at.get(kind)]
    own = [unescape(re.sub(r"<[^>]*>", " ", element.proto.body)) for element in at.get("html")]
    return as_read("\n".join(texts)) + "\n" + "\n".join(" ".join(text.split()) for text in own)


def as_read(text: str) -> str:
    return re.sub(r"\\(\W)", r"\1", text)


def heading(at: AppTest) -> str:
    """The title of the page."""
    return as_read(at.title[0].value)


def links(at: AppTest) -> list[str]:
    return [element.proto.label for element in at.get("page_link")]


def labels(at: AppTest) -> list[str]:
    """What the buttons of a wide screen say, without the one that ends a notice."""
    return [button.label for button in at.button if not re.match("thumb_|dismiss", button.key or "")]


def rows(at: AppTest, label: str) -> list[dict[str, Any]]:
    """What the list of that label was given to draw."""
    return next((data["rows"] for data in _drawn(at) if data.get("label") == label), [])


def keys(at: AppTest) -> set[str]:
    """The keys that are heard on the page, by what they do."""
    return {key["action"] for data in _drawn(at) if "context" in data for key in data["keys"] if key["heard"]}


def _drawn(at: AppTest) -> list[dict[str, Any]]:
    """What the components on the page were given to draw."""
    return [json.loads(element.proto.json) for element in at.get("bidi_component") if element.proto.json]


def told(at: AppTest) -> str:
    """The one error on screen."""
    (error,) = at.error
    return as_read(str(error.value))


def opened(review: Review, **more: Any) -> AppTest:
    """The page of this review."""
    return open_page("review", review=review.id, **more)


def unfold(at: AppTest, *keys: str) -> AppTest:
    """As the clicks on those lines and buttons do."""
    for key in keys:
        at.session_state[key] = True
    return at.run()


def choose(at: AppTest, review: Review, kind: str) -> AppTest:
    return at.segmented_control(f"choice_{review.id}").set_value(kind).run()


def write(at: AppTest, review: Review, text: str) -> AppTest:
    """As typing in the editor does, whose browser half does not run here: the draft is kept."""
    at.session_state[f"draft_{review.id}"] = text
    if "reviewer" in at.session_state:
        open_desk().save_draft(review.id, Reviewer(at.session_state["reviewer"]), review.version, "value", text)
    return at.run()


def written(at: AppTest) -> str:
    """What stands in the editor."""
    drawn = [json.loads(element.proto.json) for element in at.get("bidi_component") if element.proto.json]
    return str(next(data["text"] for data in drawn if data.get("label") == "Your version"))


def submit(at: AppTest, review: Review) -> AppTest:
    at.button(f"submit_{review.id}").click().run()
    assert not at.exception, at.exception
    return at


def decision(desk: Desk, review: Review) -> tuple[str, str, bool] | None:
    made = desk.review(review.id).decision
    return (made.type, made.reviewer, made.signed_in) if made else None


def asking(payload: str) -> str:
    """A graph that asks with this payload."""
    return f'def ask(state): return {{"answer": interrupt({payload}), "log": ["asked"]}}\ngraph = wire(ask)'
