"""Typed forms without a screen: what goes out is what came in, type for type, and what is changed has its own type."""

from __future__ import annotations

import string
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from review.forms import inferred, read_back, read_schema
from tests.review.form_fields import exact, widgets_of

Pair = tuple[dict[str, Any], Any]

names = st.text(string.ascii_letters + "_/~ é.?", min_size=1, max_size=6)

texts = st.text(st.characters(codec="utf-8"), max_size=20)

whole = st.integers(-(2**70), 2**70)

numbers = st.one_of(st.floats(allow_nan=False, allow_infinity=False), whole)

dates = st.dates().map(lambda day: day.isoformat())

times = st.datetimes(timezones=st.none() | st.timezones()).map(lambda at: at.isoformat())

leaves: dict[str, tuple[dict[str, Any], st.SearchStrategy[Any]]] = {
    "text": ({"type": "string"}, texts),
    "long": ({"type": "string", "maxLength": 5000}, texts),
    "integer": ({"type": "integer", "minimum": -(2**71)}, whole),
    "small": ({"type": "integer", "minimum": -5, "exclusiveMaximum": 5}, st.integers(-5, 4)),
    "number": ({"type": "number"}, numbers),
    "bounded": ({"type": "number", "minimum": 0, "maximum": 1}, st.floats(0, 1)),
    "boolean": ({"type": "boolean"}, st.booleans()),
    "date": ({"type": "string", "format": "date"}, dates),
    "moment": ({"type": "string", "format": "date-time"}, times),
    "decimal": (
        {"anyOf": [{"type": "number"}, {"type": "string", "pattern": "^-?[0-9.]+$"}]},
        st.just("1.10") | numbers,
    ),
    "enum": ({"enum": ["a", 1, 1.0, True, None, [1]]}, st.sampled_from(["a", 1, 1.0, True, None, [1]])),
    "const": ({"const": {"a": 1.0}}, st.just({"a": 1.0})),
    "map": (
        {"type": "object", "additionalProperties": {"type": "number"}},
        st.dictionaries(names, numbers, max_size=3),
    ),
    "any": ({}, st.recursive(st.none() | st.booleans() | numbers | texts, st.lists, max_leaves=4)),
}

scalars = st.sampled_from(sorted(leaves)).flatmap(lambda name: st.tuples(st.just(leaves[name][0]), leaves[name][1]))


@st.composite
def lists_of(draw: st.DrawFn, inner: st.SearchStrategy[Pair]) -> Pair:
    schema, value = draw(inner)
    return {"type": "array", "items": schema}, draw(st.sampled_from([[], [value], [value, value]]))


@st.composite
def tables(draw: st.DrawFn) -> Pair:
    columns = draw(st.dictionaries(names, st.sampled_from(sorted(leaves)), min_size=1, max_size=4))
    row = st.fixed_dictionaries({}, optional={name: leaves[kind][1] for name, kind in columns.items()})
    properties = {name: leaves[kind][0] for name, kind in columns.items()}
    return {"type": "array", "items": {"type": "object", "properties": properties}}, draw(st.lists(row, max_size=3))


@st.composite
def objects(draw: st.DrawFn, inner: st.SearchStrategy[Pair]) -> Pair:
    pairs = draw(st.dictionaries(names, inner, min_size=1, max_size=4))
    value = {name: item for name, (_, item) in pairs.items()}
    required = draw(st.lists(st.sampled_from(sorted(pairs)), unique=True))
    for name in draw(st.lists(st.sampled_from(sorted(pairs)), unique=True)):
        if name not in required:
            del value[name]
    defaults = {name: {"default": item} for name, (_, item) in pairs.items() if draw(st.booleans())}
    properties = {name: {**schema, **defaults.get(name, {})} for name, (schema, _) in pairs.items()}
    extra = draw(st.dictionaries(names, numbers | texts, max_size=2))
    return {"type": "object", "properties": properties, "required": required}, {**extra, **value}


@st.composite
def unions(draw: st.DrawFn, inner: st.SearchStrategy[Pair]) -> Pair:
    pairs = draw(st.lists(inner, min_size=2, max_size=3))
    branches = [schema for schema, _ in pairs]
    value = draw(st.sampled_from([value for _, value in pairs]))
    return {draw(st.sampled_from(["anyOf", "oneOf"])): branches}, value


@st.composite
def optionals(draw: st.DrawFn, inner: st.SearchStrategy[Pair]) -> Pair:
    schema, value = draw(inner)
    nullable = {"anyOf": [schema, {"type": "null"}]} | draw(st.sampled_from([{}, {"default": None}]))
    return nullable, draw(st.sampled_from([None, value]))


@st.composite
def tuples(draw: st.DrawFn, inner: st.SearchStrategy[Pair]) -> Pair:
    pairs = draw(st.lists(inner, min_size=1, max_size=3))
    return {"type": "array", "prefixItems": [schema for schema, _ in pairs]}, [value for _, value in pairs]


anything = st.recursive(
    scalars | tables(),
    lambda inner: objects(inner) | lists_of(inner) | unions(inner) | optionals(inner) | tuples(inner),
    max_leaves=8,
)

relaxed = settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))


@relaxed
@given(anything)
def test_what_nobody_changed_goes_out_as_it_came_type_for_type(pair: Pair) -> None:
    schema, value = pair
    field = read_schema(schema, value)
    back = read_back(field, widgets_of(field))
    assert exact(back.value) == exact(value)
    assert not back.wrong


@relaxed
@given(objects(scalars | tables()))
def test_a_value_inferred_from_itself_goes_out_as_it_came(pair: Pair) -> None:
    _, value = pair
    field = read_schema(inferred(value), value)
    assert exact(read_back(field, widgets_of(field)).value) == exact(value)


@relaxed
@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=8) | st.integers(),
        lambda i: (
            st.lists(i)
            | st.dictionaries(
                st.sampled_from(
                    ["type", "properties", "anyOf", "items", "$ref", "enum", "prefixItems", "required", "format"]
                ),
                i,
            )
        ),
    )
)
def test_a_schema_of_any_nonsense_still_makes_a_form(nonsense: Any) -> None:
    field = read_schema(nonsense if isinstance(nonsense, dict) else {"properties": nonsense}, {"a": 1})
    assert exact(read_back(field, {}).value) == exact({"a": 1})
