"""Find and read the JSON Schemas of the API, from a wheel or from a checkout.

The wheel carries them in ``certification/schemas``; a checkout (and an editable install) keeps them at the top level,
beside the package.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

BASE_URI = "https://partner-connect-certification.example/schemas/"

OURS = frozenset(
    {
        "evidence", "manifest", "signature", "report", "verification", "comparison", "replay",
        "submission", "onboarding", "ux", "ux-result", "onboarding-status", "onboarding-plan", "completeness", "redirect-scenarios", "explanations",
        "attestations",
    }
)  # fmt: skip
"""Schemas of documents that the suite itself writes; all others are the contract's."""


@cache
def read_schema(name: str) -> dict[str, Any]:
    """Return the schema called ``name`` (``connect-request``, ``error-response``, ...) as parsed JSON.

    Raises ``FileNotFoundError`` when no schema of that name is bundled.
    """
    return cast("dict[str, Any]", json.loads(_folder().joinpath(f"{name}.json").read_text(encoding="utf-8")))


def schema_names() -> list[str]:
    """Return the names of all bundled schemas, sorted."""
    return sorted(entry.name.removesuffix(".json") for entry in _folder().iterdir() if entry.name.endswith(".json"))


@cache
def _folder() -> Any:
    packaged = files("certification").joinpath("schemas")
    if packaged.is_dir():
        return packaged
    return Path(__file__).resolve().parents[2] / "schemas"
