"""Values from the command line: JSON, or the content of a file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from review.errors import BadInput

TEXT_SUFFIXES = (".md", ".txt")


def value_of(given: str, option: str) -> Any:
    """What `option` was given: JSON; `@FILE` with JSON; `@FILE` with text where its name ends in .md or .txt."""
    if not given.startswith("@"):
        return _parsed(given, option, f"{option} is not JSON")
    path = Path(given[1:])
    text = _text_of(path, option)
    if path.suffix.lower() in TEXT_SUFFIXES:
        return text
    return _parsed(text, option, f"The file {path}, given for {option}, is not JSON", file=str(path))


def check_text(arguments: Iterable[str]) -> None:
    """Refuse an argument that is not text: its bytes could be recorded nowhere."""
    for argument in arguments:
        if not _is_text(argument):
            raise BadInput(f"The argument {argument!a} is not valid UTF-8 text.")


def _text_of(path: Path, option: str) -> str:
    try:
        # As it stands: reading in text mode would change the line ends of somebody's draft.
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise BadInput(f"The file {path}, given for {option}, cannot be read: {why}.", file=str(path)) from error
    except UnicodeDecodeError as error:
        line, column = _place(error.object, error.start)
        raise BadInput(
            f"The file {path}, given for {option}, is not UTF-8 text: see line {line}, column {column}.",
            file=str(path),
            line=line,
            column=column,
        ) from error


def _parsed(text: str, option: str, wrong: str, **details: Any) -> Any:
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise BadInput(
            f"{wrong}: {error.msg} at line {error.lineno}, column {error.colno}. Put text in double quotes, "
            f"or give {option} a file: @FILE.md.",
            **details,
            line=error.lineno,
            column=error.colno,
        ) from error
    except (ValueError, RecursionError) as error:
        why = "it is nested too deep" if isinstance(error, RecursionError) else error
        raise BadInput(f"{wrong}: {why}.", **details) from error
    if not _is_text(json.dumps(value, ensure_ascii=False)):
        raise BadInput(f"{wrong}: it escapes half of a character (a lone surrogate).", **details)
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"JSON has no {name}")


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _place(content: bytes, position: int) -> tuple[int, int]:
    before = content[:position]
    return before.count(b"\n") + 1, position - (before.rfind(b"\n") + 1) + 1
