"""Text of others in labels: it reads as it was written, and no more of it is escaped than has to be."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from components.words import escaped

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
SIGNS = st.sampled_from([*"\\`*_{}[]()<>#+-!|$:~@&;.=1a \n", "www", "http", "b.c", "&lt;", "~~", "__", "1."])
TAG = re.compile(r"<[^>]*>")


@given(st.lists(SIGNS, max_size=24).map("".join))
def test_no_text_is_markup(text: str) -> None:
    drawn = MARKDOWN.render(escaped(re.sub(r"^[ ]+|[ ]+$", "", text, flags=re.MULTILINE)))
    assert set(TAG.findall(drawn)) <= {"<p>", "</p>"}
    assert unescape(TAG.sub("", drawn)).split() == text.split()


@pytest.mark.parametrize("sign", ["$x$", ":red[x]", ":material/home:", ":100:", "a@b.com", "www.example.com"])
def test_what_streamlit_adds_to_markdown_is_not_read_as_such(sign: str) -> None:
    assert any(f"\\{each}" in escaped(sign) for each in "$:@.")


@pytest.mark.parametrize("text", ["Type delete_user to confirm", "E-mail (work)", "Why: too long?", "Rye & oats!"])
def test_a_label_without_markup_is_read_to_nobody_with_signs_that_escape(text: str) -> None:
    assert escaped(text) == text
