"""langgraph.json, read: which graphs it names, and what they need around them."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from dotenv import dotenv_values

from review.errors import BadInput

log = logging.getLogger("review.manifest")

# Types that a checkpoint may hold beside those that a graph declares, as (module, name); True allows any.
Allowed = tuple[tuple[str, ...], ...] | Literal[True]


@dataclass(frozen=True)
class Place:
    """Where a graph is: `./file.py:variable` or `package.module:variable`."""

    path: str
    description: str = ""

    @property
    def module(self) -> str:
        return self.path.rpartition(":")[0]

    @property
    def variable(self) -> str:
        return self.path.rpartition(":")[2]


@dataclass(frozen=True)
class Manifest:
    """What one langgraph.json says. folders are its local dependencies, packages those that pip would install."""

    file: Path
    places: Mapping[str, Place]
    folders: tuple[Path, ...] = ()
    packages: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    allowed: Allowed | None = None

    @property
    def folder(self) -> Path:
        return self.file.parent

    def set_environment(self) -> None:
        """What is set already stays as it is."""
        for name, value in self.env.items():
            os.environ.setdefault(name, value)


def read_manifest(file: Path) -> Manifest:
    """Raises `BadInput` with what is wrong with the file."""
    try:
        content = json.loads(file.read_text("utf-8"))
        places = content["graphs"].items()
    except OSError as error:
        raise BadInput(f"The setting REVIEW_GRAPHS names {file}, which cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"{file.name} is not a registry of graphs: {error!r}. It needs an object `graphs`.") from error
    listed = _list_of_texts(file, content, "dependencies")
    local = tuple(name for name in listed if name.startswith("."))
    return Manifest(
        file=file,
        places={name: _place(file, name, place) for name, place in places},
        folders=tuple((file.parent / name).resolve() for name in local),
        packages=tuple(name for name in listed if name not in local),
        env=_env(file, content.get("env")),
        allowed=_allowed(file, content),
    )


def _place(file: Path, name: str, place: Any) -> Place:
    said = place if isinstance(place, dict) else {"path": place}
    path = said.get("path")
    if not isinstance(path, str) or ":" not in path:
        raise BadInput(f"{file.name} says {place!r} for graph {name!r}; write './file.py:variable'.")
    return Place(path, str(said.get("description") or ""))


def _list_of_texts(file: Path, content: Mapping[str, Any], key: str) -> list[str]:
    found = content.get(key) or []
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise BadInput(f"{file.name} says {found!r} for `{key}`; write a list of texts.")
    return found


def _env(file: Path, said: Any) -> dict[str, str]:
    """The variables themselves, or the name of a file of them; one that is missing is told and holds nothing."""
    if not said:
        return {}
    if isinstance(said, dict):
        return {str(name): str(value) for name, value in said.items()}
    if not isinstance(said, str):
        raise BadInput(f"{file.name} says {said!r} for `env`; write an object, or the name of a file.")
    path = file.parent / said
    if not path.is_file():
        log.warning("%s names %s for its variables, and there is no such file", file.name, said)
        return {}
    return {name: value for name, value in dotenv_values(path).items() if value is not None}


def _allowed(file: Path, content: Mapping[str, Any]) -> Allowed | None:
    said: Any = content
    for key in ("checkpointer", "serde", "allowed_msgpack_modules"):
        said = said.get(key) if isinstance(said, dict) else None
    if said is None or said is True:
        return said
    fits = isinstance(said, list) and all(
        isinstance(each, list) and len(each) == 2 and all(isinstance(part, str) for part in each) for each in said
    )
    if not fits:
        raise BadInput(
            f"{file.name} says {said!r} for `checkpointer.serde.allowed_msgpack_modules`; write true, or a list of "
            '["module", "Name"] pairs.'
        )
    return tuple(tuple(each) for each in said)


def package_name(requirement: str) -> str:
    """The bare name of a requirement, `langchain_openai` for `langchain-openai>=0.3`."""
    return re.split(r"[\s<>=!~;\[@]", requirement.strip(), maxsplit=1)[0].replace("-", "_").lower()
