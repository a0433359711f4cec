"""Mistakes for the doctor to find, each in its line."""

from __future__ import annotations

# Each line that has a mistake says which: exactly these are to be found.
WRONG = {
    "http": """
def node(state):
    requests.post("https://crm/notify", json=state)  #! effect before interrupt
    return {"answer": interrupt("Send it?")}
""",
    "clients": """
class Node:
    def __init__(self):
        self.client = httpx.Client()

    def execute(self, state):
        self.client.post("https://crm")  #! effect before interrupt
        return {"answer": interrupt("Send it?")}

async def node(state, client: httpx.AsyncClient):
    await client.get("https://crm")  #! effect before interrupt
    return {"answer": interrupt("Send it?")}
""",
    "files": """
def node(state):
    Path("report.txt").write_text("x")  #! effect before interrupt
    with open("log.txt", "a") as log:  #! effect before interrupt
        log.write("asked")
    return {"answer": interrupt("Send it?")}
""",
    "database": """
def node(state):
    db = sqlite3.connect("orders.db")
    db.execute("SELECT 1")
    db.execute("UPDATE orders SET asked = 1")  #! effect before interrupt
    db.commit()  #! effect before interrupt
    return {"answer": interrupt("Send it?")}
""",
    "mail": """
def node(state):
    with smtplib.SMTP("localhost") as server:
        server.send_message(state["mail"])  #! effect before interrupt
    send_email("boss")  #! effect before interrupt
    return {"answer": ask(Request(title="Sent?"))}
""",
    "other values": """
def node(state):
    key = uuid.uuid4()  #! effect before interrupt
    number = random.randint(1, 6)  #! effect before interrupt
    began = time.time()  #! effect before interrupt
    return {"answer": interrupt({"key": str(key), "number": number, "began": began})}
""",
    "models and processes": """
from langchain_openai import ChatOpenAI
model = ChatOpenAI().bind_tools([])

def node(state):
    draft = model.invoke(state["topic"])  #! effect before interrupt
    subprocess.run(["make"])  #! effect before interrupt
    return {"answer": interrupt({"draft_text": draft})}
""",
    "in the payload": """
def node(state):
    return {"answer": interrupt({"id": str(uuid.uuid4()), "asked_at": datetime.now()})}  #! effect before interrupt
""",
    "in a helper": """
def notify(who):
    requests.post("https://crm", json=who)

class Node:
    def _save(self, state):
        Path("a").write_text("b")

    def _ask(self):
        return interrupt("Well?")

    def execute(self, state):
        notify("boss")  #! effect before interrupt
        self._save(state)  #! effect before interrupt
        return {"answer": self._ask()}
""",
    "in the round before": """
def node(state):
    for item in state["items"]:
        if interrupt(item):
            requests.post("https://crm", json=item)  #! effect before interrupt
""",
    "in an entrypoint": """
@entrypoint(checkpointer=InMemorySaver())
def flow(topic):
    at = datetime.now()  #! effect before interrupt
    return interrupt({"topic": topic, "at": str(at)})
""",
    "swallowed": """
def node(state):
    try:
        if state["risky"]:
            return {"answer": interrupt("Go on?")}  #! interrupt swallowed
    except Exception as error:
        return {"error": str(error)}

def bare(state):
    try:
        return {"answer": interrupt("Go on?")}  #! interrupt swallowed
    except:
        return {}

def renamed(state):
    try:
        return {"answer": interrupt("Go on?")}  #! interrupt swallowed
    except (ValueError, Exception) as error:
        raise RuntimeError("The node failed.") from error

def suppressed(state):
    with contextlib.suppress(Exception):
        return {"answer": interrupt("Go on?")}  #! interrupt swallowed
""",
    "swallowed in a helper's caller": """
class Node:
    def _ask(self):
        return interrupt("Go on?")

    def execute(self, state):
        try:
            return {"answer": self._ask()}  #! interrupt swallowed
        except Exception:
            return {}
""",
    "changing branches": """
def by_chance(state):
    if random.random() < 0.1:  #! effect before interrupt
        return {"answer": interrupt("A sample: all right?")}  #! interrupt depends on changing data

def by_time(state):
    if "timeout_at" in state:
        if datetime.now() > state["timeout_at"]:  #! effect before interrupt
            return {"status": "timeout"}
    return {"answer": interrupt("Well?")}  #! interrupt depends on changing data

def by_error(state):
    try:
        requests.get("https://crm").raise_for_status()  #! effect before interrupt
    except requests.HTTPError:
        return {"answer": interrupt("Go on without?")}  #! interrupt depends on changing data

def by_file(state):
    if Path("ask").read_text():
        return {"answer": interrupt("Well?")}  #! interrupt depends on changing data
""",
    "changing loops": """
WAITING = []

def fetch():
    return requests.get("https://crm").json()

def by_service(state):
    found = fetch()  #! effect before interrupt
    for item in found["items"]:
        interrupt(item)  #! interrupt depends on changing data

def by_process(state):
    while WAITING:
        interrupt(WAITING.pop())  #! interrupt depends on changing data

def by_order(state):
    return [interrupt(name) for name in state["names"]] + [ask_all({"a", "b"})]

def by_set(state):
    for name in {"ada", "ben"}:
        interrupt(name)  #! interrupt depends on changing data

class Counting:
    def execute(self, state):
        self.tries += 1
        while self.tries < 3:
            interrupt("Again?")  #! interrupt depends on changing data
""",
    "payloads": """
LOCK = threading.Lock()

def node(state):
    interrupt({"check": lambda text: bool(text)})  #! payload cannot be saved
    interrupt([LOCK])  #! payload cannot be saved
    with open("a.txt") as file:
        interrupt({"deep": {"file": file}})  #! payload cannot be saved
    interrupt({"rows": (row for row in state["rows"])})  #! payload cannot be saved
    interrupt({"keys": state["rows"].keys()})  #! payload cannot be saved
    payload = {"next": node}
    interrupt(payload)  # the line that writes it down is named
""".replace('{"next": node}', '{"next": node}  #! payload cannot be saved'),
    "imports": """
from langgraph.graph import interrupt as pause  #! wrong import
from langgraph.prebuilt import Command as Go  #! wrong import
import langgraph.graph as lg

def node(state):
    return lg.interrupt("Well?")  #! wrong import
""",
    "savers": """
builder = StateGraph(dict)
graph = builder.compile(checkpointer=SqliteSaver.from_conn_string("a.db"))  #! saver not opened

def make():
    saver = SqliteSaver.from_conn_string("a.db")  #! saver not opened
    return builder.compile(checkpointer=saver)
""",
    "no checkpointer": """
def node(state):
    return {"answer": interrupt("Well?")}

builder = StateGraph(dict)
builder.add_node("node", node)
graph = builder.compile()  #! no checkpointer
graph.invoke({"topic": "tea"}, {"configurable": {"thread_id": "1"}})
stopping = builder.compile(interrupt_before=["node"])  #! no checkpointer

async def main():
    async for chunk in stopping.astream({"topic": "tea"}):
        print(chunk)
""",
    "no checkpointer in a class": """
class Desk:
    def __init__(self):
        self.builder = StateGraph(dict)
        self.builder.add_node("node", self.node)
        self.graph = self.builder.compile()  #! no checkpointer

    def node(self, state):
        return {"answer": interrupt("Well?")}

    def start(self, topic):
        return self.graph.invoke({"topic": topic})
""",
    "no thread id": """
class Approval:
    def execute(self, state):
        return {"answer": interrupt("Well?")}

graph = StateGraph(dict).add_node("node", Approval().execute).compile(checkpointer=InMemorySaver())
graph.invoke({"topic": "tea"})  #! run without thread id
config = {"configurable": {"user": "ada"}}
for chunk in graph.stream({"topic": "tea"}, config):  #! run without thread id
    print(chunk)

def build():
    return StateGraph(dict).compile(checkpointer=InMemorySaver())

async def main():
    await build().ainvoke({}, config={"recursion_limit": 9})  #! run without thread id
""",
    "an answer as input": """
def node(state):
    return {"answer": interrupt("Well?")}

builder = StateGraph(dict)
builder.add_node("node", node)
graph = builder.compile(checkpointer=InMemorySaver())
config = {"configurable": {"thread_id": "1"}}
graph.invoke({"topic": "tea"}, config)
graph.invoke({"approval": {"approved": True, "notes": "Fine"}}, config)  #! resume by new input
graph.invoke({"answer": "Yes"}, config)  #! resume by new input
graph.invoke(human_answer, config)  #! resume by new input

class Waiting:
    def __init__(self, graph):
        self.graph = graph

    def approve(self, config, approval_data: dict):
        self.graph.invoke(approval_data, config=config)  #! resume by new input

    def reject(self, config, why):
        self.graph.invoke({"approved": False, "reason": why}, config=config)  #! resume by new input
""",
    "new input at a breakpoint": """
def plan(state):
    return {}

builder = StateGraph(dict)
builder.add_node("plan", plan)
builder.add_edge(START, "plan")
graph = builder.compile(checkpointer=InMemorySaver(), interrupt_before=["plan"])
config = {"configurable": {"thread_id": "1"}}
graph.invoke({"input": "first"}, config)
graph.invoke({"input": "second"}, config)  #! resume by new input
graph.invoke({"approved": True}, config)  #! resume by new input
""",
    "drafts": """
class Review:
    def execute(self, state):
        draft = state.get("draft")
        edited = interrupt({"draft": draft, "prompt": "Edit it if you like"})  #! draft published whatever the answer
        return {"final": edited.get("content", draft)}

def unread(state):
    interrupt({"draft": state["draft"]})  #! draft published whatever the answer
    return {"published": True}
""",
}
