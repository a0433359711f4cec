"""The messages of an agent as a conversation: who, what was said, which tools were called."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from typing import Any

import streamlit as st

from components.tree import BRANCH, TEXT, tree_html
from components.words import FAINT
from review.plain import plain

SHOWN = 40  # of a longer conversation the last ones; the others are folded away
ROLES = {"human": "Person", "user": "Person", "ai": "Agent", "assistant": "Agent", "system": "Instructions"}
EDGES = {"Person": "#5E86C4", "Agent": "#3F9A7D", "Instructions": "#8A8F8B"}
OTHER_EDGE = "#B98A3E"


@dataclass(frozen=True)
class Message:
    """One line of a conversation: `calls` are the tools that it asks for, each with its arguments."""

    role: str
    text: str
    calls: Sequence[tuple[str, Any]] = field(default_factory=tuple)


def messages_in(value: Any) -> list[Message]:
    """The messages that `value` is, one or a list of them; none where it is anything else."""
    if isinstance(value, str | int | float | None) or not value:
        return []
    found = [_message(plain(item)) for item in (value if isinstance(value, list | tuple) else [value])]
    return [message for message in found if message] if all(found) else []


def show_conversation(messages: Sequence[Message]) -> None:
    """The messages, oldest first."""
    earlier, last = messages[:-SHOWN], messages[-SHOWN:]
    folded = "".join(map(_line, earlier))
    if earlier:
        folded = f'<details><summary style="cursor:pointer">{len(earlier)} earlier messages</summary>{folded}</details>'
    st.html(folded + "".join(map(_line, last)))


def _message(item: Any) -> Message | None:
    match item:
        case {"type": str() as kind, "data": {"content": content} as whole}:  # LangChain's own
            return Message(_role(kind, whole), _text(content), _calls(whole))
        case {"role": str() as kind, "content": content}:  # what a chat model's interface takes
            return Message(_role(kind, item), _text(content), _calls(item))
    return None


def _role(kind: str, whole: Mapping[str, Any]) -> str:
    name = str(whole.get("name") or "")
    if kind == "tool":
        failed = " failed" if whole.get("status") == "error" else ""
        return f"Tool {name}{failed}".replace("  ", " ")
    role = ROLES.get(kind, kind)
    return f"{role}, {name}" if name else role


def _text(content: Any) -> str:
    """The text of a message; of what is no text, such as a picture, only that there is one."""
    if isinstance(content, list):
        return "\n".join(filter(None, map(_text, content)))
    match content:
        case {"text": str() as text}:
            return text
        case {"type": "tool_use"}:  # listed with the calls
            return ""
        case {"type": str() as kind}:
            return f"[{kind}]"
        case None:
            return ""
    return str(content)


def _calls(whole: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(_call(call) for call in whole.get("tool_calls") or () if isinstance(call, Mapping))


def _call(call: Mapping[str, Any]) -> tuple[str, Any]:
    if not isinstance(function := call.get("function"), Mapping):
        return str(call.get("name", "")), call.get("args")
    arguments = function.get("arguments")
    with suppress(ValueError):  # what is no JSON is shown as it was sent
        arguments = json.loads(arguments) if isinstance(arguments, str) else arguments
    return str(function.get("name", "")), arguments


def _line(message: Message) -> str:
    edge = EDGES.get(message.role.partition(",")[0], OTHER_EDGE)
    text = f'<div style="{TEXT}">{escape(message.text)}</div>' if message.text else ""
    calls = "".join(
        f'<div>Calls <b>{escape(name)}</b></div><div style="{BRANCH}">{tree_html(args) if args else ""}</div>'
        for name, args in message.calls
    )
    return (
        f'<div style="border-left:3px solid {edge};padding:.1rem 0 .1rem .75rem;margin:.5rem 0">'
        f'<div style="{FAINT};font-size:.87em;font-weight:600">{escape(message.role)}</div>{text}{calls}</div>'
    )
