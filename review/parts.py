"""What a desk is made of, put together on first use: LangGraph takes seconds to import, and most commands only read
the ledger."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from review.actions import LEDGER_KEY, OWNER_KEY
from review.contract import DATA_DIR_KEY
from review.engine.base import Engine
from review.heartbeat import WRITE_WAITS
from review.insights import Counting
from review.ledger import Ledger
from review.manifest import read_manifest
from review.owners import Owner
from review.policy import check_graphs, of_no_graph
from review.relay import Relay
from review.settings import Settings, sqlite_file

if TYPE_CHECKING:
    from review.discovery import Discovery
    from review.ops.retention import Retention
    from review.registry import Registry

log = logging.getLogger("review.desk")

# Read by LangGraph when it is first imported, which nothing of ours does before a desk is there. Not set for the
# whole package: a graph that imports the contract, and a script with a saver of its own, keep what they have.
if "langgraph" not in sys.modules:
    os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")


class Parts:
    """The settings, the ledger and the process's name at once; registry, engine and relay when they are asked for."""

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        owner: Owner,
        *,
        registry: Registry | None = None,
        engine: Engine | None = None,
    ) -> None:
        self.settings = settings
        self.ledger = ledger
        self._owner = owner
        self._registry = registry
        self._engine = engine
        self._relay: Relay | None = None
        self._discovery: Discovery | None = None
        self._retention: Retention | None = None
        self.counting = Counting(ledger.audit)
        self._making = threading.RLock()

    def check(self) -> None:
        """Raises `BadInput` where the settings name a registry or checkpoints that cannot be used; imports nothing."""
        removed = self.removed_graphs()
        check_graphs(self.settings.policy, self._listed(), removed)
        for name in removed:
            log.warning("policy.%s in review.toml is of a graph that was removed; its reviews are kept", name)
        sqlite_file(self.settings.checkpoints_url)

    def removed_graphs(self) -> list[str]:
        """The graphs with a policy of their own and threads in the ledger that are not registered any more."""
        missing = of_no_graph(self.settings.policy, self._listed())
        return [name for name in missing if self.ledger.threads.any_of(name)]

    def _listed(self) -> Mapping[str, object]:
        return read_manifest(self.settings.graphs.resolve()).places

    @property
    def serving(self) -> bool:
        """Whether the relay runs."""
        return self._relay is not None and self._relay.running

    @property
    def name(self) -> str:
        """This process as a holder of leases."""
        return self._owner.name

    def dead(self, owners: Iterable[str]) -> set[str]:
        """Those holders of leases that certainly live no more."""
        return set(self._owner.dead(owners))

    @property
    def relay_age(self) -> float | None:
        """Seconds since this process's relay last looked for work; None before it first did."""
        return None if self._relay is None else self._relay.age

    @property
    def registry(self) -> Registry:
        with self._making:
            if self._registry is None:
                from review.registry import Registry

                self._registry = Registry(self.settings.graphs)
            return self._registry

    @property
    def engine(self) -> Engine:
        with self._making:
            if self._engine is None:
                from review.engine.local import LocalEngine

                lent = {LEDGER_KEY: self.ledger, OWNER_KEY: self._owner, DATA_DIR_KEY: str(self.settings.data_dir)}
                self._engine = LocalEngine(
                    self.registry,
                    self.settings.checkpoints_url,
                    lent=lent,
                    lock_seconds=min(self.settings.lock_seconds, self.settings.lease_seconds * WRITE_WAITS),
                )
            return self._engine

    @property
    def relay(self) -> Relay:
        with self._making:
            if self._relay is None:
                self._relay = Relay(self.ledger, self.engine, self.settings, self._owner, self._look)
            return self._relay

    @property
    def discovery(self) -> Discovery:
        with self._making:
            if self._discovery is None:
                from review.discovery import Discovery

                self._discovery = Discovery(self.ledger, self.engine, self.registry, self.settings)
            return self._discovery

    @property
    def retention(self) -> Retention:
        with self._making:
            if self._retention is None:
                from review.ops.retention import Retention

                self._retention = Retention(self.ledger, self.engine, self.settings, self._owner.name)
            return self._retention

    def _look(self) -> None:
        self.retention.look()
        self.discovery.look()

    def drain(self) -> None:
        """Begin to close: the relay takes on nothing more, and its runs stop at their next step's boundary."""
        if self._relay is not None:
            self._relay.drain()

    def close(self, *, ledger: bool = True) -> None:
        """Stop the relay, give up every connection; of the ledger's, unless it is another's to close. The desk cannot
        be used again."""
        if self._relay is not None:
            self._relay.stop()
        if self._engine is not None:
            self._engine.close()
        if self._registry is not None:
            self._registry.close()
        self._owner.close(unsettled=self._relay is not None and self._relay.busy)
        if ledger:
            self.ledger.close()

    def _wake(self, thread_id: str) -> None:
        if self._relay is not None:
            self._relay.wake(thread_id)
