"""A schema for a value that came without one, made from the value's own types."""

from __future__ import annotations

from typing import Any

_SCALARS: dict[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string"}


def inferred(value: Any) -> dict[str, Any]:
    """The JSON Schema of the value's own shape; one that takes anything for null and for what is mixed."""
    if type(value) in _SCALARS:
        return {"type": _SCALARS[type(value)]}
    if isinstance(value, dict) and value:
        return {
            "type": "object",
            "properties": {name: inferred(item) for name, item in value.items()},
            "required": list(value),
        }
    if isinstance(value, list) and value:
        return _list(value)
    return {}


def _list(items: list[Any]) -> dict[str, Any]:
    if all(isinstance(item, dict) for item in items):
        names = list(dict.fromkeys(name for item in items for name in item))
        columns = {name: _common([item[name] for item in items if name in item]) for name in names}
        everywhere = [name for name in names if all(name in item for item in items)]
        return {"type": "array", "items": {"type": "object", "properties": columns, "required": everywhere}}
    one = _common(items)
    return {"type": "array", "items": one} if one else {}


def _common(values: list[Any]) -> dict[str, Any]:
    """The schema that all of them have, null aside."""
    schemas = [inferred(value) for value in values if value is not None]
    if not schemas:
        return {}
    if any(schema != schemas[0] for schema in schemas):
        numbers = all(schema.get("type") in ("integer", "number") for schema in schemas)
        return {"type": "number"} if numbers and len(schemas) == len(values) else {}
    return schemas[0] if len(schemas) == len(values) else {"anyOf": [schemas[0], {"type": "null"}]}
