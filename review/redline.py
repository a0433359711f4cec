"""What changed between two texts, word by word, and between two payloads, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rapidfuzz.distance import Indel

# A word keeps the blanks behind it, so that the tokens together are the text again.
_TOKENS = re.compile(r"\S+\s*|\s+")


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
    """The difference from one text to another. What is not removed is the new text; what is not added, the old one."""

    stretches: tuple[Stretch, ...]

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
    """The fewest words to take out and put in; exact, also for thousands of words."""
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    stretches = []
    for step in Indel.opcodes(old, new):
        gone, come = "".join(old[step.src_start : step.src_end]), "".join(new[step.dest_start : step.dest_end])
        if step.tag == "equal":
            stretches.append(Stretch(Mark.SAME, gone))
        else:  # a replacement is told as what goes and what comes
            stretches += [Stretch(Mark.REMOVED, gone), Stretch(Mark.ADDED, come)]
    return Redline(tuple(_joined(stretches)))


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


def _joined(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
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
