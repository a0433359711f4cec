"""What is wrong with a value that was given in a form, for each field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from review.forms.values import Given
from review.schemas import problems


def wrong_with(schema: Mapping[str, Any], given: Given) -> dict[str, str]:
    """Path (`""` for the whole, `a/0/b` inside) to a sentence; what could not be read comes before what does not
    fit."""
    wrong = {"/".join(path): told for path, told in given.wrong.items()}
    for path, told in problems(schema, given.value).items():
        missing_told = told.endswith("must be given.") and any(known.startswith(path) for known in wrong)
        if not missing_told:
            wrong.setdefault(path, told)
    return wrong
