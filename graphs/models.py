"""The chat model that the environment names, for every graph that can use one."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI

# For servers that ask for no key: the client insists on one.
NO_KEY = "none"


class ModelUnusable(ValueError):
    """A setting of the model cannot be used. The message names it."""


@dataclass(frozen=True)
class ModelSettings:
    """A chat model behind any server that speaks OpenAI's chat completions protocol.

    OPENAI_API_KEY and OPENAI_BASE_URL say where, one of them is enough. OPENAI_MODEL is the model, gpt-4o-mini unless
    set; OPENAI_TIMEOUT the seconds to wait for the server's next word, 60 unless set.
    """

    key: str
    url: str | None
    name: str
    timeout: float

    @property
    def host(self) -> str:
        """The server's name, as it may be shown."""
        if not self.url:
            return "api.openai.com"
        return urlsplit(self.url).netloc.rpartition("@")[2] or "the model server"

    def chat(self) -> "ChatOpenAI":
        """The model. To retry is the caller's: the client would wait for as long as the server likes."""
        # Here and not above: the import takes seconds, and what works offline does without it.
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        return ChatOpenAI(
            model=self.name,
            base_url=self.url,
            api_key=SecretStr(self.key),
            streaming=True,
            timeout=self.timeout,
            max_retries=0,
            use_responses_api=False,
        )


def configured_model() -> ModelSettings | None:
    """The model of the environment, None where it names none. Raises `ModelUnusable`."""
    key, url = os.environ.get("OPENAI_API_KEY"), os.environ.get("OPENAI_BASE_URL")
    if not key and not url:
        return None
    name = " ".join((os.environ.get("OPENAI_MODEL") or "gpt-4o-mini").split())
    return ModelSettings(key or NO_KEY, url or None, name, _timeout())


def _timeout() -> float:
    text = os.environ.get("OPENAI_TIMEOUT") or "60"
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds < 3600:
        raise ModelUnusable(f"OPENAI_TIMEOUT must be a number of seconds below 3600, and it is {text[:40]!r}. Mend it.")
    return seconds
