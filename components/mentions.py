"""Who mentions me in a note, on which review: said where the queue is, until I have opened it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.opened import open_review
from components.session import desk, reviewer
from components.times import ago
from components.words import escaped
from review.ledger.mentions import Mention

FEW = 3  # reviews; beyond these there is a count
SHORT = 90


def show_mentions(on_open: Callable[[str], None] = open_review) -> None:
    """A line for each review on which somebody mentions me, the newest first; nothing where nobody does. `on_open` gets
    the review's id, in a callback."""
    who = reviewer()
    found = by_review(desk().mentions(who.name)) if who else {}
    if not found:
        return
    st.html("<style>.st-key-mentions button { text-align: start; }</style>")
    with st.container(key="mentions", border=True, gap="xxsmall"):
        for review_id, mentions in list(found.items())[:FEW]:
            newest = mentions[0]
            st.button(
                f"**{escaped(_authors(mentions))}** on {escaped(newest.title)}  :gray[{ago(newest.at)}]",
                icon=":material/alternate_email:", key=f"mention_{review_id}", type="tertiary",
                help=escaped(_short(newest.text)), on_click=on_open, args=(review_id,),
            )  # fmt: skip
        if len(found) > FEW:
            st.markdown(f":gray[and on {len(found) - FEW} more]")


def by_review(mentions: Sequence[Mention]) -> dict[str, list[Mention]]:
    """The mentions of each review, in the order in which they came."""
    found: dict[str, list[Mention]] = {}
    for mention in mentions:
        found.setdefault(mention.review_id, []).append(mention)
    return found


def _authors(mentions: Sequence[Mention]) -> str:
    names = list(dict.fromkeys(mention.author for mention in mentions))
    return f"{' and '.join(names)} {'mentions' if len(names) == 1 else 'mention'} you"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line if len(line) <= SHORT else line[: SHORT - 1] + '…'}”"
