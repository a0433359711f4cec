"""Typed forms without a screen: a JSON Schema and a value become fields, what their widgets hold becomes a value."""

from __future__ import annotations

from review.forms.checks import wrong_with
from review.forms.fields import MISSING, Field
from review.forms.inferred import inferred
from review.forms.reading import defaults_of, read_schema
from review.forms.values import Given, read_back, shown

__all__ = ["MISSING", "Field", "Given", "defaults_of", "inferred", "read_back", "read_schema", "shown", "wrong_with"]
