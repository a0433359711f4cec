"""The writer without a model: a readable draft from the brief, the same one every time."""

import hashlib
import re
from collections.abc import Sequence

from graphs.newsroom.brief import Brief, count_words
from graphs.newsroom.phrases import AUDIENCE, CLOSINGS, CONTRACTIONS, OPENINGS
from graphs.newsroom.sections import PLANS, SECTIONS

LABEL = "Offline writer (no model configured)"

NEWS = re.compile(r"\b(updates?|releases?|launch|announcement|news|newsletter|changelog)\b", re.I)
CLAUSE = re.compile(r"(how|why|what|when|where|who|which)\s+(\S+)", re.I)
# After these a question word begins a question, which cannot stand inside another sentence.
INVERTED = re.compile(r"do|does|did|is|are|was|were|can|could|should|shall|will|would|have|has|had|may|must", re.I)
LONG_TOPIC = 14


def compose(brief: Brief, take: int = 1) -> str:
    """A draft of about the asked length; another `take` is another text on the same brief."""
    kind, about = read_topic(brief.topic)
    lead = f"{_vary(OPENINGS[kind], brief, take)} {_vary(AUDIENCE[brief.tone], brief, take)}"
    lead = lead.format(about=about, About=about[:1].upper() + about[1:], audience=inside(brief.audience))
    heading, closing = f"# {headline(brief.topic)}", _vary(CLOSINGS[brief.tone], brief, take)
    room = brief.length - count_words(f"{heading} {lead} {closing}")
    body = _body(_sections(kind, room, take), room, _hash(brief, take))
    if brief.tone in ("friendly", "lively"):
        body, closing = contract(body), contract(closing)
    return "\n\n".join(part for part in (heading, lead, body, closing) if part)


def headline(topic: str) -> str:
    """The topic as a headline: its first letter large, no full stop."""
    text = topic.rstrip(" .")
    return text[:1].upper() + text[1:]


def read_topic(topic: str) -> tuple[str, str]:
    """What kind of article a topic calls for, and the topic as a part of a sentence."""
    text = topic.rstrip(" .")
    if len(text.split()) > LONG_TOPIC:
        return "subject", "the question in the title" if text.endswith("?") else "the matter in the title"
    clause = CLAUSE.match(text)
    if clause and not text.endswith("?") and not INVERTED.fullmatch(clause[2]):
        word = clause[1].lower()
        kind = {"why": "reasons", "how": "subject" if clause[2].lower() == "to" else "story"}.get(word, "subject")
        return kind, word + text[len(word) :]
    return "news" if NEWS.search(text) else "subject", f"“{text}”"


def contract(text: str) -> str:
    """The text as one would say it: "it's" for "it is"."""
    for long, short in CONTRACTIONS.items():
        for word, spoken in ((long, short), (long.capitalize(), short.capitalize())):
            # Not in "little of it is said" nor in "as it is, and".
            text = re.sub(rf"(?<!of )\b{word}\b(?=\s)", spoken, text)
    return text


def expand(text: str) -> str:
    """The text as one would write it formally: "it is" for "it's"."""
    for long, short in CONTRACTIONS.items():
        text = re.sub(rf"\b{short}\b", long, text)
        text = re.sub(rf"\b{short.capitalize()}\b", long.capitalize(), text)
    return text


def paragraphs(units: Sequence[str]) -> str:
    """Units as Markdown: sentences side by side, a blank line where an empty unit stands and around lists."""
    text = ""
    for unit in units:
        text = f"{text.rstrip()}\n\n" if not unit or "\n" in unit else text
        text += f"{unit} " if unit and "\n" not in unit else f"{unit}\n\n" if unit else ""
    return text.strip()


def _sections(kind: str, room: int, take: int) -> list[str]:
    """As many sections as the length calls for: the first, the last, and between them others at each take."""
    first, *middle, last = PLANS[kind]
    turn = (take - 1) * 2 % len(middle)
    middle = middle[turn:] + middle[:turn]
    # Three short ones read better than two long ones, many stumps do not.
    fewest = max(1, min(3, round(room / 50)), round(room / 85))
    for count in range(fewest, len(middle) + 2):
        chosen = [first, *middle[: count - 2], last] if count > 1 else [first]
        if sum(_size(name) for name in chosen) >= room:
            return chosen
    return [first, *middle, last]


def _body(names: Sequence[str], room: int, seed: int) -> str:
    """The sections, each cut to its share of the room; what one leaves over the next may use."""
    parts = []
    for place, name in enumerate(names):
        headings, units = SECTIONS[name]
        # One section alone needs no heading.
        heading = f"## {headings[(seed + place) % 2]}" if len(names) > 1 else ""
        share = room / (len(names) - place) - count_words(heading)
        text = _fitting(units, share)
        room -= count_words(f"{heading} {text}")
        parts += [heading, text]
    return "\n\n".join(part for part in parts if part)


def _fitting(units: Sequence[str], share: float) -> str:
    """The beginning of `units` whose length is nearest to `share`, one unit at least."""
    beginnings = [paragraphs(units[:end]) for end in range(1, len(units) + 1) if units[end - 1]]
    return min(beginnings, key=lambda text: abs(count_words(text) - share))


def _size(name: str) -> int:
    headings, units = SECTIONS[name]
    return count_words(f"{headings[0]} {' '.join(units)}")


def _vary(choices: Sequence[str], brief: Brief, take: int) -> str:
    return choices[_hash(brief, take) % len(choices)]


def _hash(brief: Brief, take: int) -> int:
    """A number from the brief, not from chance; it moves by one with each take, so no two takes in a row agree."""
    return int.from_bytes(hashlib.sha256(brief.model_dump_json().encode()).digest()[:4]) + take


def inside(audience: str) -> str:
    """The audience inside a sentence: "The whole team" begins small there, "ACME's customers" does not."""
    text = audience.rstrip(" .")
    word = text.partition(" ")[0]
    small = {"the", "our", "all", "everyone", "everybody", "anyone", "people", "those", "customers", "readers", "new"}
    return text[:1].lower() + text[1:] if word.lower() in small else text
