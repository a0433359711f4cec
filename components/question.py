"""What stands beside the decision: what is asked, or the form that the decision takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from components.actions import asks_for_several, show_cards
from components.answer import form_for, is_text, show_value_form
from components.choice import is_chosen
from components.other_ways import editing_of, is_editing, show_state_beside
from components.request import show_description, show_request
from components.state_form import show_state_form
from components.subject import show_subject
from review.dialects import Form, form_of
from review.model import DecisionType, Review, ReviewStatus


def show_question(review: Review, kind: DecisionType, before: Sequence[Review], on_submit: Callable[[], None]) -> None:
    """The state's form, a card for each action, the form of the value, or else the request to read. `before` is what
    the node asked before, newest first; `on_submit` is for an editor that submits by key."""
    if is_editing(review):
        show_state_form(editing_of(review))
        return
    if asks_for_several(review):
        show_description(review, before)
        show_cards(review)
    elif review.status == ReviewStatus.PENDING and (form := form_for(review, kind)):
        show_description(review, before)
        if not _is_in(form, review.request.subject):
            show_subject(review.request)
        show_value_form(review, form, on_submit, lambda: is_chosen(review, kind), form_of(review, kind))
    else:
        show_request(review, before)
    show_state_beside(review)


def _is_in(form: Form, subject: object) -> bool:
    """Whether the form shows what is under review by itself."""
    fields = form.start if isinstance(form.start, dict) else {}
    if isinstance(subject, dict) and all(name in fields and fields[name] == value for name, value in subject.items()):
        return True
    return is_text(form) or subject is None or form.start == subject or subject in list(fields.values())
