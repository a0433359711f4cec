"""The editorial graph: a brief is written up, reviewed by a person, revised as often as asked, and published.

Writing, asking and publishing are nodes of their own, so that a failure in one repeats nothing of another.
"""

from typing import Any, Literal

from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command
from pydantic import ValidationError
from typing_extensions import TypedDict

from graphs.newsroom import writers
from graphs.newsroom.articles import Article, find_article, publication_key, write_article
from graphs.newsroom.brief import Brief, Revision, Tone, Verdict, count_words, one_line
from review.contract import Answer, Request, ask, data_dir, once


class State(TypedDict, total=False):
    """The brief's fields, every revision, and the answer that waits to be acted upon. All plain JSON.

    No reducers: whoever edits the state sets exactly what they write.
    """

    topic: str
    audience: str
    tone: Tone
    length: int
    revisions: list[Revision]
    answer: Verdict | None
    published: str


def write(state: State) -> State:
    """Write the first draft; a new brief on an old thread begins again from nothing."""
    brief = _brief(state)
    content, writer = writers.write(writers.Assignment(brief))
    first = Revision(number=1, content=content, writer=writer, decision="", feedback="", reviewer="")
    return {**_fields(brief), "revisions": [first], "answer": None, "published": ""}


def review(state: State) -> Command[Literal["publish", "revise", "review"]]:
    """Ask a person, and go where the answer leads; an answer that lacks what it needs is asked for again."""
    answer = ask(_request(state))
    verdict = Verdict(decision=answer.decision, message=answer.message, reviewer=answer.reviewer)
    if answer.decision == "approve":
        return Command(goto="publish", update={"answer": verdict})
    if answer.decision == "edit" and (answer.content or "").strip():
        revisions = [*state["revisions"], _edited(state, answer)]
        return Command(goto="publish", update={"answer": verdict, "revisions": revisions})
    if answer.decision in ("respond", "reject") and answer.message.strip():
        return Command(goto="revise", update={"answer": verdict})
    return Command(goto="review", update={"answer": verdict})


def revise(state: State) -> State:
    """Write the next revision from the current one and the feedback on it."""
    current, answer = state["revisions"][-1], state["answer"]
    if answer is None:
        raise ValueError(
            "There is no feedback to revise by: `answer` is empty in the thread's state. Set it, and retry."
        )
    assignment = writers.Assignment(
        brief=_brief(state),
        number=current["number"] + 1,
        draft=current["content"],
        feedback=answer["message"],
        rejected=answer["decision"] == "reject",
    )
    content, writer = writers.write(assignment)
    revision = Revision(
        number=assignment.number,
        content=content,
        writer=writer,
        decision=answer["decision"],
        feedback=answer["message"],
        reviewer=answer["reviewer"],
    )
    return {"revisions": [*state["revisions"], revision], "answer": None}


def publish(state: State, config: RunnableConfig) -> State:
    """Write the last revision to a file below the data folder, once for this decision."""
    root = data_dir()
    folder = root / "published"
    place = config["configurable"]
    # The task's own name: the same through failures and retries, another after a fork or another review.
    article = article_of(state, publication_key(place["thread_id"], place["checkpoint_ns"]))

    def effect() -> str:
        return write_article(folder, article).relative_to(root).as_posix()

    def check() -> str | None:
        found = find_article(folder, article)
        return found.relative_to(root).as_posix() if found else None

    return {"published": once("publish", effect, check=check)}


def article_of(state: State, publication: str) -> Article:
    """What `publish` publishes: the last revision, under the name of whoever let it pass."""
    last, answer = state["revisions"][-1], state.get("answer")
    return Article(
        topic=state["topic"],
        content=last["content"],
        audience=state["audience"],
        tone=state["tone"],
        revision=last["number"],
        writer=last["writer"],
        reviewer=answer["reviewer"] if answer else "",
        publication=publication,
    )


def _request(state: State) -> Request:
    last = state["revisions"][-1]
    return Request(
        title=f"Draft: {state['topic']}",
        description=_description(last, state.get("answer")),
        subject=last["content"],
        details={
            "Revision": last["number"],
            "Writer": last["writer"],
            "Words": count_words(last["content"]),
            "Audience": state["audience"],
            "Tone": state["tone"],
        },
        allowed_decisions=("approve", "edit", "respond", "reject"),
        message_required=("respond", "reject"),
    )


def _description(last: Revision, unusable: Verdict | None) -> str:
    """What led to this draft, in Markdown; `unusable` is an answer to it that could not be acted upon."""
    if last["number"] == 1:
        told = (
            "The first draft. Approve it and it is published as shown; ask for changes or reject it and it comes back."
        )
    else:
        who = one_line(last["reviewer"]) or "A reviewer"
        did = "rejected" if last["decision"] == "reject" else "asked for changes to"
        quote = "\n".join(f"> {line}".rstrip() for line in last["feedback"].strip().splitlines())
        told = f"{who} {did} revision {last['number'] - 1}:\n\n{quote}"
    if unusable:
        lacks = "a text" if unusable["decision"] == "edit" else "a message"
        told += f"\n\nThe last answer was “{unusable['decision']}” without {lacks}, so nothing was done."
    return told


def _edited(state: State, answer: Answer) -> Revision:
    return Revision(
        number=state["revisions"][-1]["number"] + 1,
        content=answer.content or "",
        writer=one_line(answer.reviewer) or "A reviewer",
        decision="edit",
        feedback=answer.message,
        reviewer=answer.reviewer,
    )


def _brief(state: State) -> Brief:
    """The brief out of the state. Checked here and not by the node's schema: that would make a bad state unreadable."""
    given: dict[str, Any] = {name: value for name, value in state.items() if name in Brief.model_fields}
    try:
        return Brief.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise writers.WritingFailed(
            f"The brief cannot be used: {field}: {first['msg']}. Edit the thread's state, then retry."
        ) from error


def _fields(brief: Brief) -> State:
    return {"topic": brief.topic, "audience": brief.audience, "tone": brief.tone, "length": brief.length}


builder = StateGraph(State, input_schema=Brief)
builder.add_node("write", write)
builder.add_node("review", review)
builder.add_node("revise", revise)
builder.add_node("publish", publish)
builder.add_edge(START, "write")
builder.add_edge("write", "review")
builder.add_edge("revise", "review")
builder.add_edge("publish", END)

# Without a checkpointer: whoever serves the graph attaches theirs.
graph = builder.compile(name="editorial")
