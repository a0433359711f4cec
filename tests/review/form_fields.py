"""How the tests fill a form."""

from __future__ import annotations

from typing import Any

from review.forms import shown
from review.forms.fields import Field as FormField
from review.forms.fields import Object, Union
from review.forms.values import shown_beside


def exact(value: Any) -> Any:
    """What two values share only where they are equal, type for type."""
    if isinstance(value, dict):
        return {name: exact(item) for name, item in value.items()}
    if isinstance(value, list):
        return [exact(item) for item in value]
    return type(value).__name__, repr(value)


def widgets_of(field: FormField) -> dict[str, Any]:
    """What every widget of the form holds when it is first drawn."""
    held = {field.key: shown(field), field.beside: shown_beside(field)}
    inner = field.fields if isinstance(field, Object) else field.branches.values() if isinstance(field, Union) else ()
    for each in inner:
        held |= widgets_of(each)
    return held
