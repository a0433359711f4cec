"""Where the pages are: absolute, since Streamlit takes paths as relative to the script that serves them."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "components" / "assets"

QUEUE = ROOT / "pages" / "queue.py"
REVIEW = ROOT / "pages" / "review.py"
START = ROOT / "pages" / "start.py"
THREADS = ROOT / "pages" / "threads.py"
HISTORY = ROOT / "pages" / "history.py"
INSIGHTS = ROOT / "pages" / "insights.py"
DOCTOR = ROOT / "pages" / "doctor.py"
