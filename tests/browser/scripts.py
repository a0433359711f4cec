"""A page of a test's own behind a server that can be killed and started again at the same address."""

from __future__ import annotations

import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.servers import SECONDS, clean_environment, free_port
from tests.support import ROOT, wait_for

expect.set_options(timeout=SECONDS * 1000)


class Script:
    """`streamlit run` of one script under the desk's own theme; it finds its data folder in REVIEW_DATA_DIR."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path, self.data, self._log = path, folder / "data", folder / "script.log"
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Script:
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", str(self.path), "--server.port", str(self.port)],
                cwd=ROOT,
                env=clean_environment() | {"REVIEW_DATA_DIR": str(self.data)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        wait_for(self._is_up, "the server", SECONDS)
        return self

    def kill(self) -> None:
        """As by a power cut: nothing is written, nobody is told."""
        if self.process:
            self.process.kill()
            self.process.wait(SECONDS)

    end = kill

    def _is_up(self) -> bool:
        assert self.process and self.process.poll() is None, self._log.read_text("utf-8", "replace")
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
