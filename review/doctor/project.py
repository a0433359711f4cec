"""The Python files of a project, read and never run."""

from __future__ import annotations

import ast
import os
import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

from review.doctor.findings import Finding
from review.doctor.source import Source
from review.doctor.syntax import Definition
from review.errors import BadInput

RELEVANT = re.compile(rb"interrupt|langgraph|langchain|review\.contract|invoke|stream")
VERSION = ".".join(map(str, sys.version_info[:2]))
TOO_DEEP = "it is nested too deep"
# Other people's code, and tests: what a test does wrong, it may do on purpose. Named as the path, they are read.
SKIPPED = {"venv", "site-packages", "node_modules", "__pycache__", "tests"}


class Project:
    """`sources` have to do with graphs; `unread` is a finding for each that cannot be read; names are known of all."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = 0  # how many were read
        self.sources: list[Source] = []
        self.unread: list[Finding] = []
        self._modules: dict[str, Source | None] = {}
        for path in self._files():
            self._read(path)

    def module(self, name: str) -> Source | None:
        """The source that `import name` means here, if one file alone fits."""
        return self._modules.get(name)

    def definition(self, name: str, depth: int = 3) -> tuple[Source, Definition] | None:
        """The function or class of that dotted name, also where a module only passes it on."""
        module, _, attribute = name.rpartition(".")
        source = self.module(module)
        if source is None:
            return None
        if found := source.defined(attribute):
            return source, found
        passed_on = source.imports.get(attribute)
        return self.definition(passed_on, depth - 1) if passed_on and depth else None

    def _files(self) -> Iterator[Path]:
        if self.root.is_file():
            yield self.root
            return
        for folder, folders, files in os.walk(self.root, onerror=self._unreadable):
            folders[:] = sorted(name for name in folders if not _is_skipped(Path(folder, name)))
            yield from (Path(folder, name) for name in sorted(files) if name.endswith(".py"))

    def _read(self, path: Path) -> None:
        name = path.name if path == self.root else path.relative_to(self.root).as_posix()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what the compiler thinks of the file's style
                content = path.read_bytes()
                source = Source(path, name, ast.parse(content), self)
        except SyntaxError as error:
            self.cannot_read(name, error.lineno or 1, f"it is not Python as version {VERSION} reads it: {error.msg}")
        except OSError as error:
            self.cannot_read(name, 1, error.strerror or type(error).__name__)
        except (ValueError, RecursionError, MemoryError) as error:
            self.cannot_read(name, 1, TOO_DEEP if isinstance(error, RecursionError) else f"{error}")
        else:
            self.files += 1
            if RELEVANT.search(content):
                self.sources.append(source)
            parts = source.module.split(".")
            for start in range(len(parts)):
                suffix = ".".join(parts[start:])
                self._modules[suffix] = None if suffix in self._modules else source

    def cannot_read(self, name: str, line: int, why: str) -> None:
        what = f"This file cannot be read: {why}."
        instead = "Mend the file, or move it out of the project."
        self.unread.append(Finding(name, line, "cannot be read", what, "Nothing in it was looked at.", instead))

    def _unreadable(self, error: OSError) -> None:
        folder = Path(error.filename)
        if folder == self.root:
            raise BadInput(f"The folder {folder} cannot be read: {error.strerror}.") from error
        self.cannot_read(folder.relative_to(self.root).as_posix(), 1, error.strerror or "unknown")


def _is_skipped(folder: Path) -> bool:
    return folder.name.startswith(".") or folder.name in SKIPPED or (folder / "pyvenv.cfg").exists()
