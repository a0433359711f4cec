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
    waits: its button comes with the last of the page, and is waited for.
    """

    action: str
    key: str
    label: str
    shown: str = ""
    decides: bool = False
    repeats: bool = False
    waits: bool = False


@dataclass(frozen=True)
class Mark:
    """One of a group of buttons, that gets the letter of an action without a button of its own: the group's key, the
    place in it, from one on. clicks: the key clicks it; field: the key of the text that is typed into then; lettered:
    the letter is drawn on it."""

    group: str
    place: int
    clicks: bool = True
    field: str = ""
    lettered: bool = True


KEYS = (
    Key("next_row", "J", "Next in the list", repeats=True),
    Key("previous_row", "K", "Previous in the list", repeats=True),
    Key("approve", "A", "Approve at once; where Edit is chosen, with your edit", decides=True),
    Key("edit", "E", "Edit"),
    Key("reject", "X", "Reject"),
    Key("respond", "Q", "Ask for changes, or answer"),
    Key("ignore", "I", "Ignore"),
    Key("next", "N", "Next review"),
    Key("undo", "U", "Undo the last decision"),
    Key("apply", "P", "Apply the last decision now"),
    Key("stay", "W", "Stay and watch the run", waits=True),
    Key("claim", "M", "Claim the review, give it back, or take it over"),
    Key("select", "S", "Select the row, to decide several"),
    Key("search", "/", "Search"),
    Key("submit", "Control+Enter", "Submit what you wrote", shown="Ctrl+Enter", decides=True),
    Key("leave", "Escape", "Leave the text, then the editor", shown="Esc"),
    Key("help", "?", "Show these keys"),
)
IN_LIST = ("next_row", "previous_row", "select")  # heard by the list itself
_BY_ACTION = {each.action: each for each in KEYS}

HTML = """
<div class="keys">
  <button type="button" class="all">Keys <kbd aria-hidden="true">?</kbd></button>
  <p class="said" role="status"></p>
  <dialog aria-labelledby="name">
    <div class="top"><h2 id="name">Keys</h2><button type="button">Close</button></div>
    <dl class="now"></dl>
    <section><h3>Not at the moment</h3><dl class="later"></dl></section>
    <p class="remark">While you type, letters are letters.</p>
  </dialog>
</div>
"""
JS = "".join((ASSETS / name).read_text("utf-8") for name in ("ahead.js", "top.js", "keylist.js", "keys.js"))
_keys = st.components.v2.component("keys", html=HTML, css=(ASSETS / "keys.css").read_text("utf-8"), js=JS)


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
    listed: Iterable[str] = (),
    marks: Mapping[str, Mark] | None = None,
    focus: str = "",
    texts: Iterable[str] = (),
    fields: Mapping[str, str] | None = None,
    on_late: Callable[[], None] = lambda: None,
) -> None:
    """Listens for keys, draws their letters on the buttons, and a small button that lists all there are, as `?` does:
    those that do something now, then the others.

    `buttons` leads from an action to the key of the button that does it, wherever on the page that is; a key whose
    button is missing or disabled does nothing. `actions` have no button: `on_press` gets their name, in a callback.
    `listed` are those that something else on the page hears. `marks` leads from an action to its place in a group of
    buttons. `focus` is the key of a field that is typed into next, with what makes it a new wish: "key#3". `texts` are
    the actions that end in such a wish: what is typed before the field is there is kept for it. `fields` leads from an
    action to the key of a field that is on the page always, and is typed into then.
    `context` names what is on screen: for a moment after it changes no key decides, so that a key pressed twice does
    not approve two reviews. A press is meant for the context that it was made in, once: the browser may send it twice,
    and `on_late` is called where it arrives in another one.
    """
    bare, elsewhere, typed = set(actions) | {"help"}, set(listed), set(texts)

    def pressed() -> None:
        given = st.session_state[key].get("pressed")
        if not given:
            return
        again = given["press"] == st.session_state.get(f"{key}_heard")
        st.session_state[f"{key}_heard"] = given["press"]
        if given["context"] != context:
            on_late()
        elif on_press and not again and given["action"] in bare:
            on_press(str(given["action"]))

    keys = [
        asdict(each)
        | {
            "shown": _shown(each),
            "button": buttons.get(each.action),
            "mark": asdict(mark) if (mark := (marks or {}).get(each.action)) else None,
            "elsewhere": each.action in elsewhere,
            "types": each.action in typed,
            "field": (fields or {}).get(each.action),
            "heard": each.action in bare | elsewhere | buttons.keys() | (marks or {}).keys() | (fields or {}).keys(),
        }
        for each in KEYS
    ]
    _keys(key=key, data={"keys": keys, "context": context, "focus": focus}, on_pressed_change=pressed)


def _shown(key: Key) -> str:
    return key.shown or key.key
