"""The fields of a form: each gives its own type, and tells in a sentence what it cannot read."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from pydantic import AnyUrl, BaseModel, Field, TypeAdapter

from review.forms import read_back, read_schema, shown, wrong_with
from review.forms.fields import Boolean, Choice, Digits, Json, Lines, Moment, Number, Object, Picks, Text, Union
from review.schemas import problems
from tests.review.form_fields import exact, widgets_of


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
