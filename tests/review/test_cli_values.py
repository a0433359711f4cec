"""Values on the command line: JSON, files, and what is said of those that cannot be read."""

from pathlib import Path
from typing import Any

import pytest

from review.cli.reading import value_of
from review.errors import BadInput


def file(folder: Path, name: str, content: str | bytes) -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return f"@{path}"


@pytest.mark.parametrize(
    ("given", "value"),
    [('{"a": [1, 2.5, null]}', {"a": [1, 2.5, None]}), ('"text"', "text"), ("null", None), (" 3 ", 3)],
)
def test_json_keeps_its_types(given: str, value: Any) -> None:
    assert value_of(given, "--value") == value


def test_a_file_is_json_or_text_by_its_name(tmp_path: Path) -> None:
    assert value_of(file(tmp_path, "value.json", '\ufeff{"a": 1}'), "--value") == {"a": 1}
    assert value_of(file(tmp_path, "value", "[true]"), "--value") == [True]
    assert value_of(file(tmp_path, "draft.md", '{"a": 1}\r\n'), "--value") == '{"a": 1}\r\n'
    assert value_of(file(tmp_path, "DRAFT.TXT", "# Zwölf\n"), "--value") == "# Zwölf\n"


def test_bad_json_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"--input is not JSON: .* at line 2, column 3\. .*@FILE\.md"):
        value_of("{\n  topic: 1}", "--input")
    given = file(tmp_path, "brief.json", '{"topic":\n\n oops}')
    with pytest.raises(
        BadInput, match=r"brief\.json, given for --input, is not JSON: .* at line 3, column 2"
    ) as caught:
        value_of(given, "--input")
    assert caught.value.details == {"file": given[1:], "line": 3, "column": 2}


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"gone\.md, given for --value, cannot be read: No such file or directory\."):
        value_of(f"@{tmp_path / 'gone.md'}", "--value")
    with pytest.raises(BadInput, match=r"cannot be read: Is a directory\."):
        value_of(f"@{tmp_path}", "--value")
    with pytest.raises(BadInput, match=r"is not UTF-8 text: see line 2, column 3\."):
        value_of(file(tmp_path, "latin.md", b"one\ntw\xf6"), "--value")


@pytest.mark.parametrize("given", ["NaN", "[-Infinity]", "[" * 100_000, '"\\ud800"', "9" * 5000, ""])
def test_what_python_would_take_and_json_or_a_database_would_not_is_refused(given: str) -> None:
    with pytest.raises(BadInput, match="--value is not JSON"):
        value_of(given, "--value")
