"""How the offline writer takes feedback: it does what it understands, and leaves a visible note of what it does not."""

import re
from collections.abc import Callable

from graphs.newsroom.brief import Brief, count_words, one_line
from graphs.newsroom.offline import compose, contract, expand, headline, inside, paragraphs, read_topic
from graphs.newsroom.phrases import AUDIENCE, CLOSINGS, EXAMPLES, SUBTITLES
from graphs.newsroom.sections import PLANS, SECTIONS

VERBS = r"(?:mention|add|include|explain|say|state|cover|describe|note|point out|talk about|write about)"
# Where one piece of feedback ends and the next begins: at a stop, or before another thing to do.
BREAKS = re.compile(
    rf"[.;!?\n]+(?:\s+|$)|(?:,|\band\b|\bthen\b)\s+(?=(?:please\s+|also\s+)*(?:{VERBS}|make|use|give)\b)", re.I
)
POLITE = re.compile(r"^(?:please|also|and|then|but|can you|could you|,|\s)+", re.I)
TOPIC = re.compile(
    rf"^{VERBS}\s+(?:(?:an?|the|one)\s+(?:short\s+)?(?:paragraph|sentence|section|line|word|note)\s+(?:about|on|that)\s+)?"
    r"(?:that\s+)?(?P<what>.{3,})$",
    re.I,
)
QUOTED = re.compile(r"[“\"](?P<what>[^”\"]{3,150})[”\"]")
TITLED = re.compile(
    r"\b(?:title|headline|heading)\s*(?:it\s|to\s|be\s|should be\s|as\s|:)+\s*(?P<what>.{3,150})$", re.I
)
WORDS = re.compile(r"\b(\d{2,4})\s*words?\b", re.I)
# What one revision looks at, and how much of a wish a note repeats; the whole feedback is in the state.
FEEDBACK_LIMIT, WISH_LIMIT, QUOTE_LIMIT = 4000, 12, 240


def rewrite(brief: Brief, draft: str, feedback: str, *, anew: bool, take: int) -> str:
    """The draft with the feedback taken into account; `anew` begins again from the brief, as after a rejection."""
    text = compose(brief, take) if anew else draft
    for wish in wishes(feedback):
        changed = text
        for change in _changes(wish):
            changed = change(changed, wish, brief)
        text = changed if changed != text else _open_point(text, wish, brief)
    return text


def wishes(feedback: str) -> list[str]:
    """The single things that a piece of feedback asks for."""
    parts = (POLITE.sub("", one_line(part)).rstrip(" ,") for part in BREAKS.split(feedback[:FEEDBACK_LIMIT].strip()))
    return [part for part in parts if part][:WISH_LIMIT]


def _changes(wish: str) -> list["Change"]:
    if re.search(r"\b(?:do not|don't|no longer|without|never)\b", wish, re.I):
        return [_open_point]
    return [change for pattern, change in RULES if pattern.search(wish)] or [_say_it]


def _shorten(text: str, wish: str, brief: Brief) -> str:
    """Takes sentences from the end of the longest paragraphs, then whole sections, until it is short enough."""
    target = _asked_words(wish) or round(count_words(text) * 0.65)
    blocks = text.split("\n\n")
    while count_words("\n\n".join(blocks)) > target:
        long = [at for at, block in enumerate(blocks) if _prose(block) and len(_sentences(block)) > 1]
        if long:
            at = max(long, key=lambda place: count_words(blocks[place]))
            blocks[at] = " ".join(_sentences(blocks[at])[:-1])
            continue
        start = max((at for at, block in enumerate(blocks[:-1]) if block.startswith("## ")), default=0)
        if not start:
            break
        del blocks[start:-1]
    return "\n\n".join(blocks)


def _lengthen(text: str, wish: str, brief: Brief) -> str:
    """Adds sections that the text does not have yet, until it is long enough."""
    target = _asked_words(wish) or round(count_words(text) * 1.35)
    for name in PLANS[read_topic(brief.topic)[0]]:
        headings, units = SECTIONS[name]
        if any(f"## {heading}" in text for heading in headings) or units[0] in text:
            continue
        room = target - count_words(text)
        if room < 20:
            break
        wholes = [paragraphs(units[:end]) for end in range(1, len(units) + 1) if units[end - 1]]
        addition = min(wholes, key=lambda whole: abs(count_words(whole) - room))
        text = _before_the_end(text, f"## {headings[0]}\n\n{addition}", whole_section=True)
    return text


def _give_example(text: str, wish: str, brief: Brief) -> str:
    """Puts an example behind the first section, or before the close where there is only one."""
    example = next((example for example in EXAMPLES if example not in text), "")
    blocks = text.split("\n\n")
    starts = [at for at, block in enumerate(blocks) if block.startswith("## ")]
    at = starts[1] if len(starts) > 1 else max(1, len(blocks) - 1)
    return "\n\n".join([*blocks[:at], example, *blocks[at:]]) if example else text


def _retitle(text: str, wish: str, brief: Brief) -> str:
    """Takes the title from the feedback if it is in there, else makes another from the topic."""
    found = QUOTED.search(wish) or TITLED.search(wish)
    title = found["what"] if found else f"{brief.topic.rstrip(' .?')}: {SUBTITLES[read_topic(brief.topic)[0]]}"
    old = re.compile(r"\A# .*$", re.M)
    line = f"# {headline(title)}"
    return old.sub(lambda _: line, text) if old.search(text) else f"{line}\n\n{text}"


def _list_points(text: str, wish: str, brief: Brief) -> str:
    """Puts the first sentence of each section into a list below the lead."""
    blocks = text.split("\n\n")
    firsts = [_sentences(blocks[at + 1])[0] for at, block in enumerate(blocks[:-1]) if block.startswith("## ")]
    points = [f"- {first}" for first in firsts if not first.endswith(":")]
    if not points or points[0] in text:
        return text
    return "\n\n".join([*blocks[:2], "The main points:", "\n".join(points), *blocks[2:]])


def _soften(text: str, wish: str, brief: Brief) -> str:
    return contract(_in_tone(text, "friendly", brief))


def _stiffen(text: str, wish: str, brief: Brief) -> str:
    return expand(_in_tone(text, "formal", brief))


def _in_tone(text: str, tone: str, brief: Brief) -> str:
    """The text with its address to the reader and its last sentence in another tone."""
    for sentences in (AUDIENCE, CLOSINGS):
        wanted = sentences[tone][0].format(audience=inside(brief.audience))
        for sentence in (each for name in sentences if name != tone for each in sentences[name]):
            plain = sentence.format(audience=inside(brief.audience))
            text = text.replace(plain, wanted).replace(contract(plain), wanted)
    return text


def _say_it(text: str, wish: str, brief: Brief) -> str:
    """Says what the feedback asks to be said; what is no such request becomes an open point."""
    found = TOPIC.match(wish)
    if not found:
        return _open_point(text, wish, brief)
    what = found["what"].rstrip(" .,")
    stated = re.search(r"\b(?:that)\b", wish[: found.start("what")], re.I)
    return _before_the_end(text, f"{'It is worth knowing that' if stated else 'One more point belongs here:'} {what}.")


def _open_point(text: str, wish: str, brief: Brief) -> str:
    """A note, plain to see, of what a person has to do: the offline writer knows no facts and invents none."""
    wish = wish if len(wish) <= QUOTE_LIMIT else f"{wish[:QUOTE_LIMIT].rstrip()}…"
    return _before_the_end(text, f"> **Open point from the review:** {wish}")


def _before_the_end(text: str, addition: str, *, whole_section: bool = False) -> str:
    """Puts a block before the closing sentence; a section before the last section."""
    blocks = text.split("\n\n")
    starts = [at for at, block in enumerate(blocks) if block.startswith("## ")]
    at = starts[-1] if whole_section and len(starts) > 1 else max(1, len(blocks) - 1)
    return "\n\n".join([*blocks[:at], addition, *blocks[at:]])


def _asked_words(wish: str) -> int | None:
    found = WORDS.search(wish)
    return int(found[1]) if found else None


def _prose(block: str) -> bool:
    return not block.startswith(("#", "-", ">", "*", "|", "`"))


def _sentences(block: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", block)


Change = Callable[[str, str, Brief], str]

RULES: tuple[tuple[re.Pattern[str], Change], ...] = (
    (re.compile(r"\b(?:title|headline|call it)\b", re.I), _retitle),
    (re.compile(r"\b(?:shorter|shorten|too long|trim|cut|tighten|tighter|concise)\b", re.I), _shorten),
    (re.compile(r"\b(?:longer|lengthen|too short|more detail|more depth|expand|elaborate)\b", re.I), _lengthen),
    (re.compile(r"\b(?:figures?|numbers?|statistics|sources?|links?|quotes?|dates?)\b", re.I), _open_point),
    (re.compile(r"\bexamples?\b", re.I), _give_example),
    (
        re.compile(r"\b(?:bullets?|bullet points?|summary|summarise|summarize|key points|main points)\b", re.I),
        _list_points,
    ),
    (re.compile(r"\b(?:friendl\w+|warm\w*|casual|less formal|too formal|too stiff|relaxed)\b", re.I), _soften),
    (re.compile(r"\b(?:more formal|too casual|too friendly|more serious|stiffer)\b", re.I), _stiffen),
)
