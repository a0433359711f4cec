"""The doctor: every mistake is named in its line, right code gets nothing, and no code is run."""

from __future__ import annotations

import ast
import doctest
import inspect
import json
import re
import textwrap
from pathlib import Path

import langgraph
import pytest
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from review.doctor import Report, examine
from review.doctor.rules.nodes import BROAD
from review.doctor.rules.payloads import REFUSED
from review.errors import BadInput
from tests.cli_support import Shell
from tests.support import ROOT

HEAD = """\
import asyncio, contextlib, random, smtplib, sqlite3, threading, time, uuid
import httpx, requests
from datetime import datetime, timedelta
from pathlib import Path
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.errors import GraphInterrupt
from langgraph.func import entrypoint, task
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt
from review.contract import Request, ask, once
"""
MARK = re.compile(r"#! (.+)$")
FENCE = re.compile(r"^[ \t]*```(?:python|py|pycon)[^\n]*\n(.*?)^[ \t]*```", re.MULTILINE | re.DOTALL)

EFFECT, SWALLOWED, CHANGING = "effect before interrupt", "interrupt swallowed", "interrupt depends on changing data"
NEW_INPUT, NO_THREAD, NO_CHECKPOINTER = "resume by new input", "run without thread id", "no checkpointer"

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

RIGHT = {
    "effects elsewhere": """
@task
def fetch(topic):
    return requests.get(topic).json()

@entrypoint(checkpointer=InMemorySaver())
def flow(topic):
    found = fetch(topic).result()
    for item in found["items"]:
        interrupt(item)
    return datetime.now()

def behind(state):
    answer = interrupt("Send it?")
    requests.post("https://crm", json=answer)
    return {"at": datetime.now()}

def on_another_way(state):
    if state.get("done"):
        requests.post("https://crm")
        return {}
    return {"answer": interrupt("Send it?")}

def behind_the_loop(state):
    while True:
        answer = interrupt("A number?")
        if isinstance(answer, int):
            requests.post("https://crm", json=answer)
            break
    return {}

def kept(state):
    def effect():
        return requests.post("https://crm").json()
    sent = once("send", effect)
    again = once("again", lambda: requests.post("https://crm").json())
    return {"answer": interrupt({"sent": sent, "again": again})}

def send_email(to):
    return once("mail", lambda: smtplib.SMTP("localhost").sendmail(to))

def by_a_helper(state):
    return {"sent": send_email(state["to"]), "answer": interrupt("Well?")}

def reading(state):
    return {"answer": interrupt({"text": open("terms.txt").read(), "key": str(uuid.uuid5(uuid.NAMESPACE_URL, "x"))})}
""",
    "exceptions that let it pass": """
def narrow(state):
    try:
        return {"answer": interrupt("Go on?")}
    except ValueError:
        return {}

def first_its_own(state):
    try:
        return {"answer": interrupt("Go on?")}
    except GraphInterrupt:
        raise
    except Exception:
        return {}

def again(state):
    try:
        return {"answer": interrupt("Go on?")}
    except Exception:
        print("failed")
        raise

def outside(state):
    try:
        found = state["found"]
    except Exception:
        found = interrupt("What was found?")
    return {"found": found}
""",
    "loops and branches on state and answers": """
LIMITS = {"amount": 100}

def until_it_fits(state):
    question = "How old?"
    while True:
        answer = interrupt(question)
        if isinstance(answer, int) and answer > 0:
            return {"age": answer}
        question = f"{answer} is no age."

def each(state):
    first = [interrupt(item) for item in state["items"]]
    second = [interrupt(name) for name in sorted({"b", "a"})]
    return {"first": first, "second": second}

def above(state):
    if state["amount"] > LIMITS["amount"]:
        return {"answer": interrupt("So much?")}
    return {}

def two(state):
    one = interrupt("First?")
    other = interrupt({"given": one, "ask": "Second?"})
    return {"answers": [one, other]}
""",
    "payloads": """
def node(state):
    interrupt({"tags": {"a", "b"}, "rows": list(state["rows"].values()), "total": sum(n for n in state["rows"])})
""",
    "savers": """
async def main(stack):
    with SqliteSaver.from_conn_string("a.db") as saver:
        builder.compile(checkpointer=saver)
    other = stack.enter_context(SqliteSaver.from_conn_string("b.db"))
    context = SqliteSaver.from_conn_string("c.db")
    with context as third:
        print(other, third)

def saver_of(path):
    return SqliteSaver.from_conn_string(path)
""",
    "served by others": """
def node(state):
    return {"answer": interrupt("Well?")}

builder = StateGraph(dict)
builder.add_node("node", node)
graph = builder.compile()
""",
    "runs": """
def node(state):
    return {"answer": interrupt("Well?")}

def inner(state):
    return subgraph.invoke(state)

def added_elsewhere(state):
    return subgraph.invoke(state)

builder = StateGraph(dict)
builder.add_node("node", node)
subgraph = builder.compile()
outer = StateGraph(dict).add_node("inner", inner)
graph = outer.compile(checkpointer=InMemorySaver())
config = {"configurable": {"thread_id": "1"}}
graph.invoke({"topic": "tea"}, config)
graph.invoke(Command(resume={"approved": True}), config)
graph.update_state(config, {"approved": True})
graph.invoke(None, config)
graph.invoke({"topic": "more tea", "approved": False}, config)
plain = StateGraph(dict).compile()
plain.invoke({"approved": True}, config)
plain.invoke({"topic": "tea"})

def quiz(app, answer, config):
    app.invoke({"answer": answer}, config)
    app.invoke(answer, config)

def talk(text, thread, resume: Command):
    config = {}
    config["configurable"] = {"thread_id": thread}
    graph.invoke({"messages": [text]}, config)
    graph.invoke(resume, config)
""",
    "drafts": """
def read(state):
    answer = interrupt({"draft": state["draft"]})
    if not answer.get("approved"):
        return {"status": "rejected"}
    return {"final": answer.get("content", state["draft"])}

def handed_on(state):
    return {"answer": interrupt({"draft": state["draft"]})}

def no_draft(state):
    return {"notes": interrupt({"prompt": "Anything else?"})["notes"]}
""",
}

NOTES = {
    "deadline in the payload": """
def node(state):
    due = datetime.now() + timedelta(days=1)
    return {"answer": interrupt({"action": "x", "timeout_at": due})}
""",
    "work between interrupts": """
def summarise(answer):
    return answer.upper()

def node(state):
    first = interrupt("First?")
    told = summarise(first)
    return {"second": interrupt({"told": told})}
""",
}


def project(folder: Path, **files: str) -> Report:
    for name, code in files.items():
        path = folder / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, "utf-8")
    return examine(folder)


def named(report: Report) -> set[tuple[int, str]]:
    return {(finding.line, finding.rule) for finding in report.findings}


@pytest.mark.parametrize("case", WRONG)
def test_each_mistake_is_named_in_its_line(case: str, tmp_path: Path) -> None:
    code = HEAD + WRONG[case]
    marked = {(n, mark[1]) for n, line in enumerate(code.splitlines(), 1) if (mark := MARK.search(line))}
    assert marked
    assert named(project(tmp_path, graph=code)) == marked


@pytest.mark.parametrize("case", RIGHT)
def test_right_code_gets_no_finding(case: str, tmp_path: Path) -> None:
    assert [f"{each.place} {each.what}" for each in project(tmp_path, graph=HEAD + RIGHT[case]).findings] == []


@pytest.mark.parametrize("rule", NOTES)
def test_a_note_is_no_mistake(rule: str, tmp_path: Path) -> None:
    report = project(tmp_path, graph=HEAD + NOTES[rule])
    assert [finding.rule for finding in report.findings] == [rule]
    assert report.mistakes == []


def test_our_own_graphs_and_domain_are_clean() -> None:
    for folder in ("graphs", "review"):
        assert [f"{each.place} {each.what}" for each in examine(ROOT / folder).findings] == []


def test_the_examples_of_langgraphs_docstrings_are_clean(tmp_path: Path) -> None:
    written = 0
    for number, code in enumerate(docstring_examples()):
        try:
            ast.parse(code)
        except SyntaxError:
            continue  # pseudo-code
        (tmp_path / f"example_{number}.py").write_text(code, "utf-8")
        written += 1
    report = examine(tmp_path)
    assert [f"{(tmp_path / each.file).read_text()}\n{each.what}" for each in report.findings] == []
    assert report.files == written > 100


def docstring_examples() -> list[str]:
    found = []
    for path in sorted(Path(next(iter(langgraph.__path__))).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                blocks = FENCE.findall(inspect.cleandoc(ast.get_docstring(node) or ""))
                found += [textwrap.dedent(block) for block in blocks]
    return [doctest.script_from_examples(code) if ">>>" in code else code for code in found]


def test_a_finding_says_what_why_and_what_instead(tmp_path: Path) -> None:
    (finding,) = project(tmp_path, nodes__pay=HEAD + WRONG["http"]).findings
    assert finding.place == "nodes/pay.py:14"
    assert "requests.post('https://crm/notify', json=state)" in finding.what
    assert "from its start" in finding.why
    assert "node" in finding.instead


def test_helpers_graphs_and_runs_are_followed_through_imports(tmp_path: Path) -> None:
    report = project(
        tmp_path,
        app__helpers="import requests\n\ndef notify():\n    requests.post('https://crm')\n",
        app__asking="from langgraph.types import interrupt\n\ndef ask_person():\n    return interrupt('Well?')\n",
        app__graph="""
from langgraph.graph import StateGraph
from .asking import ask_person
from app import helpers

def node(state):
    helpers.notify()
    return {"answer": ask_person()}

graph = StateGraph(dict).add_node("node", node).compile()
""",
        main="from app.graph import graph\n\nprint(graph.invoke({}))\n",
    )
    assert [(each.place, each.rule) for each in report.findings] == [
        ("app/graph.py:7", EFFECT),
        ("app/graph.py:10", NO_CHECKPOINTER),
    ]
    assert "app/helpers.py:4" in report.findings[0].what
    assert "main.py" in report.findings[1].what


def test_a_file_that_is_not_python_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "bytes.py").write_bytes(b"\xff\xfe\x00")
    report = project(tmp_path, broken="x = 1\ndef (:\n", graph=HEAD + WRONG["http"])
    assert [(each.file, each.line, each.rule) for each in report.findings] == [
        ("broken.py", 2, "cannot be read"),
        ("bytes.py", 1, "cannot be read"),
        ("graph.py", 14, EFFECT),
    ]


@pytest.mark.parametrize("terms", [2000, 9000])
def test_code_that_is_nested_too_deep_is_named(terms: int, tmp_path: Path) -> None:
    deep = (
        "from langgraph.types import interrupt\ndef node(state):\n    return interrupt("
        + "+".join(["1"] * terms)
        + ")\n"
    )
    report = project(tmp_path, deep=deep, graph=HEAD + WRONG["http"])
    assert [(each.file, each.rule) for each in report.findings] == [("deep.py", "cannot be read"), ("graph.py", EFFECT)]


def test_the_code_is_never_run(tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    project(
        tmp_path, graph=f"import pathlib\npathlib.Path({str(trace)!r}).touch()\nfrom langgraph.types import interrupt\n"
    )
    assert not trace.exists()


def test_other_peoples_code_is_skipped_and_so_are_tests_unless_they_are_named(tmp_path: Path) -> None:
    wrong = HEAD + WRONG["http"]
    folders = (".venv", "venv", "node_modules", "lib__site-packages", "__pycache__", ".hidden")
    for folder in folders:
        place = tmp_path / folder.replace("__s", "/s")
        place.mkdir(parents=True)
        (place / "graph.py").write_text(wrong, "utf-8")
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "pyvenv.cfg").touch()
    (tmp_path / "env" / "graph.py").write_text(wrong, "utf-8")
    report = project(tmp_path, app__graph=wrong, tests__graph=wrong)
    assert [each.file for each in report.findings] == ["app/graph.py"]
    assert report.files == 1
    assert [each.file for each in examine(tmp_path / "tests").findings] == ["graph.py"]


@pytest.mark.parametrize("name", ["nowhere", "nowhere.json", "text.md"])
def test_a_path_that_cannot_be_read_is_bad_input(name: str, tmp_path: Path) -> None:
    (tmp_path / "text.md").touch()
    with pytest.raises(BadInput, match=name):
        examine(tmp_path / name)


def test_what_the_rules_know_of_langgraph_is_true_of_the_installed_one() -> None:
    import langgraph.errors as errors
    import langgraph.graph
    import langgraph.types

    assert not hasattr(langgraph.graph, "interrupt")
    assert hasattr(langgraph.types, "interrupt") and hasattr(langgraph.types, "Command")
    assert {name for name in BROAD if hasattr(errors, name)} == {"GraphInterrupt", "GraphBubbleUp"}
    assert issubclass(errors.GraphInterrupt, Exception)


@pytest.mark.parametrize(
    "made", ["range(3)", "map(str, [1])", "zip([1], [2])", "object()", "iter([1])", "complex(1, 2)"]
)
def test_the_serialiser_refuses_what_the_rule_says(made: str) -> None:
    assert made.partition("(")[0] in REFUSED
    with pytest.raises(TypeError):
        JsonPlusSerializer().dumps_typed({"value": eval(made)})


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(tmp_path, monkeypatch)


def test_the_command_fails_on_mistakes_and_prints_them(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    project(folder, graph=HEAD + WRONG["http"])
    told = shell("doctor", str(folder))
    assert told.code == 1
    assert "graph.py:14: effect before interrupt" in told.out
    assert "1 mistake and 0 notes in 1 file of Python." in told.out
    (found,) = shell.json("doctor", str(folder), code=1)
    assert set(found) == {"file", "line", "rule", "what", "why", "instead", "note"}
    assert (found["file"], found["line"], found["note"]) == ("graph.py", 14, False)


def test_the_command_succeeds_on_clean_code_and_on_notes(shell: Shell, tmp_path: Path) -> None:
    project(tmp_path / "clean", graph=HEAD + RIGHT["runs"])
    project(tmp_path / "noted", graph=HEAD + NOTES["work between interrupts"])
    assert shell.json("doctor", str(tmp_path / "clean")) == []
    assert [each["note"] for each in shell.json("doctor", str(tmp_path / "noted"))] == [True]


def test_without_a_path_the_command_reads_the_registered_project(shell: Shell, tmp_path: Path) -> None:
    project(tmp_path / "theirs", graph=HEAD + WRONG["http"])
    registry = tmp_path / "theirs" / "langgraph.json"
    registry.write_text(json.dumps({"graphs": {}}), "utf-8")
    shell.set("REVIEW_GRAPHS", str(registry))
    assert [each["file"] for each in shell.json("doctor", code=1)] == ["graph.py"]


def test_a_path_that_is_not_there_ends_with_two(shell: Shell) -> None:
    assert shell.json("doctor", "nowhere", code=2)["error"]["code"] == "bad_input"
