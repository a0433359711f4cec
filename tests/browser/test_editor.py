"""The editor reports while one types and loses nothing: not over ticks, reloads, nor while the server is away."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Watched
from tests.browser.scripts import Script
from tests.browser.servers import SECONDS
from tests.support import wait_for

SENTENCE = "Forty characters, typed without a pause."


@pytest.fixture
def script(tmp_path: Path) -> Iterator[Script]:
    started = Script(Path(__file__).with_name("editor_page.py"), tmp_path).start()
    yield started
    started.end()


class Forgiving(list[str]):
    """Takes no fault from what the console says of a server that does not answer."""

    def append(self, fault: str) -> None:
        if not fault.startswith("console:"):
            super().append(fault)


@pytest.fixture
def away(script: Script, watched: Watched) -> None:
    """For tests that end the server."""
    watched.broken = Forgiving()


def saved(script: Script, document: str = "one") -> Any:
    file = script.data / f"{document}.json"
    return json.loads(file.read_text("utf-8"))["text"] if file.exists() else None


def becomes_saved(script: Script, text: str, document: str = "one") -> None:
    wait_for(lambda: saved(script, document) == text, f"{text!r} in the file", SECONDS)


def happened(script: Script) -> list[str]:
    file = script.data / "happened"
    return file.read_text("utf-8").splitlines() if file.exists() else []


def hold_up(script: Script) -> None:
    """Has a run that does not end until `busy` is gone."""
    (script.data / "busy").touch()
    wait_for((script.data / "held up").exists, "a run that does not end", SECONDS)


def open_page(page: Page, script: Script, user: str = "ada") -> Locator:
    page.goto(f"{script.url}/?user={user}")
    area = page.get_by_label("Your version")
    expect(area).to_be_visible()
    return area


def begin(page: Page, script: Script) -> Locator:
    """Open the page, and empty the text."""
    area = open_page(page, script)
    area.fill("")
    becomes_saved(script, "")
    return area


def ticks(page: Page) -> int:
    return int(page.get_by_text("tick ").inner_text().split()[1])


def revise(script: Script, text: str, revision: str) -> None:
    """Another hand changes the text."""
    kept = {"text": text, "revision": revision, "saved_at": None}
    (script.data / "one.json").write_text(json.dumps(kept), "utf-8")


def rerun(page: Page) -> None:
    """Have the page read its texts again, and the focus stay where it is."""
    page.evaluate("document.querySelector('.st-key-again button').click()")


def test_a_pause_in_typing_saves_and_shows_what_changed(script: Script, page: Page) -> None:
    area = open_page(page, script)
    area.press("Control+End")
    page.keyboard.press("Backspace")
    page.keyboard.type(" and a third.")
    becomes_saved(script, "A first draft.\n\nIt has two paragraphs and a third.")
    expect(area).to_be_focused()
    expect(page.get_by_text(re.compile(r"^Saved \d+ s ago$"))).to_be_visible()
    expect(page.get_by_role("insertion").first).to_have_text("paragraphs and a third.")
    expect(page.get_by_role("deletion").first).to_have_text("paragraphs.")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('countersign:typed'))") == []


def test_nothing_typed_over_ticks_is_lost_and_no_key_fires(script: Script, page: Page) -> None:
    begin(page, script)
    before, typed = ticks(page), ""
    letters = "ajx aex nku "
    while ticks(page) < before + 5 or len(typed) < 40:
        typed += letters[len(typed) % len(letters)]
        page.keyboard.type(typed[-1], delay=30)
    becomes_saved(script, typed)
    expect(page.get_by_label("Your version")).to_have_value(typed)
    assert happened(script) == []


def test_what_was_typed_right_before_a_reload_comes_back_and_can_be_discarded(script: Script, page: Page) -> None:
    area = begin(page, script)
    # The last keys and the reload at once: no pause in which the editor could report.
    page.evaluate(
        """text => {
          const area = document.querySelector('.st-key-editor [data-testid=stBidiComponentIsolated], .st-key-editor')
          const root = [area, ...area.querySelectorAll('*')].find(each => each.shadowRoot).shadowRoot
          const field = root.querySelector('textarea')
          field.value = text
          field.dispatchEvent(new Event('input', { bubbles: true }))
          location.reload()
        }""",
        SENTENCE,
    )
    expect(page.get_by_text("Recovered what you typed at")).to_be_visible()
    expect(area).to_have_value(SENTENCE)
    becomes_saved(script, SENTENCE)
    page.get_by_role("button", name="Discard").click()
    expect(area).to_have_value("")
    becomes_saved(script, "")


def test_what_was_typed_while_the_server_was_away_is_saved_when_it_is_back(
    script: Script, page: Page, away: None
) -> None:
    area = begin(page, script)
    page.keyboard.type("Before. ")
    becomes_saved(script, "Before. ")
    script.kill()
    page.keyboard.type(SENTENCE)
    expect(page.get_by_text("Not saved: the server is away. Your text is kept on this device.").first).to_be_visible()
    script.start()
    becomes_saved(script, "Before. " + SENTENCE)
    expect(area).to_have_value("Before. " + SENTENCE)
    expect(page.locator(".status[data-kind=saved]")).to_be_visible()


def test_what_was_typed_while_the_server_was_away_outlives_a_closed_page_for_who_typed_it_alone(
    script: Script, page: Page, away: None
) -> None:
    begin(page, script)
    script.kill()
    page.keyboard.type(SENTENCE)
    expect(page.get_by_text("the server is away").first).to_be_visible()
    page.goto("about:blank")
    script.start()
    area = open_page(page, script, user="ben")  # another reviewer, in the same browser
    expect(page.get_by_text(re.compile("^(Saved|Saves as you type)"))).to_be_visible()
    before = ticks(page)
    wait_for(lambda: ticks(page) > before + 3, "the time in which what is typed is reported", SECONDS)
    expect(area).to_have_value("")
    assert saved(script) == ""
    area = open_page(page, script)
    expect(page.get_by_text("Recovered what you typed at")).to_be_visible()
    expect(area).to_have_value(SENTENCE)
    becomes_saved(script, SENTENCE)


def test_a_newer_text_is_shown_at_once_only_where_nobody_types(script: Script, page: Page) -> None:
    area = begin(page, script)
    revise(script, "Revised elsewhere.", "2")
    rerun(page)
    expect(page.get_by_text("A newer text has arrived. Yours is kept.")).to_be_visible()
    expect(area).to_have_value("")
    area.press("Escape")
    expect(area).to_have_value("Revised elsewhere.")
    revise(script, "Revised again.", "3")
    rerun(page)
    expect(area).to_have_value("Revised again.")


def test_a_newer_text_does_not_replace_what_was_typed_since(script: Script, page: Page) -> None:
    area = begin(page, script)
    revise(script, "Revised elsewhere.", "2")
    rerun(page)
    expect(page.get_by_text("A newer text has arrived")).to_be_visible()
    page.keyboard.type("Mine")
    becomes_saved(script, "Mine")
    area.press("Escape")
    expect(area).to_have_value("Mine")
    page.get_by_role("button", name="Show the newer").click()
    becomes_saved(script, "Revised elsewhere.")


def test_two_documents_never_mix_however_fast_one_goes_between_them(script: Script, page: Page) -> None:
    area = begin(page, script)
    choose = {name: page.get_by_role("radio", name=name) for name in ("one", "two")}
    written = {"one": "", "two": ""}
    for round_ in range(4):
        for name in ("one", "two"):
            choose[name].click()
            expect(page.locator(f".desk[data-document={name}]")).to_be_visible()
            if round_ == 0:
                area.fill("")
            area.press("Control+End")
            page.keyboard.type(f"{name}{round_} ")
            written[name] += f"{name}{round_} "
    for name, text in written.items():
        becomes_saved(script, text, name)
    choose["one"].click()
    expect(area).to_have_value(written["one"])


def test_a_refusal_is_told_with_its_reason_and_the_text_kept(script: Script, page: Page) -> None:
    area = begin(page, script)
    page.keyboard.type("forbidden")
    told = page.get_by_text("Not saved: This text is not allowed. Take the word out.")
    expect(told.first).to_be_visible()
    assert saved(script) == ""
    area.fill("allowed")
    becomes_saved(script, "allowed")
    expect(page.locator(".status[data-kind=saved]")).to_be_visible()


def test_ctrl_enter_submits_the_text_on_screen_once(script: Script, page: Page) -> None:
    area = begin(page, script)
    page.keyboard.type(SENTENCE)
    area.press("Control+Enter")
    wait_for(lambda: happened(script), "the submission", SECONDS)
    becomes_saved(script, SENTENCE)
    expect(page.locator(".status[data-kind=saved]")).to_be_visible()
    assert happened(script) == [f"submitted one {SENTENCE}"]


def test_ctrl_enter_is_heard_by_a_server_that_was_busy_with_later_reports(script: Script, page: Page) -> None:
    sent: list[bytes] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(bytes(frame))))
    area = begin(page, script)
    page.keyboard.type(SENTENCE)
    becomes_saved(script, SENTENCE)
    hold_up(script)
    page.keyboard.type(" And more.")
    area.press("Control+Enter")
    sent.clear()

    def reported_twice() -> bool:
        page.evaluate("0")  # what the browser sent is told of in a call alone
        return sum(b"And more" in frame for frame in sent) >= 2

    wait_for(reported_twice, "two later reports", SECONDS)
    (script.data / "busy").unlink()
    wait_for(lambda: happened(script), "the submission", SECONDS)
    expect(page.locator(".status[data-kind=saved]")).to_be_visible()
    assert happened(script) == [f"submitted one {SENTENCE} And more."]


def test_rows_that_are_selected_while_the_server_is_busy_are_all_selected(script: Script, page: Page) -> None:
    begin(page, script)
    hold_up(script)
    boxes = page.get_by_role("checkbox", name="Select Row")
    expect(boxes).to_have_count(3)
    for box in boxes.all():
        box.click()
    boxes.nth(1).click()
    (script.data / "busy").unlink()
    wait_for(lambda: happened(script)[-1:] == ["selected one three"], "the selection", SECONDS)
    expect(boxes.nth(0)).to_be_checked()
    expect(boxes.nth(1)).not_to_be_checked()
    expect(boxes.nth(2)).to_be_checked()
