"""`make chaos` goes on after a program that finds something or breaks, and tells the seed that runs it again."""

from __future__ import annotations

import tempfile
from argparse import Namespace
from pathlib import Path

import pytest

from tests.chaos import __main__ as chaos


def breaks(_folder: Path, _given: Namespace) -> list[str]:
    with pytest.raises(ValueError, match="refused"):
        pass
    return []


def finds(folder: Path, given: Namespace) -> list[str]:
    return [f"something with {given.seed} in {folder.name}"]


def test_a_program_that_breaks_is_told_with_its_seed_and_the_others_are_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(chaos, "PROGRAMS", {"machine": breaks, "soak": finds, "bare": lambda *_: []})
    assert chaos.main(["--seed", "7"]) == 1
    told = capsys.readouterr().out
    for each in ("machine: FAILED", "DID NOT RAISE", "soak: FAILED", "something with 7 in chaos-soak-", "bare: holds"):
        assert each in told
    assert told.count("begins, seed 7") == 3
    assert chaos.main(["bare", "--seed", "7"]) == 0
