"""Right code, in which the doctor finds nothing, and code that it has a note on."""

from __future__ import annotations

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
