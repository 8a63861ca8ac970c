"""Placeholder until the report page is written."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any


def render(report: dict[str, Any], folder: Path) -> str:
    """Return the part of the page that is ours."""
    return f"<h2>{escape(report['headline'])}</h2>"
