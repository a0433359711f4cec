"""Typed forms without a screen: what goes out is what came in, type for type, and what is changed has its own type."""

from __future__ import annotations

import json
import string
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import AnyUrl, BaseModel, Field, TypeAdapter

from review.forms import MISSING, inferred, read_back, read_schema, shown, wrong_with
from review.forms.fields import (
    Boolean,
    Choice,
    Digits,
    Json,
    Lines,
    Moment,
    Number,
    Object,
    Picks,
    Table,
    Text,
    Union,
)
from review.forms.fields import Field as FormField
from review.forms.tables import cell, changed_rows
from review.forms.values import shown_beside
from review.schemas import problems

Pair = tuple[dict[str, Any], Any]


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


# Schemas with values that fit them.

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


# Each kind of field, and what a change of it gives.


class Colour(Enum):
    RED = "red"
    ONE = 1


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = Field(ge=1)


class Dog(BaseModel):
    kind: Literal["dog"] = "dog"
    name: str


class Node(BaseModel):
    value: int
    next: Node | None = None


KINDS: list[tuple[Any, Any, type, Any, Any]] = [
    # type, value, field, what its widget then holds, the new value
    (str, "a", Text, "b", "b"),
    (int, 3, Number, 4, 4),
    (int, 2**60, Digits, str(2**61), 2**61),
    (float, 3.0, Number, 4.0, 4.0),
    (float, 3, Number, 4.0, 4),
    (float, 3, Number, 4.5, 4.5),
    (bool, True, Boolean, False, False),
    (bool | None, None, Boolean, True, True),
    (Decimal, "1.10", Digits, "1.20", "1.20"),
    (Decimal, 1.1, Digits, "1.2", 1.2),
    (Colour, "red", Choice, "1", 1),
    (Literal["a", 1, True], 1, Choice, "true", True),
    (list[str], ["a"], Lines, "a\n b \n\n", ["a", "b"]),
    (list[int], [1], Lines, f"1\n{2**60}", [1, 2**60]),
    (list[float], [1.0, 2], Lines, "1.0\n2\n3.5", [1.0, 2, 3.5]),
    (list[Colour], ["red"], Picks, ["1", "red"], [1, "red"]),
    (list[str], ["two\nlines"], Json, '["a"]', ["a"]),
    (dict[str, int], {"a": 1}, Json, '{"a": 1.0}', {"a": 1.0}),
    (int | None, 3, Number, None, None),
    (AnyUrl, "https://a.b", Text, "https://b.c", "https://b.c"),
    (Annotated[str, Field(max_length=4000)], "a", Text, "a\nb", "a\nb"),
]


@pytest.mark.parametrize(("kind", "value", "field", "held", "new"), KINDS)
def test_a_changed_field_gives_its_own_type(kind: Any, value: Any, field: type, held: Any, new: Any) -> None:
    schema = TypeAdapter(kind).json_schema()
    made = read_schema(schema, value)
    assert type(made) is field
    back = read_back(made, {made.key: held})
    assert not back.wrong
    assert exact(back.value) == exact(new)
    assert wrong_with(schema, back) == {}


@pytest.mark.parametrize(
    ("form", "text", "changed"),
    [
        ("date", "2026-01-02", "2026-01-02"),
        ("time", "10:20:30", "10:20:00"),
        ("time", "10:20:30+02:00", "10:20:00+02:00"),
        ("date-time", "2026-01-02T03:04:05.123Z", "2026-01-02T03:04:00Z"),
        ("date-time", "2026-01-02T03:04:05-05:00", "2026-01-02T03:04:00-05:00"),
        ("date-time", "2026-01-02T03:04:05", "2026-01-02T03:04:00"),
    ],
)
def test_a_time_keeps_its_offset_and_is_shown_to_the_minute(form: str, text: str, changed: str) -> None:
    schema = {"type": "string", "format": form}
    field = read_schema(schema, text)
    assert isinstance(field, Moment)
    assert read_back(field, {"": shown(field)}).value == text
    other = read_schema(
        schema, "2020-02-02" if form == "date" else text.replace("4:05", "5:05").replace(":20:", ":21:")
    )
    assert isinstance(other, Moment)
    assert read_back(other, {"": shown(field)}).value == changed


@pytest.mark.parametrize(
    ("kind", "held", "told"),
    [
        (int, "x", "must be a whole number, not 'x'."),
        (dict, "{", "is not JSON"),
        (dict, '{"a": NaN}', "JSON has no NaN"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(kind: Any, held: str, told: str) -> None:
    value = 2**60 if kind is int else {"b": 1}
    schema = {"type": "object", "properties": {"a": TypeAdapter(kind).json_schema()}, "required": ["a"]}
    back = read_back(read_schema(schema, {"a": value}), {"a": held})
    assert told in wrong_with(schema, back)["a"]


@pytest.mark.parametrize(
    ("schema", "value", "told"),
    [
        ({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]}, -1, "must be at least 0."),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "a", "must be a whole number or null, not 'a'."),
        ({"type": "number", "multipleOf": 0.05}, 0.12, "must be a multiple of 0.05."),
        ({"type": "number", "multipleOf": 0.05}, 0.15, None),
        ({"format": "email"}, "nobody", "must be an e-mail address."),
        ({"format": "uri"}, "nowhere", "must be an address, as https://example.org/page."),
        ({"format": "uri"}, "https://example.org/a", None),
        ({"format": "date-time"}, "2026-01-02T03:04:05", None),
        ({"format": "time"}, "10:20:30Z", None),
        ({"format": "time"}, "soon", "must be a time, as 14:30:00."),
    ],
)
def test_what_does_not_fit_is_told_in_a_sentence(schema: dict[str, Any], value: Any, told: str | None) -> None:
    assert problems(schema, value).get("") == told


def test_null_nothing_and_the_empty_text_stay_three_things() -> None:
    schema = {"type": "object", "properties": {"a": {"anyOf": [{"type": "string"}, {"type": "null"}]}}}
    for value in ({}, {"a": None}, {"a": ""}):
        assert exact(read_back(read_schema(schema, value), {}).value) == exact(value)
    field = read_schema(schema, {"a": "text"})
    assert read_back(field, {"a": ""}).value == {"a": None}
    assert read_back(field, {"a": "", "a~": False}).value == {"a": ""}
    plain = {"type": "object", "properties": {"a": {"type": "string"}}}
    assert read_back(read_schema(plain, {"a": "text"}), {"a": ""}).value == {"a": ""}
    assert read_back(read_schema(plain, {"a": "text"}), {"a": "", "a~": True}).value == {}


def test_a_required_field_that_is_left_empty_must_be_given() -> None:
    schema = Dog.model_json_schema()
    back = read_back(read_schema(schema), {})
    assert wrong_with(schema, back) == {"name": "must be given."}
    assert back.value == {"kind": "dog"}


def test_an_optional_part_is_made_and_unmade_by_its_switch() -> None:
    class Owner(BaseModel):
        pet: Cat | None = None

    schema = Owner.model_json_schema()
    assert read_back(read_schema(schema, {}), {"pet~": True, "pet/lives": 9}).value == {
        "pet": {"kind": "cat", "lives": 9}
    }
    given = read_schema(schema, {"pet": {"kind": "cat", "lives": 9}})
    assert read_back(given, {"pet~": False}).value == {"pet": None}


def test_the_value_picks_the_branch_and_another_branch_starts_anew() -> None:
    class Owner(BaseModel):
        pet: Annotated[Cat | Dog, Field(description="Which?")]

    schema = Owner.model_json_schema()
    field = read_schema(schema, {"pet": {"kind": "dog", "name": "Rex", "age": 3}})
    assert isinstance(field, Object)
    (pet,) = field.fields
    assert isinstance(pet, Union)
    assert (pet.chosen, list(pet.branches)) == ("Dog", ["Cat", "Dog"])
    assert read_back(field, {"pet~1/name": "Max"}).value == {"pet": {"kind": "dog", "name": "Max", "age": 3}}
    back = read_back(field, {"pet~": "Cat", "pet~0/lives": 0})
    assert back.value == {"pet": {"kind": "cat", "lives": 0}}
    assert wrong_with(schema, back) == {"pet/lives": "must be at least 1."}


def test_a_discriminator_picks_the_branch() -> None:
    schema = {
        "oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/$defs/Cat", "dog": "#/$defs/Dog"}},
        "$defs": {"Cat": Cat.model_json_schema(), "Dog": Dog.model_json_schema()},
    }
    field = read_schema(schema, {"kind": "cat", "name": "not a dog"})
    assert isinstance(field, Union)
    assert field.chosen == "Cat"


def test_a_schema_that_refers_to_itself_ends_in_json() -> None:
    value: dict[str, Any] = {"value": 0}
    for number in range(1, 12):
        value = {"value": number, "next": value}
    field: Any = read_schema(Node.model_json_schema(), value)
    depth = 0
    while isinstance(field, Object):
        field, depth = field.fields[1], depth + 1
    assert isinstance(field, Json)
    assert 1 < depth < 5


def test_a_schema_that_doubles_at_each_level_stays_small() -> None:
    parts = {
        f"P{n}": {"type": "object", "properties": {f"p{m}": {"$ref": f"#/$defs/P{m}"} for m in range(9)}}
        for n in range(9)
    }
    field = read_schema({"$ref": "#/$defs/P0", "$defs": parts})
    assert len(widgets_of(field)) < 3000


# Tables.

ROWS = [
    {"name": "a", "count": 1, "price": 1.0, "paid": True, "day": "2026-01-02", "tags": ["x"], "extra": 2**60},
    {"name": "b", "count": None, "price": 2, "paid": False, "big": 2**60},
]


class Row(BaseModel):
    name: str
    count: int | None = None
    price: float = 9.5
    paid: bool
    day: str | None = Field(default=None, json_schema_extra={"format": "date"})
    tags: list[str] = []
    big: int = 0


def table() -> Table:
    field = read_schema(TypeAdapter(list[Row]).json_schema(), ROWS)
    assert isinstance(field, Table)
    return field


def test_the_columns_of_a_table_hold_what_their_cells_can_keep() -> None:
    kinds = {column.name: column.kind for column in table().columns}
    assert kinds == {
        "name": "text",
        "count": "integer",
        "price": "number",
        "paid": "boolean",
        "tags": "json",
        "big": "digits",
    } | {"day": kinds["day"]}
    tags = next(column for column in table().columns if column.name == "tags")
    assert cell(tags, ROWS[0]) == '["x"]'


def test_cells_that_were_not_touched_stay_as_they_were() -> None:
    after = changed_rows(table(), ROWS, {"edited_rows": {0: {"name": "z"}}})
    assert exact(after) == exact([{**ROWS[0], "name": "z"}, ROWS[1]])
    assert ROWS[0]["name"] == "a"


def test_changed_cells_have_the_columns_types() -> None:
    cells = {"count": 7.0, "price": 3.25, "paid": None, "tags": '["y", 1]', "big": str(2**61)}
    (after, _) = changed_rows(table(), ROWS, {"edited_rows": {"0": cells}})
    assert exact([after[name] for name in ("count", "price", "tags", "big")]) == exact([7, 3.25, ["y", 1], 2**61])
    assert "paid" not in after
    assert changed_rows(table(), ROWS, {"edited_rows": {0: {"count": None, "name": None}}})[0]["count"] is None


def test_rows_are_added_with_the_defaults_and_deleted_by_their_place() -> None:
    after = changed_rows(
        table(), ROWS, {"edited_rows": {1: {"name": "z"}}, "added_rows": [{"name": "n"}, {}], "deleted_rows": [0]}
    )
    assert [row["name"] for row in after] == ["z", "n"]
    assert after[1] == {"name": "n", "count": None, "price": 9.5, "paid": False, "day": None, "tags": [], "big": 0}


def test_a_cell_that_cannot_be_read_is_told_with_its_place() -> None:
    schema = TypeAdapter(list[Row]).json_schema()
    rows = changed_rows(table(), ROWS, {"edited_rows": {1: {"big": "many"}}})
    wrong = wrong_with(schema, read_back(table(), {"": rows}))
    assert wrong["1/big"] == "must be a whole number, not 'many'."


def test_missing_is_not_null() -> None:
    field = read_schema({"type": "object", "properties": {"a": {}}})
    assert read_back(field, {}).value == {}
    assert json.dumps(read_back(read_schema({}, None), {}).value) == "null"
    assert read_back(read_schema({}), {}).value is MISSING
