"""What a page has at hand: the desk, who is reviewing, and what the last action said."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import quote, unquote

import streamlit as st

from components.refusals import in_words
from review import Desk, ReviewError, open_desk
from review.errors import BadInput
from review.reviewers import Reviewer

NAME, NOTICE, PARTS, ACTED = "reviewer", "notice", "page_parts", "acted"
ASKS_TO_SIGN_IN = "asks_to_sign_in"
# The fields that ask for the name beside a button, one for each that can be on a page together.
NAME_BESIDE_DECISION, NAME_BESIDE_SEVERAL, NAME_BESIDE_ASSIGN = (
    "name_with_decision",
    "name_with_several",
    "name_with_assign",
)
NAME_FIELDS = (NAME_BESIDE_DECISION, NAME_BESIDE_SEVERAL, NAME_BESIDE_ASSIGN)
PAGE, LINKED_TO_ITSELF = "page_on_screen", ("review", "threads")
GOES_ON = "goes_on_here"  # what a page has begun and goes on with by itself, until one leaves it
Kind = Literal["success", "error", "info"]
COOKIE = "countersign_reviewer"
NAME_LENGTH = 80

_cookie_writer = st.components.v2.component(
    "browser_cookie",
    html="<span hidden></span>",
    js="""
export default function ({ data }) {
  if (!data.value) return
  const secure = location.protocol === "https:" ? "; Secure" : ""
  document.cookie = `${data.name}=${data.value}; path=/; SameSite=Strict${secure}`
}
""",
)


_asked = threading.local()
MOMENT = 0.1  # seconds for which a page goes on with the desk that it has


def desk() -> Desk:
    """The desk of the settings as they are now; asked for dozens of times by a page, and looked up once in a moment."""
    at = time.monotonic()
    if at - getattr(_asked, "at", -MOMENT) >= MOMENT:
        _asked.desk, _asked.at = open_desk(), at
    found: Desk = _asked.desk
    return found


def signed_in_name() -> str | None:
    """Who signed in, where sign-in is configured."""
    if not st.session_state.get(ASKS_TO_SIGN_IN):  # asked dozens of times by a page, and mostly not configured
        return None
    user = st.user
    if not user.get("is_logged_in"):
        return None
    told = (str(user.get(field) or "") for field in ("name", "email", "sub"))
    return next((each for each in told if _person(each)), None)


def sign_in_first() -> bool:
    """Where sign-in is configured and nobody has signed in, offer it and tell the page to wait."""
    st.session_state[ASKS_TO_SIGN_IN] = "is_logged_in" in st.user
    if not st.session_state[ASKS_TO_SIGN_IN] or st.user.get("is_logged_in"):
        return False
    st.title("Countersign", anchor=False)
    st.markdown("Sign in to review. Your decisions are recorded under your name.")
    st.button("Sign in", type="primary", on_click=st.login, key="sign_in")
    return True


def reviewer() -> Reviewer | None:
    """Who decides: the user who signed in, else the name given in this browser session, else nobody yet."""
    if name := signed_in_name():
        return Reviewer(name, signed_in=True)
    return _person(st.session_state.get(NAME) or kept_in_browser(COOKIE))


def _person(name: str) -> Reviewer | None:
    """Of that name; nobody where no person can have it."""
    try:
        return Reviewer(name)
    except BadInput:
        return None


def name_reviewer(name: str) -> bool:
    """Keep the name for this browser session; False, and a notice, where nobody can have it."""
    if not name.strip():
        return True
    try:
        who = Reviewer(name.strip()[:NAME_LENGTH])
    except BadInput as error:
        notify("error", error.message)
        return False
    if st.session_state.get(NAME) != who.name:
        dismiss_notice()  # it may have asked for the name
    st.session_state[NAME] = who.name
    for field in NAME_FIELDS:
        if field in st.session_state:
            st.session_state[field] = who.name
    return True


def keep_name_in_browser() -> None:
    """So that a reload does not ask again."""
    keep_in_browser(COOKIE, st.session_state.get(NAME, ""))


def keep_in_browser(name: str, value: str) -> None:
    """Write a session cookie. Its writer is there before there is a value: were it to come with the value, the page
    would move under the click that leaves the field."""
    _cookie_writer(data={"name": name, "value": quote(value)}, key=f"cookie_{name}")


def kept_in_browser(name: str) -> str:
    kept = f"kept_{name}"
    if kept not in st.session_state:  # a connection's cookies stay as they were when it began
        st.session_state[kept] = unquote(st.context.cookies.get(name, ""))
    return str(st.session_state[kept])


def browser() -> str:
    """A name for this browser session."""
    return str(st.session_state.setdefault("browser", uuid.uuid4().hex))


@dataclass(frozen=True)
class Notice:
    """What the last action said. It stays where it was first shown until the next action: were it to go with the next
    rerun, everything below it would move under the pointer. One that is told `once` comes anew with each rerun."""

    kind: Kind
    text: str
    once: bool = False
    shown_on: str = ""


def notify(kind: Kind, text: str) -> None:
    """Have the header show `text` until the next action."""
    st.session_state[NOTICE] = Notice(kind, text)


def notice_on(page: str) -> Notice | None:
    """The notice for the page that is drawn now, if there is one; elsewhere it is forgotten."""
    notice: Notice | None = st.session_state.pop(NOTICE, None)
    if notice is None or notice.shown_on not in ("", page):
        return None
    if not notice.once:
        st.session_state[NOTICE] = replace(notice, shown_on=page)
    return notice


def dismiss_notice() -> None:
    st.session_state.pop(NOTICE, None)


def show_address(page: str) -> None:
    """Have the browser's address say what the page was asked for, and forget what another one would go on with. A link
    that leads to the page that it stands on changes what is shown and leaves the address as it was, and the next rerun
    would lead back. Of another page the browser writes it by itself."""
    before = st.session_state.get(PAGE)
    st.session_state[PAGE] = page
    if before != page:
        st.session_state.pop(GOES_ON, None)
    if before == page and page in LINKED_TO_ITSELF:
        st.query_params.from_dict(st.query_params.to_dict())


def drawn_in(parts: Sequence[str]) -> None:
    """Say which fragments the page is made of, by their keys; without any it is drawn as a whole."""
    st.session_state[PARTS] = list(parts)


def redraw(*only: str, first: str = "") -> None:
    """End a callback: whatever it changed is drawn anew, also outside the fragment that it was called from; of a page
    in parts, `only` those, and the part `first` before the others."""
    st.session_state[ACTED] = True
    parts = st.session_state.get(PARTS)
    st.rerun(sorted(only or parts, key=lambda part: part != first) if parts else "app")


def act(verb: Callable[[], Any]) -> Any:
    """Do it, in a callback; a refusal becomes a notice, and None comes back."""
    st.session_state.pop(NOTICE, None)
    try:
        return verb()
    except ReviewError as error:
        notify("error", in_words(error))
        return None


def fetch(reading: Callable[[], Any]) -> Any:
    """What the page is about; where it cannot be had, the header says why, and None comes back."""
    try:
        return reading()
    except ReviewError as error:
        st.session_state[NOTICE] = Notice("error", error.message, once=True)
        return None
