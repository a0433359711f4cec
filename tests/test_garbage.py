"""Garbage is collected as Python does it, not after every rerun; what is imported, and what pages would import later,
is left out."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Spawn
from tests.support import ASK, write_graphs

# What is frozen is not among the objects that the collector tells of.
PREPARED = """
import gc, sys
import app
app.prepare()
told = {id(each) for each in gc.get_objects()}
print(gc.get_freeze_count(), *(name for name in ("pandas", "pyarrow", "altair") if id(vars(sys.modules[name])) in told))
app.desk.close()
"""
AFTER_RERUNS = "import streamlit.config; print(streamlit.config.get_option('runner.postScriptGC'))"


def test_what_the_server_and_its_pages_import_is_left_out_of_garbage_collection(spawn: Spawn, tmp_path: Path) -> None:
    registry = write_graphs(tmp_path / "graphs", ask=ASK)
    env = {"REVIEW_DATA_DIR": str(tmp_path / "data"), "REVIEW_GRAPHS": str(registry), "REVIEW_EXAMPLES": "false"}
    out, log = spawn(PREPARED, env=env).communicate(timeout=120)
    frozen, *not_frozen = out.split() or ["0"]
    assert int(frozen) > 100_000, log
    assert not not_frozen


def test_no_rerun_collects_garbage_among_what_all_sessions_hold(spawn: Spawn) -> None:
    out, log = spawn(AFTER_RERUNS).communicate(timeout=120)
    assert out.split() == ["False"], log
