"""Right code gets no finding from the doctor, whoever wrote it."""

from __future__ import annotations

import ast
import doctest
import inspect
import re
import textwrap
from pathlib import Path

import langgraph
import pytest

from review.doctor import examine
from tests.review.doctor_projects import HEAD, project
from tests.review.doctor_right import NOTES, RIGHT
from tests.support import ROOT

FENCE = re.compile(r"^[ \t]*```(?:python|py|pycon)[^\n]*\n(.*?)^[ \t]*```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("case", RIGHT)
def test_right_code_gets_no_finding(case: str, tmp_path: Path) -> None:
    assert [f"{each.place} {each.what}" for each in project(tmp_path, graph=HEAD + RIGHT[case]).findings] == []


@pytest.mark.parametrize("rule", NOTES)
def test_a_note_is_no_mistake(rule: str, tmp_path: Path) -> None:
    report = project(tmp_path, graph=HEAD + NOTES[rule])
    assert [finding.rule for finding in report.findings] == [rule]
    assert report.mistakes == []


def test_our_own_graphs_and_domain_are_clean() -> None:
    for folder in ("graphs", "review"):
        assert [f"{each.place} {each.what}" for each in examine(ROOT / folder).findings] == []


def test_the_examples_of_langgraphs_docstrings_are_clean(tmp_path: Path) -> None:
    written = 0
    for number, code in enumerate(docstring_examples()):
        try:
            ast.parse(code)
        except SyntaxError:
            continue  # pseudo-code
        (tmp_path / f"example_{number}.py").write_text(code, "utf-8")
        written += 1
    report = examine(tmp_path)
    assert [f"{(tmp_path / each.file).read_text()}\n{each.what}" for each in report.findings] == []
    assert report.files == written > 100


def docstring_examples() -> list[str]:
    found = []
    for path in sorted(Path(next(iter(langgraph.__path__))).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                blocks = FENCE.findall(inspect.cleandoc(ast.get_docstring(node) or ""))
                found += [textwrap.dedent(block) for block in blocks]
    return [doctest.script_from_examples(code) if ">>>" in code else code for code in found]
