"""Which process is alive is known at once, by the file that each keeps locked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from review.errors import StorageFailed
from review.owners import Owner
from tests.conftest import Spawn

LIVES = """
import sys
from pathlib import Path
from review.owners import Owner
owner = Owner(Path(sys.argv[1]))
print(owner.name, flush=True)
sys.stdin.read()
"""


def test_a_killed_process_is_dead_and_stays_so(tmp_path: Path, spawn: Spawn) -> None:
    process = spawn(LIVES, tmp_path)
    assert process.stdout is not None
    name = process.stdout.readline().strip()
    owner = Owner(tmp_path)
    assert owner.dead([name, owner.name]) == []
    process.kill()
    process.wait()
    assert owner.dead([name, owner.name]) == [name]
    assert owner.dead([name]) == [name]
    other = Owner(tmp_path)
    assert other.dead([name, owner.name]) == [name]
    owner.close()
    other.close()


def test_of_a_stranger_only_time_will_tell(tmp_path: Path) -> None:
    owner = Owner(tmp_path)
    assert owner.dead(["another-machine/0123456789ab", "nonsense", f"{owner.name}0"]) == []
    owner.close()


def test_two_desks_of_one_process_are_two_owners(tmp_path: Path) -> None:
    one, other = Owner(tmp_path), Owner(tmp_path)
    assert one.name != other.name
    assert one.dead([other.name]) == []
    one.close()
    other.close()
    other.close()
    assert list(tmp_path.glob("*.lock")) == []


def test_without_a_folder_nobody_is_known_to_be_dead() -> None:
    owner = Owner(None)
    assert owner.dead(["host/0"]) == []
    owner.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageFailed, match=rf"The folder {tmp_path}/file/owners cannot be written"):
        Owner(tmp_path / "file" / "owners")


def test_what_killed_processes_left_long_ago_is_removed_but_for_holders_of_leases(tmp_path: Path) -> None:
    owner = Owner(tmp_path)
    dead = [f"{owner.name.rpartition('/')[0]}/{name}" for name in ("0dead", "1holds", "2young")]
    for name in dead:
        file = tmp_path / f"{name.rpartition('/')[2]}.lock"
        file.touch()
        if not name.endswith("young"):
            os.utime(file, (0, 0))
    os.utime(tmp_path / f"{owner.name.rpartition('/')[2]}.lock", (0, 0))
    owner.tidy([dead[1]])
    assert owner.dead(dead) == dead[1:]
    assert len(list(tmp_path.glob("*.lock"))) == 3
    owner.close()


def test_a_process_that_ends_with_a_run_under_way_is_known_to_be_dead(tmp_path: Path, spawn: Spawn) -> None:
    process = spawn(LIVES.replace("sys.stdin.read()", "sys.stdin.read(); owner.close(unsettled=True)"), tmp_path)
    assert process.stdout is not None
    name = process.stdout.readline().strip()
    owner = Owner(tmp_path)
    process.communicate()
    assert owner.dead([name]) == [name]
    owner.close()
