"""Settings: the environment, review.toml, and one sentence for what cannot be used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from review.errors import BadInput
from review.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_any_everything_is_in_data() -> None:
    settings = load_settings()
    assert settings.data_dir == Path("data")
    assert settings.ledger_url == "sqlite:///data/ledger.sqlite"
    assert settings.checkpoints_url == "sqlite:///data/checkpoints.sqlite"
    assert settings.graphs == Path("langgraph.json")


def test_the_environment_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEW_DATA_DIR", "/srv/desk")
    monkeypatch.setenv("REVIEW_DATABASE_URL", "sqlite:////srv/other.sqlite")
    monkeypatch.setenv("REVIEW_LEASE_SECONDS", "20")
    settings = load_settings()
    assert settings.checkpoints_url == "sqlite:////srv/desk/checkpoints.sqlite"
    assert settings.ledger_url == "sqlite:////srv/other.sqlite"
    assert settings.lease_seconds == 20


@pytest.mark.parametrize(
    "keys", ['data_dir = "here"\nclaim_seconds = 5', 'REVIEW_DATA_DIR = "here"\nCLAIM_SECONDS = 5']
)
def test_a_file_has_the_same_keys_with_or_without_the_prefix(folder: Path, keys: str) -> None:
    (folder / "review.toml").write_text(keys)
    settings = load_settings()
    assert (settings.data_dir, settings.claim_seconds) == (Path("here"), 5)


def test_the_environment_wins_over_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "review.toml").write_text('data_dir = "file"\nundo_seconds = 3')
    monkeypatch.setenv("REVIEW_DATA_DIR", "environment")
    settings = load_settings()
    assert (settings.data_dir, settings.undo_seconds) == (Path("environment"), 3)


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEW_DATA_DIR", "")
    monkeypatch.setenv("REVIEW_LOCK_SECONDS", "")
    assert load_settings() == Settings()
    assert load_settings().data_dir == Path("data")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REVIEW_LEASE_SECONDS", "soon"),
        ("REVIEW_CONCURRENCY", "0"),
        ("REVIEW_POLL_SECONDS", "-1"),
        ("REVIEW_EXAMPLES", "perhaps"),
    ],
)
def test_an_unusable_setting_is_one_sentence_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadInput, match=rf"^The setting {name} cannot be used: .*Change it, or leave it out\.$"):
        load_settings()


@pytest.mark.parametrize("key", ["lease_seconds", "REVIEW_LEASE_SECONDS"])
def test_an_unusable_key_in_the_file_is_named_alike(folder: Path, key: str) -> None:
    (folder / "review.toml").write_text(f'{key} = "soon"')
    with pytest.raises(BadInput, match="The setting REVIEW_LEASE_SECONDS cannot be used"):
        load_settings()


def test_an_unknown_key_in_the_file_is_named(folder: Path) -> None:
    (folder / "review.toml").write_text('datadir = "typo"')
    with pytest.raises(BadInput, match="The setting REVIEW_DATADIR cannot be used"):
        load_settings()


@pytest.mark.parametrize("content", [b"data_dir = ", b"\xff\xfe", b"[["])
def test_an_unreadable_file_is_named(folder: Path, content: bytes) -> None:
    (folder / "review.toml").write_bytes(content)
    with pytest.raises(BadInput, match=r"^review.toml cannot be read: .* Mend the file, or move it away\.$"):
        load_settings()


def test_a_changed_file_is_read_again(folder: Path) -> None:
    for name in ("one", "other"):
        (folder / "review.toml").write_text(f'data_dir = "{name}"')
        stamp = 1_000_000_000 + len(name)
        os.utime(folder / "review.toml", (stamp, stamp))
        assert load_settings().data_dir == Path(name)
