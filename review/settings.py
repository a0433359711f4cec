"""Settings: `REVIEW_...` in the environment, or the same keys in an optional review.toml."""

from __future__ import annotations

import json
import os
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from review.errors import BadInput
from review.policy import Policy, check_consent, policy_of

PREFIX = "REVIEW_"
TOML = "review.toml"
TABLES = ("policy", "groups")


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
    undo_seconds: float = Field(default=5, ge=0, description="How long a decision made in the app can be withdrawn.")
    claim_seconds: float = Field(default=1800, gt=0, description="How long a claim lasts.")
    browser_seconds: float = Field(
        default=60, gt=0, description="How long a silent browser counts as open; its claims end then."
    )
    lease_seconds: float = Field(default=10, ge=1, description="How long a silent process keeps a thread.")
    max_tries: int = Field(default=5, ge=1, description="How often a run that ends with its process is tried again.")
    backoff_seconds: float = Field(default=1, ge=0, description="How long the second such try waits; each next, twice.")
    poll_seconds: float = Field(default=0.5, gt=0, description="How often a relay looks for work of other processes.")
    concurrency: int = Field(default=16, ge=1, description="How many threads one process runs at the same time.")
    lock_seconds: float = Field(default=10, gt=0, description="How long to wait for a locked database.")
    health_seconds: float = Field(default=60, gt=0, description="A relay silent for longer fails the health check.")
    retention_days: float = Field(default=0, ge=0, description="Age at which a finished thread is pruned; 0: never.")
    log_format: Literal["text", "json"] = Field(default="text", description="How the log is written.")
    policy: dict[str, Policy] = Field(default={}, description='Policies by graph; "*" is every graph\'s.')
    groups: dict[str, list[str]] = Field(default={}, description="Groups of reviewers, by their names.")

    @field_validator("policy")
    @classmethod
    def _consent(cls, given: dict[str, Policy]) -> dict[str, Policy]:
        check_consent(given)
        return given

    def policy_of(self, graph: str) -> Policy:
        """What holds for the graph: its own policy, and what that leaves open as every graph has it."""
        return policy_of(self.policy, graph)

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
    return _load(tuple(map(os.environ.get, _NAMES)), _toml_stamp())


# Asked for by a page dozens of times, so only what can say something is looked at.
_NAMES = [PREFIX + name.upper() for name in Settings.model_fields]


@lru_cache(maxsize=8)
def _load(_environment: tuple[str | None, ...], _toml: float) -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        raise BadInput(_told(error.errors()[0])) from error
    except SettingsError as error:  # a table in the environment that is no JSON
        names = " and ".join(PREFIX + name.upper() for name in TABLES)
        raise BadInput(f"A setting cannot be read: {error}. Of {names} the environment takes JSON.") from error


def _told(error: ErrorDetails) -> str:
    """What pydantic found wrong with one setting, in a sentence."""
    place = [str(part) for part in error["loc"]]
    why = error["msg"].removeprefix("Value error, ")
    if place[0] not in TABLES:
        return f"The setting {PREFIX}{place[0].upper()} cannot be used: {why}. Change it, or leave it out."
    if error["type"] == "extra_forbidden":
        why = "there is no such key"
    key = ".".join(f'"{part}"' if "." in part or part == "*" else part for part in place)
    given = "" if isinstance(error["input"], dict) else f" = {json.dumps(error['input'], default=str)}"
    way_out = "Change it, or leave it out; docs/policy.md has an example."
    return f"In {TOML}, {key}{given:.200} cannot be used: {why}. {way_out}"


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
