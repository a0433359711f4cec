"""A start that cannot be: the process ends with one sentence that names what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.servers import SECONDS, Server


def ended(server: Server) -> str:
    """What the process said at its end."""
    try:
        assert server.process.wait(SECONDS) != 0
    finally:
        server.end()
    return server.log


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"REVIEW_LEASE_SECONDS": "abc"}, "The setting REVIEW_LEASE_SECONDS cannot be used"),
        ({"REVIEW_DATABASE_URL": "nonsense"}, "The ledger's address 'nonsense' is not a database URL"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, env: dict[str, str], sentence: str) -> None:
    said = ended(Server(tmp_path, env))
    assert f"Countersign cannot start. {sentence}" in said
    assert "Traceback" not in said


def test_an_unreadable_review_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "review.toml").write_text("lease_seconds = [", "utf-8")
    said = ended(Server(tmp_path, cwd=tmp_path))
    assert "Countersign cannot start. review.toml cannot be read" in said
    assert "Traceback" not in said


def test_a_registry_that_is_not_there_is_named(tmp_path: Path) -> None:
    said = ended(Server(tmp_path, {"REVIEW_GRAPHS": str(tmp_path / "nowhere.json")}))
    assert "The setting REVIEW_GRAPHS names" in said
    assert "Traceback" not in said


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = ended(Server(tmp_path, {"REVIEW_DATA_DIR": str(tmp_path / "file" / "data")}))
    assert "Countersign cannot start. The folder" in said
    assert "cannot be written" in said
    assert "Traceback" not in said


def test_a_registry_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "langgraph.json").write_text("{", "utf-8")
    said = ended(Server(tmp_path, {"REVIEW_GRAPHS": str(tmp_path / "langgraph.json")}))
    assert "Countersign cannot start. langgraph.json is not a registry of graphs" in said
    assert "Traceback" not in said
