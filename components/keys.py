"""The keys of the desk, all in one place: which there are, the letter on each button, the list of them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass

import streamlit as st

from components.places import ASSETS


@dataclass(frozen=True)
class Key:
    """One key and what it does. `key` is the browser's name for it, `shown` what stands on the button.

    decides: it is not taken in the first moment after another review came on screen. repeats: it may be held down.
    """

    action: str
    key: str
    label: str
    shown: str = ""
    decides: bool = False
    repeats: bool = False


KEYS = (
    Key("next_row", "J", "Next in the list", repeats=True),
    Key("previous_row", "K", "Previous in the list", repeats=True),
    Key("approve", "A", "Approve", decides=True),
    Key("edit", "E", "Edit"),
    Key("reject", "X", "Reject", decides=True),
    Key("next", "N", "Next review"),
    Key("undo", "U", "Undo the last decision"),
    Key("submit", "Control+Enter", "Submit what you wrote", shown="Ctrl+Enter", decides=True),
    Key("leave", "Escape", "Leave the text, then the editor", shown="Esc"),
    Key("help", "?", "Show these keys"),
)
_BY_ACTION = {each.action: each for each in KEYS}

HTML = """
<div class="keys">
  <button type="button" class="all">Keys <kbd aria-hidden="true">?</kbd></button>
  <dialog aria-labelledby="name">
    <div class="top"><h2 id="name">Keys</h2><button type="button">Close</button></div>
    <dl></dl>
    <p class="remark">While you type, letters are letters.</p>
  </dialog>
</div>
"""
_keys = st.components.v2.component(
    "keys", html=HTML, css=(ASSETS / "keys.css").read_text("utf-8"), js=(ASSETS / "keys.js").read_text("utf-8")
)


def hint(label: str, action: str) -> str:
    """`label` with its key behind it, for a tooltip: "Approve this draft (A)"."""
    return f"{label} ({_shown(_BY_ACTION[action])})"


def show_keys(
    buttons: Mapping[str, str],
    *,
    key: str = "keys",
    context: str = "",
    on_press: Callable[[str], None] | None = None,
    actions: Iterable[str] = (),
) -> None:
    """Listens for keys, draws their letters on the buttons, and a small button that lists them all, as `?` does.

    `buttons` leads from an action to the key of the button that does it, wherever on the page that is; a key whose
    button is missing or disabled does nothing. `actions` have no button: `on_press` gets their name, in a callback.
    `context` names what is on screen: for a moment after it changes no key decides, so that a key pressed twice does
    not approve two reviews.
    """
    bare = set(actions) | {"help"}

    def pressed() -> None:
        action = st.session_state[key].get("pressed")
        if on_press and action in bare:
            on_press(str(action))

    heard = [
        asdict(each) | {"shown": _shown(each), "button": buttons.get(each.action)}
        for each in KEYS
        if each.action in buttons or each.action in bare
    ]
    _keys(key=key, data={"keys": heard, "context": context}, on_pressed_change=pressed)


def _shown(key: Key) -> str:
    return key.shown or key.key
