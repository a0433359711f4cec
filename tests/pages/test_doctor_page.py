"""The Doctor page: what is wrong with the registered project, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from review.desk import Desk
from tests.pages.conftest import PageDesk
from tests.pages.screens import heading, open_page, said
from tests.support import ASK, begin

SWALLOWING = """
def ask(state):
    try:
        return {"answer": interrupt("Publish *this*?")}
    except Exception:
        return {}
graph = wire(ask)
"""


def test_a_clean_project_is_said_to_be_clean(drafts: Desk) -> None:
    at = open_page("doctor")
    assert heading(at) == "Doctor"
    assert "Nothing is wrong here" in said(at)


def test_a_policy_of_a_graph_that_was_removed_is_told(page_desk: PageDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(page_desk(ask=ASK))
    monkeypatch.setenv("REVIEW_POLICY", '{"ask": {"critical": true}}')
    page_desk()
    assert "not registered any more" not in said(open_page("doctor"))
    page_desk(ask=None)
    assert "policy.ask in review.toml is of a graph that is not registered any more" in said(open_page("doctor"))


def test_a_mistake_is_shown_with_place_reason_and_remedy(page_desk: PageDesk) -> None:
    registry = page_desk(careless=SWALLOWING).settings.graphs
    (file,) = Path(registry).parent.glob("careless_*.py")
    line = file.read_text("utf-8").splitlines().index('        return {"answer": interrupt("Publish *this*?")}') + 1
    text = said(open_page("doctor"))
    assert f"{file.name}:{line}" in text
    assert "`except Exception`" in text
    assert "GraphInterrupt" in text
    assert "Move `interrupt()` out of the `try`" in text


def test_reading_again_finds_what_was_mended(page_desk: PageDesk) -> None:
    registry = page_desk(careless=SWALLOWING).settings.graphs
    at = open_page("doctor")
    (file,) = Path(registry).parent.glob("careless_*.py")
    file.write_text(file.read_text("utf-8").replace("except Exception", "except ValueError"), "utf-8")
    at.button("read_again").click().run()
    assert "Nothing is wrong here" in said(at)
