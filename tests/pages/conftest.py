"""The desk that the pages of a test open for themselves, and the cookies of its browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import app_test

from review.desk import Desk, open_desk
from tests.pages.screens import DRAFTS
from tests.support import write_graphs

PageDesk = Callable[..., Desk]


@pytest.fixture(scope="session", autouse=True)
def _no_folder_left_behind() -> Iterator[None]:
    """AppTest makes one on import and leaves it to the interpreter's end, which warns."""
    yield
    app_test.TMP_DIR.cleanup()


@pytest.fixture(autouse=True)
def cookies(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The browser's cookies, which AppTest has no place for."""
    kept: dict[str, str] = {}
    monkeypatch.setattr(type(st.context), "cookies", property(lambda _: kept))
    return kept


@pytest.fixture(autouse=True)
def _whole_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest forgets what a run of a few fragments does not draw, so here each run draws the whole page."""
    monkeypatch.setattr("components.header.drawn_in", lambda parts: None)


@pytest.fixture
def page_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PageDesk]:
    """Opens the desk that the pages use: `page_desk(ask=ASK)`; without a graph, as it was. Its relay is not started."""
    made: list[Desk] = []

    def make(**sources: str | None) -> Desk:
        monkeypatch.setenv("REVIEW_DATA_DIR", str(tmp_path / "data"))
        monkeypatch.setenv("REVIEW_GRAPHS", str(write_graphs(tmp_path / "graphs", **sources)))
        monkeypatch.setenv("REVIEW_POLL_SECONDS", "0.05")
        monkeypatch.setenv("REVIEW_UNDO_SECONDS", os.environ.get("REVIEW_UNDO_SECONDS", "0"))
        made.append(open_desk())
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def drafts(page_desk: PageDesk) -> Desk:
    """The pages' desk with one graph, which asks about drafts."""
    return page_desk(drafts=DRAFTS)
