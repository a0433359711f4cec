"""The doctor: reads a project's Python files, never runs them, and names what goes wrong around interrupts."""

from review.doctor.examine import Report, examine
from review.doctor.findings import Finding

__all__ = ["Finding", "Report", "examine"]
