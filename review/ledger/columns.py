"""The types of the ledger's columns: how times, texts and JSON are stored so that they come back as they were."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, String, Text, TypeDecorator
from sqlalchemy.engine import Dialect

Json = JSON(none_as_null=True)


class Utc(TypeDecorator[datetime]):
    """An aware time, stored in UTC without a zone so that every database sorts it the same."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Words(TypeDecorator[str]):
    """Text as people and programs leave it: half a character, which no database can store, is written out."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else value.encode("utf-8", "backslashreplace").decode()


class Prose(Words):
    """Words of any length."""

    impl = Text
    cache_ok = True
