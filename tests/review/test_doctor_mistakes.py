"""Every mistake that the doctor knows is named in its line, with a reason and a way out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from review.doctor import Report
from tests.review.doctor_projects import HEAD, project
from tests.review.doctor_wrong import WRONG

MARK = re.compile(r"#! (.+)$")


def named(report: Report) -> set[tuple[int, str]]:
    return {(finding.line, finding.rule) for finding in report.findings}


@pytest.mark.parametrize("case", WRONG)
def test_each_mistake_is_named_in_its_line(case: str, tmp_path: Path) -> None:
    code = HEAD + WRONG[case]
    marked = {(n, mark[1]) for n, line in enumerate(code.splitlines(), 1) if (mark := MARK.search(line))}
    assert marked
    assert named(project(tmp_path, graph=code)) == marked


def test_a_finding_says_what_why_and_what_instead(tmp_path: Path) -> None:
    (finding,) = project(tmp_path, nodes__pay=HEAD + WRONG["http"]).findings
    assert finding.place == "nodes/pay.py:14"
    assert "requests.post('https://crm/notify', json=state)" in finding.what
    assert "from its start" in finding.why
    assert "node" in finding.instead
