"""Graphs whose effect shows if it is doubled, and that a process can be killed in, at any named place."""

from __future__ import annotations

# Dies where the file `die-at-<place>` lies beside the graph, once: the file goes first. The effect is a line of JSON,
# written at once: the thread, and what was decided. `check` and a person who is asked both look for that line.
KILLABLE = """
import json
from review.contract import Request, aonce, ask, once
HERE = pathlib.Path(__file__).parent
EFFECTS = HERE / "effects"

class State(TypedDict, total=False):
    topic: str
    said: Annotated[list, operator.add]
    log: Annotated[list, operator.add]

def die(place):
    try:
        os.unlink(HERE / f"die-at-{place}")
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)

def asked(state, name):
    die("inside the node, before interrupt()")
    answer = ask(Request(title=name, subject=f"{name} of {state['topic']}"))
    die("inside the node, behind interrupt()")
    text = answer.content if answer.decision == "edit" else answer.message
    return {"said": [[name, answer.decision, answer.reviewer, text]], "log": ["ask"]}

def effect(state):
    die("inside the action, before its effect")
    line = json.dumps({"thread": state["topic"], "said": sorted(state["said"])}) + "\\n"
    file = os.open(EFFECTS, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, line.encode())
    os.close(file)
    die("inside the action, behind its effect")
    return "done"

def check(state):
    lines = EFFECTS.read_text().splitlines() if EFFECTS.exists() else []
    return "done" if any(json.loads(line)["thread"] == state["topic"] for line in lines) else None

def last(state):
    die("in a node behind the action")
    return {"log": ["last"]}
"""

ONE = """
def question(state): return asked(state, "question")
"""

# Its effect can be checked.
CHECKED = (
    KILLABLE
    + ONE
    + """
def act(state):
    done = once("act", lambda: effect(state), check=lambda: check(state))
    die("behind the action, before its checkpoint")
    return {"log": [done]}
graph = wire(question, act, last, state=State)
"""
)

# Its effect cannot be checked: after a crash in the action a person is asked.
UNCHECKED = CHECKED.replace(", check=lambda: check(state)", "")

ASYNC = (
    KILLABLE
    + ONE
    + """
async def act(state):
    async def aeffect(): return effect(state)
    async def acheck(): return check(state)
    done = await aonce("act", aeffect, check=acheck)
    die("behind the action, before its checkpoint")
    return {"log": [done]}
graph = wire(question, act, last, state=State)
"""
)

# Two questions at once, one action on both answers.
SIBLINGS = (
    KILLABLE
    + """
def left(state): return asked(state, "left")
def right(state): return asked(state, "right")
def act(state):
    done = once("act", lambda: effect(state), check=lambda: check(state))
    die("behind the action, before its checkpoint")
    return {"log": [done]}
builder = StateGraph(State)
for node in (left, right, act, last):
    builder.add_node(node.__name__, node)
for side in ("left", "right"):
    builder.add_edge(START, side)
builder.add_edge(["left", "right"], "act")
builder.add_edge("act", "last")
graph = builder.compile()
"""
)

GRAPHS = {"checked": CHECKED, "unchecked": UNCHECKED, "async": ASYNC, "siblings": SIBLINGS}

# Where the graphs themselves can die; tests.chaos.victim has the places in our own code.
IN_GRAPHS = (
    "inside the node, before interrupt()",
    "inside the node, behind interrupt()",
    "inside the action, before its effect",
    "inside the action, behind its effect",
    "behind the action, before its checkpoint",
    "in a node behind the action",
)
