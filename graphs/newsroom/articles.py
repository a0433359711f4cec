"""Published articles: Markdown files with YAML front matter, each in one piece or not there at all."""

import hashlib
import json
import os
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from graphs.newsroom.brief import one_line

SLUG_LIMIT = 60


@dataclass(frozen=True)
class Article:
    """What is published. `publication` is the same whenever this very publication is tried again, and no other's."""

    topic: str
    content: str
    audience: str
    tone: str
    revision: int
    writer: str
    reviewer: str
    publication: str

    @property
    def title(self) -> str:
        """The headline that the text has, else the topic."""
        found = re.search(r"^#[ \t]+(\S.*)$", self.content[:2000], re.M)
        return found[1] if found else self.topic

    @property
    def file_name(self) -> str:
        """Readable and harmless: letters, digits and dashes of the topic, then what no other publication has."""
        return f"{slug(self.topic)}-{self.publication}.md"


def publication_key(*parts: str) -> str:
    """Twelve hex digits that stand for these parts."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:12]


def slug(text: str) -> str:
    """Small ASCII letters, digits and single dashes, at most sixty of them."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only)[: SLUG_LIMIT + 1].strip("-")[:SLUG_LIMIT].rstrip("-") or "article"


def write_article(folder: Path, article: Article) -> Path:
    """Write the article into `folder` and return its path. A crash leaves the whole file or none of it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / article.file_name
    draft = folder / f".{article.publication}.{secrets.token_hex(4)}.tmp"
    try:
        with draft.open("xb") as file:
            file.write(_text(article).encode("utf-8", "replace"))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    _sync(folder)
    return path


def find_article(folder: Path, article: Article) -> Path | None:
    """The file of this very publication, if it has been written."""
    path = folder / article.file_name
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", errors="replace") as file:
        front_matter = file.read(8000).partition("\n---\n")[0]
    return path if f"\npublication: {_quoted(article.publication)}" in front_matter else None


def _text(article: Article) -> str:
    facts: dict[str, str | int] = {
        "title": article.title,
        "topic": article.topic,
        "audience": article.audience,
        "tone": article.tone,
        "revision": article.revision,
        "writer": article.writer,
        "reviewer": article.reviewer,
        "published_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "publication": article.publication,
    }
    lines = (f"{name}: {_quoted(fact) if isinstance(fact, str) else fact}" for name, fact in facts.items())
    return "\n".join(["---", *lines, "---", "", article.content.strip(), ""])


def _quoted(fact: str) -> str:
    """A YAML string on one line. JSON's quoting is YAML's, once what does not print is gone."""
    line = "".join(sign for sign in fact if sign.isprintable() or sign.isspace())
    return json.dumps(one_line(line)[:500], ensure_ascii=False)


def _sync(folder: Path) -> None:
    """Makes the new name last through a power cut, where the system can do that for a folder."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
