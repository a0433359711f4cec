"""What tables and charts import when they are first drawn, for the server to import before anybody waits for it."""

from __future__ import annotations

from importlib import import_module

HEAVY = ("pandas", "pyarrow", "altair")


def import_heavy() -> None:
    for name in HEAVY:
        import_module(name)
