"""What changed between two texts, word by word, and between two payloads, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rapidfuzz.distance import Indel

# A word keeps the blanks behind it, so that the tokens together are the text again.
_TOKENS = re.compile(r"\S+\s*|\s+")
_PARAGRAPHS = re.compile(r"[^\n]*\n+|[^\n]+")
# Comparing costs time and memory by the product of both lengths: this is 15 ms and 3 MB.
_PAIRS = 25_000_000


class Mark(StrEnum):
    """What became of a stretch of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Stretch:
    """Some words in a row, all with the same mark."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class Redline:
    """The difference from one text to another. What is not removed is the new text; what is not added, the old one.

    coarse: some of it was too long to compare word by word, and is told in whole paragraphs.
    """

    stretches: tuple[Stretch, ...]
    coarse: bool = False

    @property
    def words_added(self) -> int:
        return sum(len(each.text.split()) for each in self.stretches if each.mark == Mark.ADDED)

    @property
    def words_removed(self) -> int:
        return sum(len(each.text.split()) for each in self.stretches if each.mark == Mark.REMOVED)

    @property
    def share(self) -> float:
        """How much of both texts together changed, from 0 to 1, counted in words."""
        same = sum(len(each.text.split()) for each in self.stretches if each.mark == Mark.SAME)
        changed = self.words_added + self.words_removed
        return changed / (changed + 2 * same) if changed else 0.0


@dataclass(frozen=True)
class FieldChange:
    """One place of a payload that differs; `path` names it, `before` or `after` is ABSENT where there is nothing."""

    path: str
    before: Any
    after: Any


ABSENT = object()


def redline(before: str, after: str) -> Redline:
    """The fewest words to take out and put in; of very long texts, within the paragraphs that changed."""
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    if len(old) * len(new) <= _PAIRS:
        return Redline(tuple(_joined(_compared(old, new))))
    stretches: list[Stretch] = []
    coarse, left = False, _PAIRS
    for each in _replaced(_compared(_PARAGRAPHS.findall(before), _PARAGRAPHS.findall(after))):
        if isinstance(each, Stretch):
            stretches.append(each)
            continue
        gone, come = _TOKENS.findall(each[0]), _TOKENS.findall(each[1])
        left -= len(gone) * len(come)
        if left >= 0:
            stretches += _compared(gone, come)
        else:
            coarse = True
            stretches += [Stretch(Mark.REMOVED, each[0]), Stretch(Mark.ADDED, each[1])]
    return Redline(tuple(_joined(stretches)), coarse)


def field_changes(before: Any, after: Any, path: str = "") -> list[FieldChange]:
    """The places in which two plain values differ, objects by their keys, lists by their places, in their order."""
    if type(before) is not type(after):
        return [FieldChange(path, before, after)]
    if isinstance(before, dict):
        names = [*before, *(name for name in after if name not in before)]
        pairs = [(name, before.get(name, ABSENT), after.get(name, ABSENT)) for name in names]
    elif isinstance(before, list):
        length = max(len(before), len(after))
        pairs = [(str(n + 1), _at(before, n), _at(after, n)) for n in range(length)]
    else:
        return [] if before == after else [FieldChange(path, before, after)]
    found = []
    for name, one, other in pairs:
        place = f"{path} / {name}" if path else str(name)
        if one is ABSENT or other is ABSENT:
            found.append(FieldChange(place, one, other))
        else:
            found += field_changes(one, other, place)
    return found


def share_changed(before: Any, after: Any) -> float | None:
    """Which share of a text an edit changed, of other values which share of their fields; None where they are of
    different kinds."""
    if isinstance(before, str) and isinstance(after, str):
        return redline(before, after).share
    if isinstance(before, dict | list) and type(before) is type(after):
        places = max(_places(before), _places(after))
        return min(1.0, len(field_changes(before, after)) / places) if places else 0.0
    return None


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    if len(old) * len(new) > _PAIRS:  # too many paragraphs, even
        yield from (Stretch(Mark.REMOVED, "".join(old)), Stretch(Mark.ADDED, "".join(new)))
        return
    for step in Indel.opcodes(old, new):
        gone, come = "".join(old[step.src_start : step.src_end]), "".join(new[step.dest_start : step.dest_end])
        if step.tag == "equal":
            yield Stretch(Mark.SAME, gone)
        else:  # a replacement is told as what goes and what comes
            yield from (Stretch(Mark.REMOVED, gone), Stretch(Mark.ADDED, come))


def _replaced(stretches: Iterable[Stretch]) -> Iterator[Stretch | tuple[str, str]]:
    """What was replaced as a pair, what goes and what comes; all else as it is."""
    gone: Stretch | None = None
    for each in _joined(stretches):
        if gone and each.mark == Mark.ADDED:
            yield gone.text, each.text
            gone = None
            continue
        if gone:
            yield gone
        gone = each if each.mark == Mark.REMOVED else None
        if gone is None:
            yield each
    if gone:
        yield gone


def _joined(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Runs of insertions and deletions as one each, what goes before what comes."""
    gone = come = ""
    for each in (*stretches, Stretch(Mark.SAME, "")):
        if each.mark == Mark.REMOVED:
            gone += each.text
        elif each.mark == Mark.ADDED:
            come += each.text
        else:
            if gone:
                yield Stretch(Mark.REMOVED, gone)
            if come:
                yield Stretch(Mark.ADDED, come)
            gone = come = ""
            if each.text:
                yield each


def _at(items: list[Any], place: int) -> Any:
    return items[place] if place < len(items) else ABSENT


def _places(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_places, value.values()))
    if isinstance(value, list):
        return sum(map(_places, value))
    return 1
