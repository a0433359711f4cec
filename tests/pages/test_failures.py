"""What a page shows when it was refused something."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from components.words import escaped

REFUSED = "Thread ![x](http://elsewhere.example/y.png) is *gone*."


def page(text: str) -> None:
    from components.failures import show_failure
    from review.errors import BadInput

    show_failure(BadInput(text))


def test_a_refusal_is_text_whatever_it_names() -> None:
    at = AppTest.from_function(page, args=(REFUSED,), default_timeout=60).run()
    assert [error.value for error in at.error] == [escaped(REFUSED)]
    assert "!\\[x\\](http\\:" in at.error[0].value
