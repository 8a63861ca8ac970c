"""API versions: which exist, and what is asked of a partner that implements one.

A version decides what is asked of the partner, never what is sent (ruling 16).  The table of versions stands in the
schema of the partner config, so that an editor knows it too; which field came with which version stands beside the field
(``x-since`` and ``x-required-since``, see ``schemas/vocabulary.json``).
"""

from __future__ import annotations

import re
from typing import Any

from certification.contract.fields import FIRST_VERSION, fields
from certification.contract.schema_files import read_schema

KNOWN_VERSIONS: tuple[str, ...] = tuple(read_schema("partner-config")["properties"]["api_version"]["enum"])
"""Every published version.  2.2.1 is a document revision that brought no new field."""

NEWEST = KNOWN_VERSIONS[-1]

Version = tuple[int, int, int]

_VERSION = re.compile(r"(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})")


def parse_version(text: str) -> Version:
    """Return ``"2.0.4"`` as ``(2, 0, 4)``; raises ``ValueError`` for anything that is not major.minor.patch."""
    match = _VERSION.fullmatch(text)
    if match is None:
        message = "a version is written major.minor.patch"
        raise ValueError(message)
    major, minor, patch = (int(part) for part in match.groups())
    return major, minor, patch


def at_least(version: str, since: str) -> bool:
    """Return whether a partner that implements ``version`` has what came with ``since``."""
    return parse_version(version) >= parse_version(since)


def field_versions(schema: str) -> dict[str, str]:
    """Return the fields of ``schema`` that arrived after the first version, each with the version that brought it."""
    return {field.name: field.since for field in fields(schema).values() if field.since != FIRST_VERSION}


def required_fields(schema: str, version: str) -> tuple[str, ...]:
    """Return the fields that the model ``schema`` requires in ``version``."""
    every = fields(schema).values()
    return tuple(field.name for field in every if field.required and at_least(version, field.required_since))


def effective(document: dict[str, Any], version: str) -> dict[str, Any]:
    """Return the schema ``document`` as it is for ``version``: fields that came later, or are required later, may be missing.

    A field that is there is held to its rule whatever the version: there is one Databricks, and it reads the field.
    """
    return {key: _effective(key, value, document, version) for key, value in document.items()}


def _effective(key: str, value: Any, owner: dict[str, Any], version: str) -> Any:
    if key == "required" and isinstance(value, list):
        rules = owner.get("properties", {})
        return [name for name in value if at_least(version, _required_since(rules.get(name, {})))]
    if key in {"properties", "$defs"}:
        return {name: effective(rule, version) for name, rule in value.items()}
    if key == "items" and isinstance(value, dict):
        return effective(value, version)
    return value


def _required_since(rule: Any) -> str:
    return str(rule.get("x-required-since", rule.get("x-since", FIRST_VERSION)))
