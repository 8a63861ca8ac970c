"""Waivers for tests, written as a partner writes them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

TODAY = dt.datetime.now(dt.UTC).date()


def waiver(requirement: str = "sign-in", operation: str = "connect", **changes: Any) -> dict[str, Any]:
    """A waiver that counts today, with ``changes`` to its fields; None takes a field out."""
    raw = {
        "id": "W1",
        "requirement": requirement,
        "operation": operation,
        "reason": "The partner repairs it with release 12.",
        "asked": {"by": "Ann Lee", "organisation": "Acorn", "on": f"{TODAY - dt.timedelta(days=9)}"},
        "approved": {"by": "Bo Berg", "organisation": "Databricks", "on": f"{TODAY - dt.timedelta(days=7)}"},
        "until": f"{TODAY + dt.timedelta(days=90)}",
        **changes,
    }
    return {name: value for name, value in raw.items() if value is not None}


def written(folder: Path, *waivers: dict[str, Any], name: str = "onboarding.json") -> Path:
    """A file that holds the waivers."""
    path = folder / name
    path.write_text(json.dumps({"format": 1, "partner": "Acorn BI", "waivers": list(waivers)}), encoding="utf-8")
    return path
