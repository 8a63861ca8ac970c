"""API versions: which exist, and which fields came with which."""

from __future__ import annotations

from functools import cache
from typing import Any

from certification.contract.schema_files import read_schema

KNOWN_VERSIONS = ("2.0.0", "2.0.1", "2.0.2", "2.0.3", "2.0.4", "2.0.5", "2.1.0", "2.1.1", "2.2.0", "2.2.1")
"""Every published version.  2.1.1 and 2.2.1 are document revisions that brought no new field."""

NEWEST = KNOWN_VERSIONS[-1]

Version = tuple[int, int, int]


def parse_version(text: str) -> Version:
    """Return ``"2.0.4"`` as ``(2, 0, 4)``; raises ``ValueError`` for anything that is not major.minor.patch."""
    major, minor, patch = (int(part) for part in text.split("."))
    return major, minor, patch


def at_least(version: str, since: str) -> bool:
    """Return whether a partner that implements ``version`` has what came with ``since``."""
    return parse_version(version) >= parse_version(since)


@cache
def field_versions(schema: str) -> dict[str, str]:
    """Return the fields of ``schema`` that arrived after the first version, each with the version that brought it."""
    properties: dict[str, dict[str, Any]] = read_schema(schema)["properties"]
    return {name: rule["x-since"] for name, rule in properties.items() if "x-since" in rule}


def only_known_fields(schema: str, version: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return ``body`` without the fields of ``schema`` that are newer than ``version``."""
    newer = {name for name, since in field_versions(schema).items() if not at_least(version, since)}
    return {name: value for name, value in body.items() if name not in newer}
