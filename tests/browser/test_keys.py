"""Keys act once, on what is in sight, and never while one types; a redline shows any text as text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screens import settled
from tests.browser.scripts import Script
from tests.browser.servers import SECONDS
from tests.support import wait_for

LONG = "\n\n".join(f"Paragraph {n} stays." for n in range(9))
TEXTS = {
    "before": f"A day.\n<script>alert(1)</script> **loud**\n\n{LONG}\n\nThe end.",
    "after": f"A night.\n<script>alert(1)</script> **loud** \u202etxt\n\n{LONG}\n\nThe very end.",
    "old": {"amount": 12, "note": "Pay soon", "<b>who</b>": {"tags": ["a"]}, "gone": True},
    "new": {"amount": 13, "note": "Pay now", "<b>who</b>": {"tags": ["a", "b"]}},
}


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Script]:
    folder = tmp_path_factory.mktemp("keys")
    started = Script(Path(__file__).with_name("editor_page.py"), folder)
    started.data.mkdir()
    (started.data / "texts.json").write_text(json.dumps(TEXTS), "utf-8")
    yield started.start()
    started.end()


@pytest.fixture
def keys(script: Script, page: Page) -> Page:
    (script.data / "happened").unlink(missing_ok=True)
    page.goto(script.url)
    expect(page.get_by_role("button", name="Keys")).to_be_visible()
    return page


def becomes(script: Script, *expected: str) -> None:
    wait_for(lambda: happened(script) == list(expected), f"{expected}, not {happened(script)}", SECONDS)


def happened(script: Script) -> list[str]:
    file = script.data / "happened"
    return file.read_text("utf-8").splitlines() if file.exists() else []


def later(page: Page) -> None:
    """Past the moment in which no key decides, by the server's own ticks."""
    before = int(page.get_by_text("tick ").inner_text().split()[1])
    wait_for(lambda: int(page.get_by_text("tick ").inner_text().split()[1]) > before + 2, "ticks", SECONDS)


def test_a_letter_clicks_its_button_and_others_reach_the_page(script: Script, keys: Page) -> None:
    later(keys)
    keys.keyboard.press("a")
    becomes(script, "approve")
    keys.keyboard.press("x")
    becomes(script, "approve", "reject")
    keys.keyboard.press("j")
    becomes(script, "approve", "reject", "next_row")
    keys.keyboard.press("Escape")
    becomes(script, "approve", "reject", "next_row", "leave")


def test_a_disabled_button_a_modifier_and_a_key_held_down_do_nothing(script: Script, keys: Page) -> None:
    later(keys)
    for pressed in ("u", "Control+a", "Alt+a", "Shift+a"):
        keys.keyboard.press(pressed)
    keys.keyboard.down("a")
    for _ in range(5):
        keys.keyboard.down("a")
    keys.keyboard.up("a")
    keys.keyboard.press("j")
    becomes(script, "approve", "next_row")


def test_while_one_types_letters_are_letters_and_escape_leaves_the_field(script: Script, keys: Page) -> None:
    later(keys)
    reason = keys.get_by_role("textbox", name="Reason")
    reason.click()
    keys.keyboard.type("ajaxjx?")
    expect(reason).to_have_value("ajaxjx?")
    keys.keyboard.press("Escape")
    expect(reason).not_to_be_focused()
    area = keys.get_by_label("Your version")
    area.fill("")
    keys.keyboard.type("ajaxjx?")
    keys.keyboard.press("Escape")
    expect(area).not_to_be_focused()
    keys.keyboard.press("j")
    becomes(script, "next_row")


def test_the_question_mark_lists_all_keys_and_nothing_fires_behind_the_list(script: Script, keys: Page) -> None:
    later(keys)
    keys.keyboard.press("?")
    listed = keys.get_by_role("dialog", name="Keys")
    expect(listed).to_be_visible()
    expect(listed.locator(".now").get_by_text("Approve")).to_be_visible()
    expect(listed.get_by_role("heading", name="Not at the moment")).to_be_visible()
    idle = listed.locator(".later").locator("dd").all_inner_texts()
    assert {"Undo the last decision", "Apply the last decision now", "Ask for changes, or answer"} <= set(idle)
    keys.keyboard.press("a")
    keys.keyboard.press("Escape")
    expect(listed).not_to_be_visible()
    keys.keyboard.press("j")
    becomes(script, "next_row")


def test_a_button_keeps_its_name_and_shows_its_letter(keys: Page) -> None:
    approve = keys.get_by_role("button", name="Approve", exact=True)
    expect(approve).to_have_attribute("aria-keyshortcuts", "A")
    assert approve.evaluate("button => getComputedStyle(button, '::after').content").startswith('"A"')


def test_a_redline_shows_any_text_as_text_and_names_what_cannot_be_seen(keys: Page) -> None:
    inline = keys.get_by_role("region", name="Inline")
    expect(inline.get_by_text("<script>alert(1)</script> **loud**")).to_be_visible()
    expect(inline.get_by_role("deletion").first).to_have_text("day.")
    expect(inline.get_by_role("insertion").first).to_have_text("night.")
    expect(inline.get_by_title("right-to-left override")).to_have_text("U+202E")
    assert "\u202e" not in inline.inner_text()
    expect(inline.get_by_text("3 words added")).to_have_count(1)


def test_what_did_not_change_is_folded_away_and_opens(keys: Page) -> None:
    inline = keys.get_by_role("region", name="Inline")
    expect(inline.get_by_text("Paragraph 4 stays.")).to_have_count(0)
    inline.get_by_role("button", name="7 paragraphs unchanged").click()
    expect(inline.get_by_text("Paragraph 4 stays.")).to_be_visible()


def test_side_by_side_the_old_text_stands_at_the_left_of_the_new_one(keys: Page) -> None:
    sides = keys.get_by_role("region", name="Side by side")
    last = sides.locator(".row").last
    before, after = last.locator(".before"), last.locator(".after")
    expect(before).to_have_text("The end.")
    expect(after).to_have_text("The very end.")
    settled(keys)
    left, right = before.bounding_box(), after.bounding_box()
    assert left and right
    assert left["x"] < right["x"]
    assert left["y"] == right["y"]
    keys.set_viewport_size({"width": 390, "height": 800})
    left, right = before.bounding_box(), after.bounding_box()
    assert left and right
    assert left["y"] < right["y"]


def test_fields_are_named_with_what_went_and_what_came(keys: Page) -> None:
    fields = keys.get_by_role("region", name="Fields")
    assert fields.locator("dt").all_inner_texts() == ["amount", "note", "<b>who</b> / tags / 2", "gone"]
    assert fields.get_by_role("deletion").all_inner_texts() == ["12", "soon", "yes"]
    assert fields.get_by_role("insertion").all_inner_texts() == ["13", "now", "b"]
