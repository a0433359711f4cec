"""Settings: `REVIEW_...` in the environment, or the same keys in an optional review.toml."""

from __future__ import annotations

import os
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from review.errors import BadInput

PREFIX = "REVIEW_"
TOML = "review.toml"


class Settings(BaseSettings):
    """Where the data is, which graphs there are, how patient the desk is. Times are in seconds."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    data_dir: Path = Field(default=Path("data"), description="Folder of the databases and of what graphs publish.")
    database_url: str = Field(default="", description="The ledger. Empty: ledger.sqlite in data_dir.")
    checkpoint_url: str = Field(
        default="", description="LangGraph's checkpoints. Empty: checkpoints.sqlite in data_dir."
    )
    graphs: Path = Field(default=Path("langgraph.json"), description="The registry, in LangGraph's own format.")
    examples: bool = Field(default=True, description="Whether the app puts example reviews into an empty ledger.")
    undo_seconds: float = Field(default=0, ge=0, description="How long a decision made in the app can be withdrawn.")
    claim_seconds: float = Field(default=1800, gt=0, description="How long a claim lasts.")
    lease_seconds: float = Field(default=10, ge=1, description="How long a silent process keeps a thread.")
    poll_seconds: float = Field(default=0.5, gt=0, description="How often a relay looks for work of other processes.")
    concurrency: int = Field(default=16, ge=1, description="How many threads one process runs at the same time.")
    lock_seconds: float = Field(default=10, gt=0, description="How long to wait for a locked database.")

    @property
    def ledger_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'ledger.sqlite'}"

    @property
    def checkpoints_url(self) -> str:
        return self.checkpoint_url or f"sqlite:///{self.data_dir / 'checkpoints.sqlite'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings, env_settings, _TomlSource(settings_cls))


class _TomlSource(PydanticBaseSettingsSource):
    """review.toml, whose keys may be written as in the environment or without the prefix."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        try:
            keys = tomllib.loads(Path(TOML).read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise BadInput(f"{TOML} cannot be read: {error}. Mend the file, or move it away.") from error
        return {key.lower().removeprefix(PREFIX.lower()): value for key, value in keys.items()}


def load_settings() -> Settings:
    """The settings of this process; raises `BadInput` with one sentence that names the unusable one."""
    return _load(tuple(sorted((k, v) for k, v in os.environ.items() if k.startswith(PREFIX))), _toml_stamp())


@lru_cache(maxsize=8)
def _load(_environment: tuple[tuple[str, str], ...], _toml: float) -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper()
        raise BadInput(f"The setting {name} cannot be used: {first['msg']}. Change it, or leave it out.") from error


def _toml_stamp() -> float:
    try:
        return Path(TOML).stat().st_mtime
    except OSError:
        return 0.0


def sqlite_file(url: str) -> Path:
    """The file of LangGraph's checkpoints. Raises `BadInput` for an address that names none."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise BadInput(f"The setting {PREFIX}CHECKPOINT_URL is {url!r}; write sqlite:///path/to/file.")
    return Path(parsed.database)
