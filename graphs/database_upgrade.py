"""A database upgrade in two approvals: first of the plan, then, when it has been carried out, of the result.

The pattern: an approval chain. A rejected plan ends it; a rejected result is rolled back.
"""

from typing import Literal

from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from typing_extensions import TypedDict

from graphs.records import record

EXAMPLES: list[JsonValue] = [{"database": "orders-db", "version": "18.1", "window": "Sunday 02:00 to 04:00"}]


class Upgrade(BaseModel):
    """Which database goes to which version, when."""

    model_config = ConfigDict(json_schema_extra={"examples": EXAMPLES})

    database: str = Field(title="Database", min_length=1, max_length=60, examples=["orders-db"])
    version: str = Field(title="New version", min_length=1, max_length=20, examples=["18.1"])
    window: str = Field(default="Sunday 02:00 to 04:00", title="Maintenance window", max_length=80)


class Approval(TypedDict):
    step: str
    approved: bool
    reviewer: str
    note: str


class State(TypedDict, total=False):
    """The plan, what came of it, and who approved what."""

    database: str
    version: str
    window: str
    action_plan: list[dict[str, JsonValue]]
    approvals: list[Approval]
    report: dict[str, JsonValue]
    upgraded: str
    outcome: Literal["signed off", "rolled back", "plan rejected"]


def plan(state: State) -> State:
    """Write the plan, step by step."""
    given = Upgrade.model_validate(state)
    steps: list[dict[str, JsonValue]] = [
        {"step": 1, "what": f"Announce the window: {given.window}", "minutes": 5},
        {"step": 2, "what": f"Back up {given.database} and restore the copy as a test", "minutes": 40},
        {"step": 3, "what": f"Upgrade the replica to {given.version} and switch over", "minutes": 25},
        {"step": 4, "what": "Run the smoke tests; keep the old primary for a day", "minutes": 15},
    ]
    return {**given.model_dump(), "action_plan": steps, "approvals": []}  # type: ignore[typeddict-item]


def approve_plan(state: State) -> State:
    """The first approval: nothing has happened yet."""
    answer = interrupt(
        {
            "title": f"Upgrade plan: {state['database']} to {state['version']}",
            "action_plan": state["action_plan"],
            "prompt": f"Four steps in the window {state['window']}. Nothing is done before this is approved.",
        }
    )
    approvals = [*state["approvals"], _kept("plan", answer)]
    return {"approvals": approvals} if answer.get("approved") else {"approvals": approvals, "outcome": "plan rejected"}


def execute(state: State) -> State:
    """Carry the plan out, once."""
    key = record("upgrade", "upgrades.jsonl", database=state["database"], version=state["version"])
    minutes = sum(int(str(step["minutes"])) for step in state["action_plan"])
    report: dict[str, JsonValue] = {
        "running": state["version"],
        "minutes": minutes,
        "smoke tests": "212 of 212 passed",
        "slowest query": "orders by customer, 41 ms (was 44 ms)",
    }
    return {"upgraded": key, "report": report}


def approve_execution(state: State) -> State:
    """The second approval: the result, which can still be rolled back."""
    answer = interrupt(
        {
            "title": f"Sign off: {state['database']} runs {state['version']}",
            "action_plan": state["report"],
            "prompt": "Approve to remove the old primary; reject to roll back to it.",
        }
    )
    approvals = [*state["approvals"], _kept("execution", answer)]
    return {"approvals": approvals, "outcome": "signed off"} if answer.get("approved") else {"approvals": approvals}


def roll_back(state: State) -> State:
    """Go back to the old primary, once."""
    record("roll back", "upgrades.jsonl", database=state["database"], rolled_back=state["version"])
    return {"outcome": "rolled back"}


def after_plan(state: State) -> str:
    return "execute" if state["approvals"][-1]["approved"] else END


def after_execution(state: State) -> str:
    return END if state["approvals"][-1]["approved"] else "roll_back"


def _kept(step: str, answer: dict[str, str]) -> Approval:
    return Approval(
        step=step,
        approved=bool(answer.get("approved")),
        reviewer=answer.get("reviewer", ""),
        note=answer.get("notes") or answer.get("reason") or "",
    )


builder = StateGraph(State, input_schema=Upgrade)
for node in (plan, approve_plan, execute, approve_execution, roll_back):
    builder.add_node(node.__name__, node)
builder.add_edge(START, "plan")
builder.add_edge("plan", "approve_plan")
builder.add_conditional_edges("approve_plan", after_plan, ["execute", END])
builder.add_edge("execute", "approve_execution")
builder.add_conditional_edges("approve_execution", after_execution, ["roll_back", END])
builder.add_edge("roll_back", END)

graph = builder.compile(name="database_upgrade")
