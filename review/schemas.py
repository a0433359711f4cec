"""JSON Schemas: a graph's input, and what does not fit one, in sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, time
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, cast, get_type_hints
from urllib.parse import urlsplit

from pydantic import create_model
from pydantic.errors import PydanticUserError
from typing_extensions import is_typeddict

if TYPE_CHECKING:
    from langgraph.pregel import Pregel

ANYTHING: dict[str, Any] = {}


def input_schema_of(graph: Pregel[Any, Any, Any, Any]) -> Mapping[str, Any]:
    """The JSON Schema of the graph's input; one that accepts anything where LangGraph cannot make it.

    A TypedDict state lists what nodes will have written by the end, and LangGraph starts with any part of it; only an
    input schema of its own says what must be given.
    """
    try:
        schema = dict(graph.get_input_jsonschema())
    except PydanticUserError:  # a state of typing.TypedDict, before Python 3.12
        return _from_hints(graph)
    except Exception:  # types that have no JSON Schema; LangGraph itself takes any input
        return ANYTHING
    if _starts_with_any_part(graph):
        schema.pop("required", None)
    return schema


def _starts_with_any_part(graph: Pregel[Any, Any, Any, Any]) -> bool:
    builder = getattr(graph, "builder", None)
    state = getattr(builder, "state_schema", None)
    return is_typeddict(state) and getattr(builder, "input_schema", None) is state


def _from_hints(graph: Pregel[Any, Any, Any, Any]) -> Mapping[str, Any]:
    source = getattr(getattr(graph, "builder", None), "input_schema", None)
    try:
        fields: dict[str, Any] = {name: (hint | None, None) for name, hint in get_type_hints(source).items()}
        return cast(dict[str, Any], create_model("Input", **fields).model_json_schema())
    except Exception:
        return ANYTHING


def resolved(schema: Mapping[str, Any], field: Any) -> Mapping[str, Any]:
    """A field with its `$ref` into the schema's own `$defs` followed; `true`, which allows anything, says nothing."""
    if not isinstance(field, Mapping):
        return {}
    found: Mapping[str, Any] = field
    seen: set[str] = set()
    while (name := str(found.get("$ref", "")).removeprefix("#/$defs/")) not in seen:
        target = (schema.get("$defs") or {}).get(name)
        if not target or not isinstance(target, Mapping):
            break
        seen.add(name)  # one that leads back to itself says nothing
        found = {**target, **{k: v for k, v in found.items() if k != "$ref"}}
    return found


def problems(schema: Mapping[str, Any] | None, value: Any) -> dict[str, str]:
    """What of `value` does not fit `schema`: path (`""` for the whole, `a/0/b` inside) to a sentence."""
    if not schema:
        return {}
    # Here, because its format checkers take seconds to import, and most processes check nothing at first.
    from jsonschema import Draft202012Validator, validators

    # A value that fits two branches is no fault: Pydantic writes `oneOf` for unions and takes the first that fits.
    own = {"oneOf": Draft202012Validator.VALIDATORS["anyOf"], "multipleOf": _multiple}
    lenient: Any = validators.extend(Draft202012Validator, own)  # type: ignore[no-untyped-call]
    validator = lenient(schema, format_checker=_formats())
    try:
        told = [part for error in validator.iter_errors(value) for part in _meant(error)]
        found = sorted(told, key=lambda error: [str(part) for part in error.absolute_path])
    except Exception as error:  # a schema of somebody else's may break its reader in any way
        return {"": f"the schema itself cannot be used: {error!s:.200}."}
    return {"/".join(str(part) for part in error.absolute_path): _sentence(error) for error in found}


def first_of(wrong: Mapping[str, str], value: Any, whole: str = "") -> str:
    """The first of what `problems` found wrong with the value, as a sentence that names the place, or the `whole`."""
    path, told = next(iter(wrong.items()))
    place = place_of(path, value) if path else whole
    return f"{place}: {told}" if place else told


def place_of(path: str, value: Any) -> str:
    """A path of `problems` as whoever gave the value sees it: `lines/3/price` is lines, row 4, price."""
    words = []
    for part in path.split("/"):
        if isinstance(value, list) and part.isdigit():
            words.append(f"row {int(part) + 1}")
            value = value[int(part)] if int(part) < len(value) else None
        else:
            words.append(part)
            value = value.get(part) if isinstance(value, Mapping) else None
    return ", ".join(words)


def fault_of(schema: Mapping[str, Any]) -> str | None:
    """Why a schema is none, in a few words; None for a sound one."""
    return _fault(json.dumps(schema, sort_keys=True, default=repr))


@lru_cache(maxsize=256)
def _fault(schema: str) -> str | None:
    from jsonschema import Draft202012Validator

    try:
        Draft202012Validator.check_schema(json.loads(schema))
    except Exception as error:
        return str(getattr(error, "message", error))[:200]
    return None


@cache
def _formats() -> Any:
    """Times as Pydantic takes them, also without an offset; and addresses, which jsonschema alone passes over."""
    from jsonschema import FormatChecker

    formats = FormatChecker()
    formats.checks("date-time", ValueError)(
        lambda text: not isinstance(text, str) or bool(datetime.fromisoformat(text))
    )
    formats.checks("time", ValueError)(lambda text: not isinstance(text, str) or time.fromisoformat(text) is not None)
    formats.checks("uri", ValueError)(lambda text: not isinstance(text, str) or _is_uri(text))
    return formats


def _multiple(_validator: Any, unit: Any, value: Any, _schema: Any) -> Iterator[Any]:
    """By the digits as they are written: as binary fractions, 0.15 is no multiple of 0.05."""
    from jsonschema.exceptions import ValidationError

    if type(value) in (int, float) and Fraction(repr(value)) % Fraction(repr(unit)):
        yield ValidationError(f"{value} is not a multiple of {unit}")


def _is_uri(text: str) -> bool:
    parts = urlsplit(text)
    return bool(parts.scheme and (parts.netloc or parts.path)) and not set(text) & set(" \n\t")


def _meant(error: Any) -> list[Any]:
    """Of a value that fits none of several branches: what is wrong with it as the branch that it comes closest to,
    where it is of that branch's kind at all."""
    if error.validator not in ("anyOf", "oneOf") or not error.context:
        return [error]
    branches: dict[Any, list[Any]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)

    def kinds_missed(found: list[Any]) -> tuple[bool, int, int]:
        here = [inner for inner in found if not inner.path and inner.validator in ("type", "enum", "const")]
        return bool(here), sum(inner.validator in ("const", "enum") for inner in found), len(found)

    closest = min(branches.values(), key=kinds_missed)
    alike = not kinds_missed(closest)[0]
    return [part for inner in closest for part in _meant(inner)] if alike else [error]


def _sentence(error: Any) -> str:
    schema, value = error.schema, error.instance
    match error.validator:
        case "required":
            missing = [name for name in error.validator_value if name not in value]
            return f"{', '.join(missing)}: must be given."
        case "type":
            return f"must be {_article(error.validator_value)}, not {value!r:.80}."
        case "enum":
            return f"must be one of {', '.join(map(str, error.validator_value))}."
        case "minLength" if error.validator_value == 1:
            return "must not be empty."
        case "minLength":
            return f"must have at least {error.validator_value} characters."
        case "maxLength":
            return f"must have at most {error.validator_value} characters; it has {len(value)}."
        case "minimum":
            return f"must be at least {schema['minimum']}."
        case "maximum":
            return f"must be at most {schema['maximum']}."
        case "exclusiveMinimum":
            return f"must be more than {schema['exclusiveMinimum']}."
        case "exclusiveMaximum":
            return f"must be less than {schema['exclusiveMaximum']}."
        case "multipleOf":
            return f"must be a multiple of {schema['multipleOf']}."
        case "format":
            return f"must be {_FORMATS.get(error.validator_value, f'of the format {error.validator_value}')}."
        case "pattern":
            return f"does not have the form that is asked for: {value!r:.80}."
        case "anyOf" | "oneOf" if kinds := [branch["type"] for branch in error.validator_value if "type" in branch]:
            return f"must be {_article(kinds)}, not {value!r:.80}."
    return f"{error.message[:300]}."


_FORMATS = {
    "date": "a date, as 2026-01-31",
    "time": "a time, as 14:30:00",
    "date-time": "a date and time, as 2026-01-31T14:30:00Z",
    "email": "an e-mail address",
    "uri": "an address, as https://example.org/page",
}


def _article(types: Any) -> str:
    names = {
        "integer": "a whole number",
        "object": "an object",
        "array": "a list",
        "boolean": "true or false",
        "null": "null",
    }
    listed = [types] if isinstance(types, str) else dict.fromkeys(map(str, types))
    return " or ".join(names.get(name, f"a {name}") for name in listed)
