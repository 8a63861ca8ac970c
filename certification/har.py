from __future__ import annotations

from pathlib import Path


def write_har(folder: Path, target: Path) -> None:
    """Stub."""
