"""The offline writer: drafts of the asked length from the brief alone, rewritten by what the feedback asks for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import Any

import pytest

from graphs.newsroom.brief import Brief, count_words
from graphs.newsroom.offline import compose, contract, expand, read_topic
from graphs.newsroom.rewriting import rewrite, wishes

TOPICS = [
    "How we moved payroll to a four-day close",
    "Autumn product update",
    "Why we review what our agents write",
    "Remote onboarding",
    "How do we hire?",
    "How to write a brief",
    "What good notes look like",
]


def test_the_offline_writer_needs_no_model_library() -> None:
    script = "import sys, graphs.editorial as e; e.write({'topic': 'A'}); assert 'langchain_openai' not in sys.modules"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    subprocess.run([sys.executable, "-c", script], check=True, env={**environment, "PYTHONPATH": "."})


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("tone", ["plain", "friendly", "formal", "lively"])
def test_an_offline_draft_has_about_the_asked_length(topic: str, tone: Any) -> None:
    for length in range(80, 801, 16):
        for take in (1, 2):
            text = compose(Brief(topic=topic, tone=tone, length=length), take)
            assert abs(count_words(text) - length) <= 0.15 * length
            assert text.startswith(f"# {topic}\n\n")


def test_an_offline_draft_is_the_same_every_time_and_another_at_each_take() -> None:
    brief = Brief(topic=TOPICS[0])
    assert compose(brief) == compose(Brief(topic=TOPICS[0]))
    assert len({compose(brief, take) for take in range(1, 5)}) == 4
    assert compose(brief) != compose(Brief(topic=TOPICS[0], audience="finance managers"))


@pytest.mark.parametrize(
    ("topic", "kind", "about"),
    [
        ("How we moved payroll to a four-day close", "story", "how we moved payroll to a four-day close"),
        ("Why we review what our agents write.", "reasons", "why we review what our agents write"),
        ("How to write a brief", "subject", "how to write a brief"),
        ("How do we hire?", "subject", "“How do we hire?”"),
        ("Why is Berlin closed", "subject", "“Why is Berlin closed”"),
        ("Autumn product update", "news", "“Autumn product update”"),
        ("PostgreSQL in production", "subject", "“PostgreSQL in production”"),
        ("word " * 20, "subject", "the matter in the title"),
    ],
)
def test_a_topic_is_read_by_its_grammar(topic: str, kind: str, about: str) -> None:
    assert read_topic(topic) == (kind, about)


def test_the_audience_begins_small_inside_a_sentence() -> None:
    assert "for the whole team" in compose(Brief(topic="Autumn product update", audience="The whole team."))
    assert "for ACME's buyers" in compose(Brief(topic="Autumn product update", audience="ACME's buyers"))


def test_braces_in_a_brief_are_only_text() -> None:
    text = compose(Brief(topic="Why {about} is {0} here", audience="{audience.__class__}"))
    assert "why {about} is {0} here" in text
    assert "{audience.__class__}" in text


def revised(feedback: str, *, anew: bool = False, topic: str = TOPICS[0]) -> tuple[str, str]:
    brief = Brief(topic=topic)
    draft = compose(brief)
    text = rewrite(brief, draft, feedback, anew=anew, take=2)
    assert text == rewrite(brief, draft, feedback, anew=anew, take=2)
    assert text != draft
    return draft, text


def test_shorter_is_shorter_and_longer_longer() -> None:
    draft, text = revised("Shorter, please")
    assert count_words(text) <= 0.65 * count_words(draft)
    assert text.splitlines()[0] == draft.splitlines()[0]
    assert text.splitlines()[-1] == draft.splitlines()[-1]
    draft, text = revised("This is too short")
    assert 1.2 <= count_words(text) / count_words(draft) <= 1.5


def test_a_number_of_words_is_kept_to() -> None:
    assert 75 <= count_words(revised("Cut it to 100 words")[1]) <= 100
    assert 380 <= count_words(revised("Make it longer, about 400 words")[1]) <= 420


@pytest.mark.parametrize("topic", TOPICS)
def test_an_example_is_added(topic: str) -> None:
    draft, text = revised("Could you add an example?", topic=topic)
    assert re.search(r"ordinary (Tuesday|week)", text)
    assert count_words(text) > count_words(draft) + 30


@pytest.mark.parametrize(
    ("feedback", "title"),
    [
        ("Call it “Four days”", "Four days"),
        ("The title should be Payroll in four days.", "Payroll in four days"),
        ("Find a better title", "How we moved payroll to a four-day close: what changed and what we learned"),
        (r"Title: \1 and \g<0>", r"\1 and \g<0>"),
    ],
)
def test_a_title_is_changed(feedback: str, title: str) -> None:
    assert revised(feedback)[1].splitlines()[0] == f"# {title}"


def test_the_tone_is_changed() -> None:
    assert "It's for the whole team" in revised("Too formal for us")[1]
    assert "It is addressed to the whole team." in revised("More formal")[1]
    assert contract("It is what it is, and little of it is said.") == "It's what it is, and little of it is said."
    assert expand("It's fine and we'd go.") == "It is fine and we would go."


def test_what_is_asked_for_is_said() -> None:
    assert "It is worth knowing that Anna signs off last." in revised("Please mention that Anna signs off last.")[1]
    assert "One more point belongs here: overtime." in revised("Add a short paragraph about overtime")[1]


def test_the_main_points_become_a_list() -> None:
    assert revised("Bullet points would help")[1].count("\n- ") >= 2


@pytest.mark.parametrize("feedback", ["I do not like it", "Which figures?", "Hmm", "Don't give another example"])
def test_what_the_offline_writer_cannot_do_stays_visible(feedback: str) -> None:
    assert f"> **Open point from the review:** {feedback.rstrip('?')}" in revised(feedback)[1]


def test_a_wish_that_changes_nothing_any_more_stays_visible() -> None:
    _, text = revised("Add an example. Add an example. Add an example.")
    assert text.count("ordinary Tuesday") == 1
    assert "> **Open point from the review:** Add an example" in text


def test_a_rejection_begins_anew_and_takes_the_reason_along() -> None:
    draft, text = revised("Not our voice", anew=True)
    assert draft.split("\n\n")[1] != text.split("\n\n")[1]
    assert "Not our voice" in text


def test_feedback_is_split_into_what_it_asks_for() -> None:
    assert wishes("Shorter, and add an example. Please mention Anna, Bob and Carl; more formal!") == [
        "Shorter",
        "add an example",
        "mention Anna, Bob and Carl",
        "more formal",
    ]
    assert len(wishes("No. " * 500_000)) <= 12
