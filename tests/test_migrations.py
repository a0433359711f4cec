"""The migrations build the tables that the ledger expects, once, whoever comes first."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from review.errors import StorageFailed
from review.ledger import Ledger, database
from review.ledger.tables import metadata
from tests.conftest import Spawn
from tests.support import outcome_of

MIGRATIONS = Path(database.__file__).with_name("migrations")


def test_head_is_the_newest_script() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == database.HEAD


def test_the_migrations_build_the_tables(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    Ledger(url).close()
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_migrations_build_what_create_all_builds(tmp_path: Path) -> None:
    """Column by column and index by index, conditions included, which the comparison above leaves out."""
    Ledger(f"sqlite:///{tmp_path / 'migrated.sqlite'}").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'created.sqlite'}")
    metadata.create_all(engine)
    engine.dispose()
    assert _shape(tmp_path / "migrated.sqlite") == _shape(tmp_path / "created.sqlite")


def _shape(path: Path) -> dict[str, object]:
    connection = sqlite3.connect(path)
    named = dict(connection.execute("SELECT name, type FROM sqlite_master WHERE name NOT LIKE '%alembic%'"))
    shape: dict[str, object] = {}
    for name, type_ in named.items():
        if type_ == "table":
            shape[name] = [
                sorted(row[1:] for row in connection.execute(f"PRAGMA table_info({name})")),
                sorted(row[2:] for row in connection.execute(f"PRAGMA foreign_key_list({name})")),
            ]
        else:
            told = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()[0]
            columns = [row[2] for row in connection.execute(f"PRAGMA index_info({name})")]
            shape[name] = [columns, "UNIQUE" in str(told), str(told).partition("WHERE")[2].strip()]
    connection.close()
    return shape


def test_two_processes_may_open_a_fresh_ledger_at_once(spawn: Spawn, tmp_path: Path) -> None:
    code = (
        "import sys; from review.ledger import Ledger; print('ready', flush=True); sys.stdin.readline();"
        "ledger = Ledger(sys.argv[1]); print(len(ledger.threads.page()), ledger.threads.claim_first_start())"
    )
    url = f"sqlite:///{tmp_path / 'new' / 'ledger.sqlite'}"
    processes = [spawn(code, url) for _ in range(3)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert sorted(outcome_of(process) for process in processes) == ["0 False\n", "0 False\n", "0 True\n"]


def test_an_existing_ledger_is_opened_as_it_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    Ledger(url).close()
    before = _shape(tmp_path / "ledger.sqlite")
    Ledger(url).close()
    assert _shape(tmp_path / "ledger.sqlite") == before


def test_a_ledger_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StorageFailed, match=r"was made by a newer version of Countersign\. Update this program"):
        Ledger(f"sqlite:///{path}")
    assert "threads" in _shape(path)
