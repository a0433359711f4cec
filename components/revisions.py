"""The revisions of one draft: what came back and why, any two of them compared, and what was said to each."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.made import made
from components.reasons import reason_and_message, show_why
from components.redline_view import compared, show_field_changes, show_redline
from components.subject import show_subject
from components.times import clock
from components.words import escaped
from review.model import Decision, DecisionType, Review, ReviewStatus
from review.redline import field_changes
from review.reviewers import DESK
from review.revisions import Revision, asked_before, revisions_of

FEW_WORDS = 80  # of a change that is shown at once; a longer one is folded, so that the draft stays in sight
INLINE, SIDES = "Inline", "Side by side"
DRAFT_ASKED_BACK = (DecisionType.RESPOND, DecisionType.REJECT)


def earlier(review: Review, asked: Sequence[Review]) -> list[Review]:
    """What the same node asked before, newest first; `asked` are the thread's reviews."""
    return asked_before(review, asked)[::-1]


def show_what_was_done(review: Review, before: Sequence[Review]) -> None:
    """On a draft that came back: what was said to the one `before`, newest first, unless the graph says so itself, and
    what was done about it."""
    if review.status != ReviewStatus.PENDING or not before:
        return
    decision = before[0].decision
    if decision is None or decision.type not in DRAFT_ASKED_BACK:
        return
    *_, last, now = revisions_of([*before[::-1], review]) or (None, None)
    if last is None or now is None or now.review.id != review.id:
        return
    with st.container(key=f"came_back_{review.id}", gap="small"):
        _show_feedback(review, before[0], decision)
        short, told = _size_of(last, now)
        if not told:
            st.info(f"Nothing was changed since {escaped(last.label)}.", icon=":material/difference:")
            return
        with st.expander(f"**What was done about it**  {told}", icon=":material/difference:", expanded=short):
            _show_difference(last, now, False, f"done_{review.id}", f"Since {last.label}")


def show_revisions(now: Review, reviews: Sequence[Review]) -> None:
    """Any two revisions compared; below, the earlier reviews, newest first, each with its decision."""
    if not reviews:
        return
    st.header(f"Earlier revisions ({len(reviews)})", anchor=False)
    found = revisions_of([*reviews[::-1], now])
    show_comparison(found, now.id)
    numbers = {each.review.id: each.label for each in found if not each.editor}
    for review in reviews:
        said = sentence(review) or "No decision stands"
        label = f"{numbers.get(review.id, 'Asked before')}: {said}"
        with st.expander(escaped(label), icon=":material/history:"):
            if review.decision:
                show_why(review.decision)
            show_subject(review.request)
            show_edit(review)


def show_comparison(revisions: Sequence[Revision], place: str) -> None:
    """Two of them, picked by whoever reads, word by word, inline or beside each other."""
    if len(revisions) < 2:
        return
    by_id = {each.id: each for each in revisions}
    ids = list(by_id)
    with st.container(border=True, key=f"compare_{place}"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            one = _pick("From", by_id, len(ids) - 2, f"compare_from_{place}")
            other = _pick("To", by_id, len(ids) - 1, f"compare_to_{place}")
            look = st.segmented_control("As", [INLINE, SIDES], default=INLINE, required=True, width="content",
                                        label_visibility="collapsed", key=f"compare_as_{place}")  # fmt: skip
        _show_difference(by_id[one], by_id[other], look == SIDES, f"compared_{place}", "What changed")


def show_edit(review: Review) -> None:
    """What an edit changed: word by word in a text, field by field in anything else."""
    found = revisions_of([review])
    if len(found) == 2:
        _show_difference(found[0], found[1], False, f"edited_{review.id}", "What was edited")


def sentence(review: Review) -> str:
    """Who decided what on it, and when; nothing where no decision stands."""
    if (decision := review.decision) is None:
        return ""
    who = "The desk" if decision.reviewer == DESK else decision.reviewer
    typed = "" if decision.signed_in else " (not signed in)"
    return f"{who}{typed} {made(review)}, {clock(decision.decided_at)}"


def _pick(label: str, revisions: dict[str, Revision], first: int, key: str) -> str:
    """One that is there no more, after a change of the draft say, is not kept."""
    ids = list(revisions)
    if st.session_state.get(key) not in (None, *ids):
        del st.session_state[key]
    return str(st.selectbox(label, ids, first, format_func=lambda each: revisions[each].label, key=key, width=260))


def _show_difference(one: Revision, other: Revision, sides: bool, key: str, label: str) -> None:
    if isinstance(one.value, str) and isinstance(other.value, str):
        names = one.label, other.label
        show_redline(one.value, other.value, key=key, side_by_side=sides, label=label, names=names)
    else:
        show_field_changes(one.value, other.value, key=key, side_by_side=sides, label=label)


def _size_of(one: Revision, other: Revision) -> tuple[bool, str]:
    """Whether the change is short, and how large it is, as Markdown; nothing where there is none."""
    if isinstance(one.value, str) and isinstance(other.value, str):
        found = compared(one.value, other.value)
        size = found["added"] + found["removed"]
        came, went = f":green[+{found['added']}]", f":red[−{found['removed']}]"
        told = " ".join([came] * bool(found["added"]) + [went] * bool(found["removed"]))
        return size <= FEW_WORDS, f"{told} {'word' if size == 1 else 'words'}" if size else ""
    count = len(field_changes(one.value, other.value))
    return count <= 5, f":gray[{count} {'field' if count == 1 else 'fields'}]" if count else ""


def _show_feedback(review: Review, before: Review, decision: Decision) -> None:
    """What was said to the draft before, as far as the graph's own description does not say it."""
    told = review.request.description
    reason, message = reason_and_message(decision.reason, decision.message)
    is_told = _tells(told, message) or not message
    if (reason and not _tells(told, reason)) or not is_told or not (reason or message):
        st.markdown(f":material/reply: **{escaped(sentence(before))}**")
        show_why(decision, only_reason=is_told)


def _tells(description: str, message: str) -> bool:
    """Whether the graph's own description has the message in it, as a quotation say."""
    told, said = (" ".join(text.replace(">", " ").split()) for text in (description, message))
    return bool(said) and said in told
