"""What a graph needs from the desk: `ask` a person, run an action `once`, find the `data_dir`.

Light on purpose: graphs also run without the desk (under LangGraph's own development server), so nothing here
imports the ledger until it is called.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, Field, model_validator

T = TypeVar("T")

# Where an engine of ours tells the run its data folder.
DATA_DIR_KEY = "review_data_dir"

Verdict = Literal["approve", "edit", "reject", "respond"]


class Answer(BaseModel):
    """What `ask` gives back: the reviewer's decision, in the shape that the graph validates.

    Being the interrupt's `response_schema`, it is never a convention of our own: any client that can fill a JSON
    Schema can answer.
    """

    decision: Verdict = Field(description="What the reviewer decided.")
    content: str | None = Field(default=None, description="The text as the reviewer leaves it.")
    message: str = Field(default="", description="Why it was rejected, or which changes are asked for.")
    reviewer: str = Field(default="", json_schema_extra={"x-review": "reviewer"}, description="Who decided.")

    @model_validator(mode="after")
    def _an_edit_has_a_text(self) -> Answer:
        if self.decision == "edit" and self.content is None:
            raise ValueError("an edit needs the edited text as `content`")
        return self


@dataclass(frozen=True)
class ActionRequest:
    """One of the actions that a review asks about, where it asks about actions.

    args are as the agent wants them; args_schema is their JSON Schema, where the payload has one.
    """

    name: str
    args: Any
    description: str = ""
    allowed_decisions: tuple[str, ...] = ()
    args_schema: dict[str, Any] | None = None


@dataclass(frozen=True)
class Request:
    """What a review asks of a person.

    title: one line, shown in the queue. description: what to look at, Markdown. subject: the thing under review, any
    JSON value; text for a draft. subject_format: `markdown`, `text` or `json`. allowed_decisions: decision types in
    the order in which the form offers them. message_required: those of them that need a reason. response_schema: the
    JSON Schema that the answer must fit, as a dialect found it; `ask` always asks for an `Answer`. due_at: aware ISO
    8601 time. on_timeout: what the desk does when nobody has decided by then: `reject`, `ignore` or `escalate` (the
    same as nothing); `approve` counts only where the graph's policy says so too. details: short facts to show beside
    the subject. actions: the single actions, where the pause is about several or about a tool's call. problems: what
    was wrong with the payload, in sentences.
    """

    title: str
    description: str = ""
    subject: Any = None
    subject_format: Literal["markdown", "text", "json"] = "markdown"
    allowed_decisions: tuple[str, ...] = ("approve", "edit", "respond", "reject")
    message_required: tuple[str, ...] = ("respond", "reject")
    response_schema: dict[str, Any] | None = None
    due_at: str | None = None
    on_timeout: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    actions: tuple[ActionRequest, ...] = ()
    problems: tuple[str, ...] = ()

    def as_payload(self) -> dict[str, Any]:
        """The interrupt's value: plain JSON, the subject under `content`, nothing that is empty."""
        fields = asdict(self)
        fields["content"] = fields.pop("subject")
        fields["format"] = fields.pop("subject_format")
        del fields["response_schema"], fields["actions"], fields["problems"]
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in fields.items()
            if value not in (None, "", {}) or (name == "content" and value is not None)
        }


def ask(request: Request) -> Answer:
    """Pause the graph until a person has answered `request`; return the validated answer.

    Call it in a node of its own: LangGraph runs a node again from its start when the answer comes, so whatever
    stands before `ask` in the same node happens twice.
    """
    from langgraph.types import interrupt

    answer: Answer = interrupt(request.as_payload(), response_schema=Answer)
    return answer


def once(action: str, effect: Callable[[], T], *, check: Callable[[], T | None] | None = None) -> T:
    """Run `effect` once per (thread, task, action), whatever is re-run; return its result, kept, on a later call.

    The record is in the ledger that the settings name. LangGraph keeps a task's id through failures, retries and
    crashes, and gives a fork its own. The result must be plain JSON.

    Where an earlier run started the action and did not live to record its end, `check` tells whether the effect
    took place: it returns the result if so, else None, and then the effect runs. Without `check`, raises
    `UnknownOutcome` instead of repeating the effect: the desk then asks a person what became of it.

    An effect that raises is taken as not having happened. One that cannot know (a request that timed out) raises
    `review.UnknownOutcome` itself, or carries its `idempotency_key` to a service that takes a request once.
    """
    from review.actions import run_once

    return run_once(action, effect, check)


async def aonce(
    action: str, effect: Callable[[], Awaitable[T]], *, check: Callable[[], Awaitable[T | None]] | None = None
) -> T:
    """`once` for asynchronous nodes."""
    from review.actions import arun_once

    return await arun_once(action, effect, check)


def idempotency_key(action: str) -> str:
    """A key for this action of this task, the same on every re-run of it: for a service's `Idempotency-Key` header."""
    from review.actions import idempotency_key_of

    return idempotency_key_of(action)


def data_dir() -> Path:
    """The folder for what a graph publishes, made if missing: the running desk's, else what `REVIEW_DATA_DIR` names."""
    from langgraph.config import get_config

    from review.settings import load_settings

    try:
        lent = get_config()["configurable"].get(DATA_DIR_KEY)
    except RuntimeError:  # not inside a node
        lent = None
    folder = Path(lent) if lent else load_settings().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    return folder
