"""JSON Schemas: a graph's input, and what does not fit one, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast, get_type_hints

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


def resolved(schema: Mapping[str, Any], field: Mapping[str, Any]) -> Mapping[str, Any]:
    """A field with its `$ref` into the schema's own `$defs` followed."""
    name = str(field.get("$ref", "")).removeprefix("#/$defs/")
    target = (schema.get("$defs") or {}).get(name)
    return resolved(schema, {**target, **{k: v for k, v in field.items() if k != "$ref"}}) if target else field


def problems(schema: Mapping[str, Any] | None, value: Any) -> dict[str, str]:
    """What of `value` does not fit `schema`: path (`""` for the whole, `a/0/b` inside) to a sentence."""
    if not schema:
        return {}
    # Here, because its format checkers take seconds to import, and most processes check nothing at first.
    from jsonschema import Draft202012Validator, FormatChecker, validators
    from jsonschema.exceptions import SchemaError

    # A value that fits two branches is no fault: Pydantic writes `oneOf` for unions and takes the first that fits.
    any_of = {"oneOf": Draft202012Validator.VALIDATORS["anyOf"]}
    lenient: Any = validators.extend(Draft202012Validator, any_of)  # type: ignore[no-untyped-call]
    validator = lenient(schema, format_checker=FormatChecker())
    try:
        found = sorted(validator.iter_errors(value), key=lambda error: [str(part) for part in error.absolute_path])
    except SchemaError as error:
        return {"": f"The schema itself cannot be read: {error.message}"}
    return {"/".join(str(part) for part in error.absolute_path): _sentence(error) for error in found}


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
    return f"{error.message[:300]}."


def _article(types: Any) -> str:
    names = {"integer": "a whole number", "object": "an object", "array": "a list", "boolean": "true or false"}
    listed = [types] if isinstance(types, str) else types
    return " or ".join(names.get(name, f"a {name}") for name in listed)
