"""The value that goes with a decision: a text, a typed form, or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import streamlit as st

from components.draft import draft_at_hand, draft_of, show_draft
from components.forms import keep_errors, peek, read_form, show_form
from components.session import desk, reviewer
from components.your_changes import show_your_changes
from review.dialects import Form, form_of
from review.errors import BadInput, ReviewError
from review.forms import MISSING
from review.model import Decision, DecisionType, Review, ReviewStatus
from review.names import same_name

TEXT = {"type": "string"}


def refused(review: Review) -> Decision | None:
    """The answer that the graph did not take, or that this reviewer took back: to begin with again."""
    if review.status != ReviewStatus.PENDING or not review.round:
        return None
    last = desk().ledger.reviews.last_withdrawn(review.id)
    mine = last and (who := reviewer()) and same_name(last.reviewer, who.name)
    return last if review.error or mine else None


def form_for(review: Review, kind: DecisionType) -> Form | None:
    """What a decision of that kind takes; it starts with what the graph refused, where it did."""
    if (form := form_of(review, kind)) is None:
        return None
    last = refused(review)
    if last and last.type == kind and last.value is not None:
        return Form(form.schema, last.value, form.free)
    return form


def show_value_form(
    review: Review,
    form: Form,
    on_submit: Callable[[], None],
    is_wanted: Callable[[], bool],
    proposed: Form | None = None,
) -> None:
    """A text as one big editor, while it is wanted; anything else field by field, or as JSON where the reviewer prefers
    it, and below that what is changed of what was `proposed`."""
    if is_text(form):
        show_draft(review, str(form.start), on_submit, is_wanted)
        return

    def write_out() -> None:
        """The JSON begins with what the fields hold."""
        given = peek(form.schema, f"form_{review.id}", form.start)
        if st.session_state[f"as_json_{review.id}"] and not given.wrong:
            st.session_state[f"draft_{review.id}"] = _json(given.value)

    with st.container(border=True, key=fields_key(review)):
        show_fields_or_json(form, f"form_{review.id}", f"draft_{review.id}", f"as_json_{review.id}", write_out)
    with st.container(key=f"your_changes_{review.id}"):  # below what is typed into, which it does not move
        if before_and_after := changed_in(form, review.id, proposed):
            show_your_changes(*before_and_after, key=review.id)


def fields_key(review: Review) -> str:
    """The key of what holds the fields of the form."""
    return f"fields_{review.id}"


def show_fields_or_json(form: Form, key: str, draft: str, switch: str, on_switch: Any = None) -> None:
    """The typed form under `key`; with `switch` on, one editor of the whole under `draft`."""
    if st.toggle("Edit as JSON", key=switch, on_change=on_switch, persist_state="session"):
        _show_editor("Your value, as JSON", _json(form.start), draft, 360)
    else:
        show_form(form.schema, key, form.start)


def read_value(review: Review, form: Form) -> Any:
    """What the reviewer gave, with its types. Raises `BadInput`."""
    if is_text(form):
        return draft_of(review, str(form.start))
    return read_fields_or_json(form, f"form_{review.id}", f"draft_{review.id}", f"as_json_{review.id}")


def read_fields_or_json(form: Form, key: str, draft: str, switch: str) -> Any:
    if not st.session_state.get(switch):
        return read_form(form.schema, key, form.start)
    return parsed(st.session_state.get(draft, _json(form.start)))


def changed_in(form: Form, key: str, proposed: Form | None = None) -> tuple[Any, Any] | None:
    """What the form of `key` began with and what it holds now (`MISSING` where that cannot be read yet); None where it
    began with nothing."""
    first = proposed or form
    if not isinstance(first.start, dict | list) or not first.start:
        return None
    if not st.session_state.get(f"as_json_{key}"):
        given = peek(form.schema, f"form_{key}", form.start)
        # What the fields themselves add, defaults say, is nobody's change.
        return peek(first.schema, "untouched", first.start).value, MISSING if given.wrong else given.value
    try:
        return first.start, parsed(st.session_state.get(f"draft_{key}", _json(form.start)))
    except BadInput:
        return first.start, MISSING


def keep_refusal(review_id: str, error: ReviewError) -> None:
    """Have the form show what the desk found wrong, each thing beside its field."""
    keep_errors(f"form_{review_id}", error.details.get("errors") or {})


def left_over(review: Review, form: Form) -> str | None:
    """What was given here beyond what the form started with, as text; None where nothing was."""
    draft, start = st.session_state.get(f"draft_{review.id}"), form.start
    if is_text(form):
        draft = draft_of(review, str(start))
        return draft if draft.strip() and draft != start else None
    if st.session_state.get(f"as_json_{review.id}"):
        return draft if draft and draft != _json(start) else None
    given = peek(form.schema, f"form_{review.id}", start)
    return _json(given.value) if given.value is not MISSING and given.value != (start or {}) else None


def has_unsent_edit(review: Review) -> bool:
    """Whether this reviewer has changed the draft, which any decision but an edit leaves out."""
    if DecisionType.EDIT not in review.request.allowed_decisions:
        return False
    proposed, form = form_of(review, DecisionType.EDIT), form_for(review, DecisionType.EDIT)
    if proposed is None or form is None:
        return False
    if is_text(form):
        return bool(draft_at_hand(review, str(form.start)) != proposed.start)
    before, after = changed_in(form, review.id, proposed) or (None, None)
    return bool(before != after)


def is_text(form: Form) -> bool:
    return form.schema == TEXT and isinstance(form.start, str)


def parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadInput(f"Your value is not JSON: {error}. Mend it and submit again; it is kept.") from error


def _show_editor(label: str, start: str, key: str, height: int) -> None:
    """What is typed stays with the review, whatever else moves."""
    if key not in st.session_state:
        st.session_state[key] = start
    st.text_area(label, key=key, height=height, persist_state="session")


def _json(value: Any) -> str:
    return json.dumps(None if value is MISSING else value, indent=2, ensure_ascii=False)
