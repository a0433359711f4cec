"""The words that the editorial graph and its writers share."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue
from typing_extensions import TypedDict

Tone = Literal["plain", "friendly", "formal", "lively"]


def one_line(text: str) -> str:
    """The text with every run of white space as one blank."""
    return " ".join(text.split())


def count_words(text: str) -> int:
    """How many words a reader would count; Markdown's own signs are not words."""
    return len(re.findall(r"\w[\w'’.,-]*", text))


Line = Annotated[str, AfterValidator(one_line)]


EXAMPLES: list[JsonValue] = [
    {"topic": "Why we review what our agents write", "audience": "the whole team", "tone": "plain", "length": 260},
    {"topic": "How we moved payroll to a four-day close", "audience": "finance managers", "tone": "formal"},
    {"topic": "Autumn product update", "audience": "our customers", "tone": "lively", "length": 180},
    {"topic": "What changes in the travel policy", "audience": "everyone who travels", "tone": "friendly"},
]


class Brief(BaseModel):
    """What to write, for whom, and how."""

    # Whole inputs: a desk offers them to try the graph with, and starts the first so many on its first day.
    model_config = ConfigDict(json_schema_extra={"examples": EXAMPLES, "x-review-seed": 4})

    # The pattern stands in the JSON Schema too, so that a form refuses blanks before a thread is started.
    topic: Line = Field(
        title="Topic",
        description="What the article is about. It becomes the headline of the first draft.",
        min_length=1,
        max_length=200,
        pattern=r"\S",
        examples=["How we moved payroll to a four-day close", "Autumn product update"],
    )
    audience: Line = Field(
        default="the whole team",
        title="Audience",
        description="Who will read it.",
        min_length=1,
        max_length=120,
        pattern=r"\S",
        examples=["the whole team", "finance managers", "our customers"],
    )
    tone: Tone = Field(
        default="plain", title="Tone", description="How it should sound.", examples=["plain", "friendly"]
    )
    length: int = Field(
        default=200,
        title="Length in words",
        description="About how long the draft should be.",
        ge=80,
        le=800,
        examples=[200, 400],
    )


class Revision(TypedDict):
    """One text of the article, with what led to it: for the first revision nothing but the brief."""

    number: int
    content: str
    writer: str
    decision: str
    feedback: str
    reviewer: str


class Verdict(TypedDict):
    """The reviewer's last answer, as plain JSON. The text of an edit is kept as a revision, not here."""

    decision: str
    message: str
    reviewer: str
