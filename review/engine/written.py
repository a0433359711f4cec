"""What models write in the runs of this process: heard of word by word, kept while a run lasts, and nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langgraph.constants import TAG_NOSTREAM

from review.engine.base import Written
from review.model import now

LONGEST = 20_000  # characters of one text; of a longer one its end
MOST = 8  # texts of one thread, the newest


class Pens:
    """The texts that are being written, by thread."""

    def __init__(self) -> None:
        self._texts: dict[str, dict[UUID, Written]] = {}
        self._guard = threading.Lock()

    @contextmanager
    def over(self, thread_id: str) -> Iterator[None]:
        """Hear of the thread's run meanwhile, and forget what it wrote at its end."""
        with self._guard:
            self._texts[thread_id] = {}
        try:
            yield
        finally:
            with self._guard:
                self._texts.pop(thread_id, None)

    def of(self, thread_id: str) -> tuple[Written, ...]:
        """What has been written so far, oldest first, without what is still empty."""
        with self._guard:
            return tuple(each for each in self._texts.get(thread_id, {}).values() if each.text)

    def begin(self, thread_id: str, pen: UUID, node: str) -> None:
        with self._guard:
            if (texts := self._texts.get(thread_id)) is None:
                return
            texts[pen] = Written(node, "", now())
            while len(texts) > MOST:
                del texts[next(iter(texts))]

    def add(self, thread_id: str, pen: UUID, words: str) -> None:
        with self._guard:
            texts = self._texts.get(thread_id, {})
            if known := texts.get(pen):
                text = known.text + words
                texts[pen] = Written(known.node, text[-LONGEST:], known.began, known.cut or len(text) > LONGEST)

    def drop(self, thread_id: str, pen: UUID) -> None:
        with self._guard:
            self._texts.get(thread_id, {}).pop(pen, None)


class Listener(BaseCallbackHandler):
    """Hears the models of one thread's run that stream by themselves. LangGraph's own `messages` stream would make all
    the others stream, too, and what a graph does must not depend on somebody's watching it."""

    run_inline = True  # a note of a word is not worth a thread

    def __init__(self, pens: Pens, thread_id: str) -> None:
        self._pens = pens
        self._thread_id = thread_id

    @property
    def ignore_chain(self) -> bool:
        return True

    def on_chat_model_start(self, serialized: Any, messages: Any, *, run_id: UUID, **about: Any) -> None:
        self._begin(run_id, **about)

    def on_llm_start(self, serialized: Any, prompts: Any, *, run_id: UUID, **about: Any) -> None:
        self._begin(run_id, **about)

    def on_llm_new_token(self, token: Any, *, chunk: Any = None, run_id: UUID, **about: Any) -> None:
        self._pens.add(self._thread_id, run_id, str(getattr(chunk, "text", token) or ""))

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **about: Any) -> None:
        self._pens.drop(self._thread_id, run_id)  # what broke off is no part of what comes

    def _begin(
        self,
        run_id: UUID,
        *,
        tags: Sequence[str] | None = None,
        metadata: dict[str, Any] | None = None,
        **_: Any,
    ) -> None:
        node = _path(metadata or {})
        if node and TAG_NOSTREAM not in (tags or ()):
            self._pens.begin(self._thread_id, run_id, node)


def _path(metadata: dict[str, Any]) -> str:
    """The node's name; one of a subgraph as `outer/inner`."""
    place = str(metadata.get("langgraph_checkpoint_ns") or metadata.get("langgraph_node") or "")
    return "/".join(part.partition(":")[0] for part in place.split("|"))
