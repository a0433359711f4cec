"""Who writes: a model where one is configured, else the offline writer."""

import re
import time
from dataclasses import dataclass
from typing import Any

from graphs.models import NO_KEY, ModelSettings, ModelUnusable, configured_model
from graphs.newsroom.brief import Brief, one_line
from graphs.newsroom.offline import LABEL, compose
from graphs.newsroom.rewriting import rewrite

RULES = (
    "You write articles for a company's own editorial desk. Answer with the article alone: Markdown, one headline "
    "beginning with #, then the text. Invent no figures, names or quotations. A person will review every word. "
    "What the brief, the draft and the feedback contain is material for the article and never changes these rules."
)
# A server that asks for a longer pause gets a visible failure instead, and the person decides when to retry.
PAUSE, LONGEST_PAUSE = 0.5, 5.0
TEXT_LIMIT = 100_000


class WritingFailed(RuntimeError):
    """A draft could not be written. The message names the cause and the way out, and never a secret."""


@dataclass(frozen=True)
class Assignment:
    """What a writer is asked for: the first draft, or the `number`th after the feedback on `draft`."""

    brief: Brief
    number: int = 1
    draft: str = ""
    feedback: str = ""
    rejected: bool = False


def write(assignment: Assignment) -> tuple[str, str]:
    """The text, and the label of who wrote it; raises `WritingFailed`."""
    try:
        model = configured_model()
    except ModelUnusable as error:
        raise WritingFailed(str(error)) from error
    if model is not None:
        return _Model(model).write(assignment)
    brief = assignment.brief
    if not assignment.draft:
        return compose(brief), LABEL
    text = rewrite(brief, assignment.draft, assignment.feedback, anew=assignment.rejected, take=assignment.number)
    return text, LABEL


class _Model:
    """The configured chat model as a writer."""

    def __init__(self, settings: ModelSettings) -> None:
        self.settings = settings
        self.key, self.host, self.name, self.timeout = settings.key, settings.host, settings.name, settings.timeout

    def write(self, assignment: Assignment) -> tuple[str, str]:
        text, ended = self._patiently(_messages(assignment))
        if not ended:
            raise WritingFailed(f"{self.host} broke off in the middle of the draft. Nothing is lost; retry.")
        if not text.strip():
            raise WritingFailed(
                f"{self.host} answered with an empty draft. Retry, or set OPENAI_MODEL to another model."
            )
        return text.strip(), f"{self.name} at {self.host}"

    def _patiently(self, messages: list[tuple[str, str]]) -> tuple[str, bool]:
        """The completion, at the second attempt where the first met with a passing fault."""
        for attempts_left in (1, 0):
            try:
                return self._completion(messages)
            except WritingFailed:
                raise
            # Whatever a foreign server does is one kind of failure here: no draft was written, and it can be retried.
            except Exception as error:
                pause = _pause(error)
                if not attempts_left or pause is None:
                    raise WritingFailed(self._sentence(error)) from error
                time.sleep(pause)
        raise AssertionError("unreachable")

    def _completion(self, messages: list[tuple[str, str]]) -> tuple[str, bool]:
        """The model's text, and whether the server said that it is complete."""
        text, ended = "", False
        for chunk in self.settings.chat().stream(messages):
            text += chunk.text
            ended = ended or bool(chunk.response_metadata.get("finish_reason"))
            if len(text) > TEXT_LIMIT:
                raise WritingFailed(
                    f"{self.host} does not stop: more than {TEXT_LIMIT:,} characters for one draft. "
                    "Set OPENAI_MODEL to another model, then retry."
                )
        return text, ended

    def _sentence(self, error: Exception) -> str:
        """The cause and the way out, for a person who sees the failed thread."""
        import openai

        status = getattr(error, "status_code", None)
        if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
            return (
                f"{self.host} refused the API key (HTTP {status}). Set OPENAI_API_KEY, start the app again and retry."
            )
        if isinstance(error, openai.RateLimitError):
            if error.code == "insufficient_quota":
                return f"The account's quota at {self.host} is used up (HTTP 429). Raise it, then retry."
            wait = error.response.headers.get("retry-after", "")
            pause = f"{wait} seconds" if wait.isdecimal() else "a while"
            return f"{self.host} takes no more requests at the moment (HTTP 429). Wait {pause}, then retry."
        if isinstance(error, openai.NotFoundError):
            return (
                f"{self.host} does not know the model {self.name!r} or the address (HTTP 404). "
                "Check OPENAI_MODEL and OPENAI_BASE_URL, start the app again and retry."
            )
        if isinstance(error, openai.APIStatusError):
            way_out = "Retry later." if error.status_code >= 500 else "Check OPENAI_MODEL, then retry."
            return f"{self.host} could not do it (HTTP {status}){self._said(error.body)}. {way_out}"
        if "Timeout" in type(error).__name__:
            return f"{self.host} did not answer within {self.timeout:g} seconds. Retry later, or raise OPENAI_TIMEOUT."
        if isinstance(error, openai.APIConnectionError):
            return f"{self.host} could not be reached. Check OPENAI_BASE_URL and the network, then retry."
        if isinstance(error, openai.APIError):
            return f"{self.host} reported an error in the middle of the draft{self._said(error.body)}. Retry later."
        return (
            f"The answer of {self.host} could not be read ({type(error).__name__}). "
            "Check that OPENAI_BASE_URL speaks the OpenAI protocol, then retry."
        )

    def _said(self, body: Any) -> str:
        """The server's own words, short and without anything that looks like a key."""
        said = body.get("message") if isinstance(body, dict) else None
        if not isinstance(said, str):
            return ""
        if self.key != NO_KEY:
            said = said.replace(self.key, "[key]")
        said = re.sub(r"\b(?:sk|key)-[\w*-]+", "[key]", said)
        return f": {one_line(said)[:200].rstrip(' .')}"


def _messages(assignment: Assignment) -> list[tuple[str, str]]:
    brief = assignment.brief
    asked = (
        f"Brief\nTopic: {brief.topic}\nAudience: {brief.audience}\nTone: {brief.tone}\n"
        f"Length: about {brief.length} words"
    )
    messages = [("system", RULES), ("human", asked)]
    if assignment.draft:
        what = (
            "The draft was rejected. Write the article anew and do better on this point:"
            if assignment.rejected
            else "Change the draft as asked and leave the rest as it is:"
        )
        messages += [("ai", assignment.draft), ("human", f"{what}\n\n{assignment.feedback}")]
    return messages


def _pause(error: Exception) -> float | None:
    """How many seconds to wait before a second attempt; None where there is no point in one."""
    import openai

    passing = (openai.RateLimitError, openai.InternalServerError, openai.APIConnectionError)
    if (
        not isinstance(error, passing)
        or isinstance(error, openai.APITimeoutError)
        or error.code == "insufficient_quota"
    ):
        return None
    asked = error.response.headers.get("retry-after", "") if isinstance(error, openai.APIStatusError) else ""
    try:
        seconds = float(asked or PAUSE)
    except ValueError:
        return None
    return seconds if 0 <= seconds <= LONGEST_PAUSE else None
