"""Finished reports to look at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from report_builder import build


@pytest.fixture
def built(tmp_path: Path) -> Callable[..., tuple[Path, dict[str, Any]]]:
    """Build a report and return its folder and content."""

    def make(**how: Any) -> tuple[Path, dict[str, Any]]:
        folder = tmp_path / "report"
        return folder, build(folder, **how)

    return make
