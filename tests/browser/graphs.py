"""Small graphs for the tests in the browser."""

from __future__ import annotations

from tests.support import ASK

# A question; then a node that ends when a file of the topic's name lies beside the graph; then an action, done once.
PATIENT = """
import asyncio
from review.contract import once
HERE = pathlib.Path(__file__).parent
def ask(state): return {"answer": interrupt({"draft": f"About {state['topic']}", "prompt": f"Go {state['topic']}?"})}
async def wait(state):
    (HERE / f"{state['topic']}.begun").touch()
    while not (HERE / f"{state['topic']}.go").exists():
        await asyncio.sleep(0.05)
    return {"log": ["waited"]}
def publish(state):
    def effect():
        with (HERE / f"{state['topic']}.out").open("a") as file:
            file.write("published\\n")
        return "published"
    return {"log": [once("publish", effect)]}
graph = wire(ask, wait, publish)
"""

# What a payload may try.
EVIL = """
DRAFT = "<script>window.harmed = 1</script><img src=x onerror='window.harmed = 2'>[a](javascript:window.harmed=3)"
def ask(state): return {"answer": interrupt({"draft": DRAFT, "prompt": f"<b>Evil</b> {DRAFT}", "note": DRAFT})}
graph = wire(ask)
"""

# More questions at once than a page of the queue has.
MANY = """
def ask(state): return {"log": [interrupt({"draft": state["topic"], "prompt": f"Question {state['topic']}"})]}
def each(state): return [Send("ask", {"topic": f"{state['topic']} {n:02}"}) for n in range(53)]
builder = StateGraph(State)
builder.add_node("ask", ask)
builder.add_conditional_edges(START, each, ["ask"])
graph = builder.compile()
"""

GRAPHS = {"ask": ASK, "patient": PATIENT, "evil": EVIL, "many": MANY}
