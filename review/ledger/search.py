"""Search: what has some words in its title, of a review in its payload, too. What a person types is never a pattern."""

from __future__ import annotations

import json
import re
from typing import Any

from sqlalchemy import Text, and_, cast, or_

from review.ledger.tables import reviews, threads


def contains(words: str) -> Any:
    """Reviews whose title, or whose payload as JSON (its keys too), has `words` in it, whatever the case."""
    return or_(_json_holds(reviews.c.payload, words), _title_holds(words))


def titled(words: str) -> Any:
    """Threads with `words` in their title, whatever the case; one without a title yet goes by its graph's name."""
    return or_(_text_holds(threads.c.title, words), and_(threads.c.title == "", _text_holds(threads.c.graph, words)))


def _title_holds(words: str) -> Any:
    # The title is read out of its JSON only where that has the words somewhere: reading it takes longest.
    title = reviews.c.request["title"].as_string()
    return and_(_json_holds(reviews.c.request, words), _text_holds(title, words))


def _text_holds(text: Any, words: str) -> Any:
    return text.icontains(words, autoescape=True) if words.isascii() else text.regexp_match(_spelled(words, _raw))


def _json_holds(column: Any, words: str) -> Any:
    """The databases keep JSON with everything beyond ASCII as `\\u` and four digits, where they cannot fold case."""
    text = cast(column, Text)
    if words.isascii():
        return text.icontains(_as_json(words), autoescape=True)
    return text.regexp_match(_spelled(words, _as_json))


def _spelled(words: str, form: Any) -> str:
    """A regular expression of the words themselves, each letter in either case."""
    return "(?i)" + "".join(_letter(letter, form) for letter in words)


def _letter(letter: str, form: Any) -> str:
    ways = dict.fromkeys((letter, letter.lower(), letter.upper()))
    return "(?:" + "|".join(re.escape(form(way)) for way in ways) + ")"


def _as_json(words: str) -> str:
    return json.dumps(words)[1:-1]


def _raw(words: str) -> str:
    return words
