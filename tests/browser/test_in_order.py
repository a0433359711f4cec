"""What a run has drawn comes to its browser, although the next one is asked for in the moment in which it ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screens import button
from tests.browser.scripts import Script
from tests.conftest import Spawn


@pytest.fixture
def script(tmp_path: Path) -> Iterator[Script]:
    started = Script(Path(__file__).with_name("slow_page.py"), tmp_path).start()
    yield started
    started.end()


def test_what_a_click_took_away_is_gone_although_another_part_is_renewed_right_behind_it(
    script: Script, page: Page
) -> None:
    page.goto(script.url)
    expect(page.get_by_text("Look 2")).to_be_visible()
    button(page, "Take this away").click()
    expect(button(page, "Take this away")).to_have_count(0)


def test_the_app_sends_what_a_run_has_drawn_before_the_next_run(spawn: Spawn, tmp_path: Path) -> None:
    code = """
import app
from streamlit.runtime.app_session import AppSession
print(AppSession._create_scriptrunner.__module__)
app.desk.close()
"""
    out, log = spawn(code, env={"REVIEW_DATA_DIR": str(tmp_path / "data")}).communicate(timeout=120)
    assert out.split() == ["components.in_order"], log
