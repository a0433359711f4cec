"""Notes on a review: what reviewers tell each other about it, and what one keeps for oneself."""

from __future__ import annotations

import streamlit as st

from components.lazily import show_folded
from components.session import act, desk, redraw, reviewer
from components.times import ago
from components.who import named
from components.words import escaped
from review.model import Review


def show_notes(review: Review) -> None:
    """The notes that this reviewer may read, folded away, and the box for another one."""
    who = reviewer()
    notes = desk().notes(review.id, who.name if who else "")

    def show() -> None:
        for note in notes:
            private = ", private" if note.private else ""
            st.markdown(f"**{escaped(note.author)}** :gray[{ago(note.at)}{private}]")
            st.text(note.text)
        box, private_box, added = f"note_{review.id}", f"note_private_{review.id}", f"note_added_{review.id}"
        if st.session_state.pop(added, False):
            # Emptied by the callback, a field stays as it is in the browser where its page is drawn in parts.
            st.session_state[box] = ""
        st.text_area("A note", key=box, height=80, placeholder="@name tells somebody about it", persist_state="session")
        st.checkbox("For me alone", key=private_box, persist_state="session")

        def add() -> None:
            text, private = st.session_state[box], bool(st.session_state[private_box])
            me = named()
            if me and act(lambda: desk().add_note(review.id, me, text, private=private)):
                st.session_state[added] = True
            redraw()

        st.button("Add the note", icon=":material/add_comment:", key=f"add_note_{review.id}", on_click=add)

    show_folded(f"Notes ({len(notes)})" if notes else "Notes", "sticky_note_2", f"notes_{review.id}", show)
