"""Which branch of a union a value is of, and what the branches are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from review.schemas import problems

Schema = Mapping[str, Any]

NAMES = {
    "string": "Text",
    "integer": "Whole number",
    "number": "Number",
    "boolean": "Yes or no",
    "array": "List",
    "object": "Object",
}
TYPES: dict[type, tuple[str, ...]] = {
    bool: ("boolean",),
    int: ("integer", "number"),
    float: ("number",),
    str: ("string",),
    list: ("array",),
    dict: ("object",),
}


def branch_of(root: Schema, union: Schema, branches: Sequence[Schema], value: Any) -> int | None:
    """The place of the branch that the value is of: by its discriminator, else by what fits; None where none does."""
    kinds = TYPES.get(type(value), ())
    alike = [at for kind in kinds for at, branch in enumerate(branches) if branch.get("type") == kind]
    alike += [at for at, branch in enumerate(branches) if "type" not in branch]
    if isinstance(value, dict) and (name := (union.get("discriminator") or {}).get("propertyName")):
        alike = [at for at in alike if value.get(name) in _constants(branches[at], name)] or alike
    if len(alike) == 1:
        return alike[0]
    shared = {"$defs": root.get("$defs") or {}}
    # A Pydantic model passes over keys that it does not know, so the branch that knows most of them is meant.
    alike.sort(key=lambda at: -len(set(branches[at].get("properties") or ()) & set(value if kinds else ())))
    fitting = (at for at in alike if not problems({**branches[at], **shared}, value))
    return next(fitting, alike[0] if alike else None)


def label_of(branch: Schema, union: Schema, place: int) -> str:
    """What to call the branch: its discriminator's value, its title, or the kind of value."""
    name = (union.get("discriminator") or {}).get("propertyName")
    constants = _constants(branch, name) if name else []
    if constants and not branch.get("title"):
        return str(constants[0])
    return str(branch.get("title") or NAMES.get(str(branch.get("type")), f"Kind {place + 1}"))


def _constants(branch: Schema, name: str) -> list[Any]:
    field = (branch.get("properties") or {}).get(name) or {}
    return [field["const"]] if "const" in field else list(field.get("enum") or ())
