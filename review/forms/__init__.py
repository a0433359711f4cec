"""Typed forms without a screen: a JSON Schema and a value become fields, and what their widgets hold becomes a value."""

from __future__ import annotations

from review.forms.fields import MISSING, Field
from review.forms.inferred import inferred
from review.forms.reading import read_schema
from review.forms.values import Given, read_back, shown

__all__ = ["MISSING", "Field", "Given", "inferred", "read_back", "read_schema", "shown"]
