"""Where the pages are: absolute, since Streamlit takes paths as relative to the script that serves them."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "components" / "assets"
# In the page itself: a file of its own is gone once a rerun does not name it, and the browser asks for it after that.
ICON = "data:image/png;base64," + b64encode((ASSETS / "icon.png").read_bytes()).decode("ascii")

QUEUE = ROOT / "pages" / "queue.py"
REVIEW = ROOT / "pages" / "review.py"
START = ROOT / "pages" / "start.py"
THREADS = ROOT / "pages" / "threads.py"
HISTORY = ROOT / "pages" / "history.py"
INSIGHTS = ROOT / "pages" / "insights.py"
DOCTOR = ROOT / "pages" / "doctor.py"
